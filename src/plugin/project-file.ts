import { EarmarkError } from '../engine/errors.js';
import { JsonFormatError, type JsonValue } from '../formats/json-reader.js';
import { parseProject, type Project } from '../formats/project-json.js';
import type { OpenedAudio } from './audio-source.js';
import type { EarmarkState } from './state.js';

/** Larger files hold no project; reading one takes some five times its size of memory. */
const MAX_PROJECT_BYTES = 256 * 2 ** 20;

/** The project of a recording, ready to be written. */
export function projectOf<D>(
  recording: OpenedAudio,
  digest: string | null,
  { channel, model: { descriptor } }: Pick<EarmarkState, 'channel' | 'model'>,
  document: D,
): Project<D> {
  const { name, duration, sampleRate, channelCount } = recording;
  const model = descriptor && { id: descriptor.id, revision: descriptor.revision };
  return { source: { name, duration, sampleRate, channelCount, digest }, channel, model, document };
}

/**
 * @throws EarmarkError `bad-project`
 */
export async function readProject(file: Blob): Promise<Project<JsonValue>> {
  const name = file instanceof File ? `“${file.name}”` : 'This file';
  try {
    if (file.size > MAX_PROJECT_BYTES) throw new JsonFormatError(`it has ${Math.round(file.size / 2 ** 20)} MiB`);
    return parseProject(await file.text());
  } catch (error) {
    throw badProject(error, name);
  }
}

/** What to tell of a project that cannot be read. */
export function badProject(error: unknown, name: string): EarmarkError {
  if (error instanceof EarmarkError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new EarmarkError(
    'bad-project',
    `${name} cannot be read as an Earmark project: ${reason}. It was left as it is, and nothing here has changed.`,
    { cause: error },
  );
}
