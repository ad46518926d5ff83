// Runs in the browser: mixes, has the product find and separate the target, and measures what came of it.
import { detect } from '../../src/detection/detect.js';
import { selectHits } from '../../src/detection/sensitivity.js';
import type { SampleRange } from '../../src/dsp/span-position.js';
import { createEmbeddingEngine } from '../../src/engine/create-engine.js';
import type { EmbeddingEngine, TextEmbedding } from '../../src/engine/embedding-engine.js';
import type { PcmSource } from '../../src/engine/pcm-source.js';
import {
  EVENT_PADDING_SECONDS,
  eventSpans,
  separateEvents,
  type SeparationMethod,
} from '../../src/engine/separate-events.js';
import { openAudio } from '../../src/plugin/audio-source.js';
import { sampleSource } from '../../src/plugin/audio/sample-source.js';
import { occlusionJudge, type OccludedPrompts } from '../../src/tasks/occlusion.js';
import { PromptScorer } from '../../src/tasks/prompt-scorer.js';
import { makeCoincidentMix, makeMix, SAMPLE_RATE } from './make-mix.js';
import { CHOICES, STEPS, type Choice, type SeparationPage, type Step } from './page-contract.js';
import { siSdr } from './si-sdr.js';

const ASSET_BASE = new URL('/dist/', location.href);

const engine: EmbeddingEngine = createEmbeddingEngine({ assetBase: ASSET_BASE, model: 'pocket', backend: 'wasm' });
const clips = new Map<string, Float32Array>();

const METHODS: Readonly<Record<Step, SeparationMethod>> = {
  gate: 'gate',
  band: 'band',
  nmf: 'nmf',
  'nmf-occlusion': 'nmf',
};

function sourceOf(samples: Float32Array<ArrayBuffer>): PcmSource {
  const buffer = new AudioBuffer({ length: samples.length, sampleRate: SAMPLE_RATE });
  buffer.copyToChannel(samples, 0);
  return sampleSource(buffer);
}

/** @param judging what the judge listens for; null for none */
async function separated(
  source: PcmSource,
  spans: readonly SampleRange[],
  method: SeparationMethod,
  judging: OccludedPrompts | null,
) {
  const { signal } = new AbortController();
  const judge = judging && occlusionJudge(engine, judging);
  const target = new Float32Array(source.length);
  for await (const { start, channels } of separateEvents(source, spans, { method, judge, signal })) {
    channels[0].forEach((sample, i) => (target[start + i] += sample));
  }
  return target;
}

async function findEvents(source: PcmSource, text: TextEmbedding) {
  const descriptor = await engine.load();
  const { track } = await engine.analyse(source);
  const scorer = new PromptScorer(track, text, descriptor);
  scorer.update();
  return selectHits(detect(scorer.evidence)).hits;
}

const page: SeparationPage = {
  async load(names) {
    await engine.load();
    for (const name of names) {
      const response = await fetch(`/clips/${name}.flac`);
      if (!response.ok) throw new Error(`${name}: the server answered ${response.status}`);
      const { source } = await openAudio(await response.blob(), { assetBase: ASSET_BASE });
      const [samples] = await source.read(0, source.length);
      source.close();
      clips.set(name, samples);
    }
  },

  async measure(plan) {
    const { samples, target, events } = makeMix(plan, clips);
    const source = sourceOf(samples);
    const text = await engine.embedText(plan.prompt);
    const mixSiSdr = siSdr(target, samples);
    const improvements = async (spans: readonly SampleRange[]) => {
      const gained: Partial<Record<Step, number>> = {};
      for (const step of STEPS) {
        const judging = step === 'nmf-occlusion' ? { target: text, contrasts: [] } : null;
        gained[step] = siSdr(target, await separated(source, spans, METHODS[step], judging)) - mixSiSdr;
      }
      return gained as Record<Step, number>;
    };
    const hits = await findEvents(source, text);
    const found = eventSpans(hits, source, EVENT_PADDING_SECONDS);
    const active = totalLength(events);
    const common = totalLength(
      events.flatMap((event) =>
        found.map(({ start, end }) => ({ start: Math.max(start, event.start), end: Math.min(end, event.end) })),
      ),
    );
    return {
      name: plan.name,
      activeFraction: active / samples.length,
      mixSiSdr,
      foundEvents: hits.length,
      foundRecall: common / active,
      foundPrecision: found.length > 0 ? common / totalLength(found) : 0,
      oracle: await improvements(events),
      found: found.length > 0 ? await improvements(found) : null,
    };
  },

  async measureCoincident(plan) {
    const { samples, target, events } = makeCoincidentMix(plan, clips);
    const source = sourceOf(samples);
    const [text, contrast] = await Promise.all([engine.embedText(plan.prompt), engine.embedText(plan.contrast)]);
    const judging: Readonly<Record<Choice, OccludedPrompts | null>> = {
      nmf: null,
      'nmf-occlusion': { target: text, contrasts: [] },
      'nmf-contrast': { target: text, contrasts: [contrast] },
    };
    const gained: Partial<Record<Choice, number>> = {};
    for (const choice of CHOICES) {
      const estimate = await separated(source, events, 'nmf', judging[choice]);
      gained[choice] = siSdr(target, estimate) - siSdr(target, samples);
    }
    return { name: `${plan.prompt}, with ${plan.contrast}`, gained: gained as Record<Choice, number> };
  },
};

function totalLength(ranges: readonly SampleRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + Math.max(0, end - start), 0);
}

window.separation = page;
