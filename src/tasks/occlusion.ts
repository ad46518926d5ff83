import type { EmbeddingEngine, TextEmbedding } from '../engine/embedding-engine.js';
import type { PcmSource } from '../engine/pcm-source.js';
import type { OcclusionJudge } from '../engine/separate-events.js';
import { PromptScorer } from './prompt-scorer.js';

export interface OccludedPrompts {
  readonly target: TextEmbedding;
  /** What the target is to be told apart from. */
  readonly contrasts: readonly TextEmbedding[];
}

/**
 * Without contrast prompts a component is the target's unless the logit gains more than this by its absence: among the
 * components of one sound, many do not matter to a small model, or seem to disturb it a little.
 */
const BENEFIT_OF_DOUBT = 1;

/**
 * Judges the components of an event by occlusion: by how much the logit of the target falls when one of them is
 * missing, less what those of the contrast prompts fall by (their mean), so that a component goes to whom it matters
 * more. The engine hears each variant as it hears any recording.
 */
export function occlusionJudge(engine: EmbeddingEngine, { target, contrasts }: OccludedPrompts): OcclusionJudge {
  return async ({ sampleRate, whole, without, event }, signal) => {
    const model = await engine.load(signal);
    const times = { start: event.start / sampleRate, end: event.end / sampleRate };
    const heard = async (samples: Float32Array<ArrayBuffer>): Promise<number> => {
      const { track } = await engine.analyse(monoSource(samples, sampleRate), { signal, keep: false });
      const logitOf = (text: TextEmbedding): number => {
        const scorer = new PromptScorer(track, text, model);
        scorer.update();
        const { frameLogits, grid } = scorer.evidence;
        const first = Math.floor((times.start * grid.sampleRate) / grid.hop);
        const end = Math.max(first + 1, Math.ceil((times.end * grid.sampleRate) / grid.hop));
        return mean(frameLogits.subarray(first, end));
      };
      return logitOf(target) - (contrasts.length > 0 ? mean(contrasts.map(logitOf)) : 0);
    };
    const [all, ...occluded] = await Promise.all([whole, ...without].map(heard));
    const doubt = contrasts.length > 0 ? 0 : BENEFIT_OF_DOUBT;
    return occluded.map((score) => all - score + doubt);
  };
}

function monoSource(samples: Float32Array<ArrayBuffer>, sampleRate: number): PcmSource {
  return {
    sampleRate,
    channelCount: 1,
    length: samples.length,
    digest: () => Promise.reject(new Error('What is heard only once has no name in the cache.')),
    read: async (start, count) => [samples.slice(start, start + count)],
    close() {},
  };
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
