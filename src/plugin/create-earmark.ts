import type { Earmark } from './earmark-api.js';
import { EarmarkCore } from './earmark-core.js';
import { type AudioOpener, checkParts, type EarmarkOptions, type EngineFactory } from './options.js';

/** The engine and the decoder are loaded with the first recording or prompt: a page that never searches pays nothing. */
const createEngine: EngineFactory = async (settings) =>
  (await import('./default-engine.js')).createDefaultEngine(settings);

const openAudio: AudioOpener = async (input, options) => (await import('./audio-source.js')).openAudio(input, options);

/**
 * Sets up Earmark, on a host's timeline or on none.
 *
 * ```ts
 * const earmark = createEarmark({ host: mediaElementHost(audio) });
 * const hits = await earmark.find('dog bark');
 * ```
 *
 * @throws EarmarkError `bad-option`, which names the option and its range
 */
export function createEarmark(options: EarmarkOptions = {}): Earmark {
  checkParts(options);
  const isEditor = Boolean(options.host);
  const { autosave = isEditor, rememberModel = isEditor && !options.createEngine } = options;
  return new EarmarkCore(
    { ...options, autosave, rememberModel },
    {
      createEngine: options.createEngine ?? createEngine,
      openAudio: options.openAudio ?? openAudio,
    },
  );
}
