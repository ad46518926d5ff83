// Runs in the browser: the same calls as the plugin makes, one recording after another, nothing cached.
import type { BackgroundEmbeddings } from '../../src/detection/background-calibration.js';
import { detect } from '../../src/detection/detect.js';
import { probability } from '../../src/detection/calibration.js';
import { frameSeconds } from '../../src/detection/frame-grid.js';
import { createEmbeddingEngine } from '../../src/engine/create-engine.js';
import type { EmbeddingEngine } from '../../src/engine/embedding-engine.js';
import type { ModelDescriptor } from '../../src/engine/model-descriptor.js';
import { openAudio } from '../../src/plugin/audio-source.js';
import { backgroundOf } from '../../src/tasks/background.js';
import type { TimeSpan } from '../../src/evaluation/time-span.js';
import { labelEvidence, rankLabels, type LabelEvidence } from '../../src/tasks/classification.js';
import { PromptScorer } from '../../src/tasks/prompt-scorer.js';
import { embedPrompt } from '../../src/tasks/prompt-template.js';
import type { EvaluationPage, Outcome, PageSetup, RecordingResult } from './page-contract.js';

interface LoadedEngine {
  readonly engine: EmbeddingEngine;
  readonly descriptor: ModelDescriptor;
  /** What prompts are calibrated by; null: by the model itself. */
  readonly background: BackgroundEmbeddings | null;
  readonly setup: PageSetup;
}

let loaded: LoadedEngine | null = null;

async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

const seconds = () => performance.now() / 1000;

async function trackOf(engine: EmbeddingEngine, audio: Blob | AudioBuffer, { assetBase }: PageSetup) {
  const { source, duration } = await openAudio(audio, { assetBase: new URL(assetBase) });
  try {
    const { track } = await engine.analyse(source);
    return { track, duration };
  } finally {
    source.close();
  }
}

const evaluation: EvaluationPage = {
  load: (setup) =>
    outcomeOf(async () => {
      const engine = createEmbeddingEngine({
        assetBase: new URL(setup.assetBase),
        model: setup.modelUrl === null ? 'pocket' : new URL(setup.modelUrl),
      });
      const descriptor = await engine.load();
      // Workers start with their first work; what is timed comes after that.
      await trackOf(engine, new AudioBuffer({ length: 48000, sampleRate: 48000 }), setup);
      const background = setup.noBias || !descriptor.calibrated ? await backgroundOf(engine) : null;
      loaded = { engine, descriptor, background, setup };
      const { choice } = engine;
      if (choice === null) throw new Error('the engine has loaded a model but chosen no backend');
      const { backend, reason, workers } = choice;
      return { model: `${descriptor.name} ${descriptor.revision}`, backend, reason, workers };
    }),
  listen: (url, events, withProbabilities) =>
    outcomeOf(async () => {
      if (loaded === null) throw new Error('load() comes first');
      return listen(loaded, url, events, withProbabilities);
    }),
};

async function listen(
  { engine, descriptor, background, setup }: LoadedEngine,
  url: string,
  events: readonly TimeSpan[],
  withProbabilities: boolean,
): Promise<RecordingResult> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const file = await response.blob();
  const start = seconds();
  const { track, duration } = await trackOf(engine, file, setup);
  const analysisSeconds = seconds() - start;
  const detections: Record<string, RecordingResult['detections'][string]> = {};
  const scoringSeconds: Record<string, number> = {};
  const probabilities: Record<string, number[]> = {};
  const evidence: LabelEvidence[][] = events.map(() => []);
  const heard = { track, model: descriptor, background };
  for (const label of setup.labels) {
    const labelStart = seconds();
    const text = await embedPrompt(engine, label, setup.template === null ? {} : { template: setup.template });
    const scorer = new PromptScorer(track, text, descriptor, background);
    scorer.update();
    const { boxes, presence } = detect(scorer.evidence);
    scoringSeconds[label] = seconds() - labelStart;
    detections[label] = { boxes, presence };
    for (const [i, event] of events.entries()) evidence[i]!.push(labelEvidence(heard, text, [event]));
    if (withProbabilities) probabilities[label] = Array.from(scorer.evidence.frameLogits, probability);
  }
  return {
    duration,
    analysisSeconds,
    scoringSeconds,
    detections,
    identified: evidence.map((one) => rankLabels(setup.labels, one, true).map(({ label }) => label)),
    probabilities: withProbabilities ? { frameSeconds: frameSeconds(track.grid), values: probabilities } : null,
  };
}

window.evaluation = evaluation;
