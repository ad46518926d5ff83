import type { Hertz, Seconds } from '../dsp/units.js';
import {
  field,
  JsonFormatError,
  type JsonValue,
  nullable,
  number,
  object,
  parseJson,
  text,
  wholeNumber,
} from './json-reader.js';

/** What project files are called. */
export const PROJECT_EXTENSION = '.earmark.json';

/** The recording that a project belongs to. */
export interface ProjectSource {
  /** File name, or what the host called it. */
  readonly name: string;
  readonly duration: Seconds;
  readonly sampleRate: Hertz;
  readonly channelCount: number;
  /** Digest of all of the audio, as `PcmSource.digest` gives it: 64 hex digits; null where it could not be read. */
  readonly digest: string | null;
}

/** The model that the hits were found with. */
export interface ProjectModel {
  readonly id: string;
  readonly revision: string;
}

/** A project: what was made, of which recording, with which model. */
export interface Project<Document> {
  readonly source: ProjectSource;
  /** The channel that is heard by itself, from 0; null: the mean of all. */
  readonly channel: number | null;
  readonly model: ProjectModel | null;
  readonly document: Document;
}

/** A step from one version of the format to the next. */
export type Migration = (file: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** `MIGRATIONS[n]` leads from version n + 1 to n + 2. */
const MIGRATIONS: readonly Migration[] = [(file) => ({ ...file, channel: null })];

const FORMAT = 'earmark-project';
const DIGEST = /^[0-9a-f]{64}$/;

const readSource = object<ProjectSource>({
  name: text(1000),
  duration: number(0, Number.MAX_SAFE_INTEGER),
  sampleRate: number(1, 1e7),
  channelCount: wholeNumber(1, 1024),
  digest: nullable((json) => {
    if (typeof json.value === 'string' && DIGEST.test(json.value)) return json.value;
    throw new JsonFormatError(`${json.path} has to be 64 hex digits`);
  }),
});

const readModel = nullable(object<ProjectModel>({ id: text(1000), revision: text(1000) }));

/**
 * The text of a project file. Numbers that JSON has not are written as null; what reads the document gives it back its
 * meaning.
 */
export function formatProject({ source, channel, model, document }: Project<object>): string {
  const file = { format: FORMAT, version: MIGRATIONS.length + 1, source, channel, model, document };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/**
 * Reads a project file of this version or an earlier one. The document is left to whoever knows its fields.
 *
 * @param migrations as {@link Migration} by version; default: those of the format
 * @throws JsonFormatError for anything that is no project file, and for versions to come: what they know would be lost
 */
export function parseProject(content: string, migrations = MIGRATIONS): Project<JsonValue> {
  const file = migrate(parseJson(content.replace(/^\uFEFF/, '')), migrations);
  const source = readSource(field(file, 'source'));
  const readChannel = nullable(wholeNumber(0, source.channelCount - 1));
  return {
    source,
    channel: readChannel(field(file, 'channel')),
    model: readModel(field(file, 'model')),
    document: field(file, 'document'),
  };
}

function migrate(file: JsonValue, migrations: readonly Migration[]): JsonValue {
  if (field(file, 'format').value !== FORMAT) throw new JsonFormatError('it was not saved by Earmark');
  const latest = migrations.length + 1;
  const version = wholeNumber(1, Number.MAX_SAFE_INTEGER)(field(file, 'version'));
  if (version > latest) {
    throw new JsonFormatError(`it was saved by a newer Earmark (version ${version}; this one reads up to ${latest})`);
  }
  const steps = migrations.slice(version - 1);
  const value = steps.reduce((current, step) => step(current), file.value as Readonly<Record<string, unknown>>);
  return { value, path: '' };
}
