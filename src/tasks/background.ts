import type { BackgroundEmbeddings } from '../detection/background-calibration.js';
import {
  BACKGROUND_RATE,
  BACKGROUND_SOUND_COUNT,
  BACKGROUND_SOUND_LENGTH,
  backgroundSound,
} from '../dsp/background-sounds.js';
import type { AnalysisProgress, EmbeddingEngine } from '../engine/embedding-engine.js';
import type { PcmSource } from '../engine/pcm-source.js';

/** Names the sounds in the cache; raised when they change. */
const SOUNDS_DIGEST = 'background sounds 1';

/** What engines have made of the background in this visit. */
const heard = new WeakMap<EmbeddingEngine, BackgroundEmbeddings>();

export interface BackgroundOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: AnalysisProgress) => void;
}

/**
 * What the engine's model makes of background sounds, to calibrate prompts by. The engine hears them as it hears any
 * recording, and keeps them in its cache like one: they are made and analysed once a model.
 *
 * @throws whatever `EmbeddingEngine.analyse` throws
 */
export async function backgroundOf(
  engine: EmbeddingEngine,
  options: BackgroundOptions = {},
): Promise<BackgroundEmbeddings> {
  const known = heard.get(engine);
  if (known) return known;
  const { track } = await engine.analyse(backgroundSource(), options);
  const { frames, clips } = track;
  const background = { frames, clips };
  heard.set(engine, background);
  return background;
}

/** The background sounds one after another. A sound is made when it is read, so that no read holds the page for long. */
export function backgroundSource(): PcmSource {
  const length = BACKGROUND_SOUND_COUNT * BACKGROUND_SOUND_LENGTH;
  return {
    sampleRate: BACKGROUND_RATE,
    channelCount: 1,
    length,
    digest: () => Promise.resolve(SOUNDS_DIGEST),
    async read(start, count, signal) {
      const end = Math.min(length, start + count);
      const samples = new Float32Array(Math.max(0, end - start));
      for (let position = start; position < end;) {
        const index = Math.floor(position / BACKGROUND_SOUND_LENGTH);
        const within = position - index * BACKGROUND_SOUND_LENGTH;
        const part = backgroundSound(index).subarray(within, within + end - position);
        samples.set(part, position - start);
        position += part.length;
        // A task of its own for each, in which the page can answer.
        await new Promise((resolve) => setTimeout(resolve));
        signal?.throwIfAborted();
      }
      return [samples];
    },
    close() {},
  };
}
