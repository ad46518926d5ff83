// `npm run evaluate`: how well the product finds known events. The real engine runs in the real browser on any folder.
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { reportDetections, type DetectedRecording } from '../src/evaluation/detection-report.js';
import { ensureBrowser, QUIET_FLAGS } from './browser.js';
import { buildPackage, buildPage } from './build-page.js';
import { ArgumentError, readArguments, USAGE, type EvaluateArguments } from './evaluate-page/arguments.js';
import type {
  DetectionsByFile,
  FrameProbabilities,
  Outcome,
  PageReady,
  RecordingResult,
} from './evaluate-page/page-contract.js';
import { printReport } from './evaluate-page/print-report.js';
import { startStaticServer } from './static-server.js';

const PAGE_FOLDER = 'build/evaluate';

function valueOf<T>(outcome: Outcome<T>, what: string): T {
  if ('failure' in outcome) throw new Error(`${what}: ${outcome.failure}`);
  return outcome.value;
}

interface Heard {
  readonly ready: PageReady;
  readonly results: ReadonlyMap<string, RecordingResult>;
}

async function listenToAll(page: Page, origin: string, options: EvaluateArguments): Promise<Heard> {
  const { truth } = options;
  await page.goto(`${origin}/`);
  await page.waitForFunction(() => 'evaluation' in window);
  const setup = {
    assetBase: `${origin}/earmark/`,
    modelUrl: options.modelFolder === null ? null : `${origin}/model/`,
    labels: truth.labels,
    noBias: options.noBias,
    template: options.template,
  };
  const loaded = await page.evaluate((given) => window.evaluation.load(given), setup);
  // The user knows the folder, not the address that it has for the page.
  const known = (text: string) => text.replaceAll(setup.modelUrl ?? setup.assetBase, options.modelFolder ?? '');
  const ready = valueOf('failure' in loaded ? { failure: known(loaded.failure) } : loaded, 'the model');
  const results = new Map<string, RecordingResult>();
  for (const [index, filename] of truth.filenames.entries()) {
    const url = `${origin}/audio/${filename.split(/[/\\]/).map(encodeURIComponent).join('/')}`;
    const events = truth.events.filter((event) => event.filename === filename);
    const outcome = await page.evaluate(([from, told, all]) => window.evaluation.listen(from, told, all), [
      url,
      events,
      options.probabilitiesFile !== null,
    ] as const);
    const result = valueOf(outcome, filename);
    results.set(filename, result);
    const speed = (result.duration / result.analysisSeconds).toFixed(0);
    console.error(
      `  ${index + 1}/${truth.filenames.length}  ${filename}  ${result.duration.toFixed(1)} s at ${speed} × real time`,
    );
  }
  return { ready, results };
}

async function runInBrowser(options: EvaluateArguments): Promise<Heard> {
  const mounts = {
    '/audio/': options.audioFolder,
    ...(options.modelFolder === null ? {} : { '/model/': options.modelFolder }),
  };
  const server = await startStaticServer(PAGE_FOLDER, { mounts });
  try {
    const browser = await chromium.launch({ executablePath: ensureBrowser(), args: QUIET_FLAGS });
    try {
      const page = await browser.newPage();
      return await listenToAll(page, server.origin, options);
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

function toDetectedRecordings(
  { truth }: EvaluateArguments,
  results: ReadonlyMap<string, RecordingResult>,
): DetectedRecording[] {
  return [...results].map(([filename, { duration, detections }]) => {
    const events = truth.events.filter((event) => event.filename === filename);
    return {
      duration,
      reference: new Map(truth.labels.map((label) => [label, events.filter((event) => event.label === label)])),
      detections: new Map(Object.entries(detections)),
    };
  });
}

/** Whether the label of an event of known place is told: the first of all labels of the table, or among the first three. */
function reportIdentification({ truth }: EvaluateArguments, results: ReadonlyMap<string, RecordingResult>) {
  const ranks = [...results].flatMap(([filename, { identified }]) =>
    truth.events.filter((event) => event.filename === filename).map(({ label }, i) => identified[i]!.indexOf(label)),
  );
  const among = (count: number) => ranks.filter((rank) => rank < count).length / ranks.length;
  return { events: ranks.length, top1: among(1), top3: among(3) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function noteUnlistedFiles({ audioFolder, truth }: EvaluateArguments): void {
  const listed = new Set(truth.filenames.map((name) => path.resolve(audioFolder, name)));
  const audio = /\.(wav|flac|mp3|ogg|opus|m4a|aac|mp4|webm|mov|mkv)$/i;
  const unlisted = readdirSync(audioFolder).filter(
    (name) => audio.test(name) && !listed.has(path.resolve(audioFolder, name)),
  );
  if (unlisted.length > 0) {
    console.error(
      `Left out, since the truth says nothing about them: ${unlisted.slice(0, 3).join(', ')}${unlisted.length > 3 ? ` and ${unlisted.length - 3} more` : ''}. A row with the file name alone says that there are no events.`,
    );
  }
}

async function evaluate(options: EvaluateArguments): Promise<void> {
  noteUnlistedFiles(options);
  await Promise.all([buildPage('scripts/evaluate-page/page.ts', PAGE_FOLDER), buildPackage(PAGE_FOLDER)]);
  const { ready, results } = await runInBrowser(options);
  const { labels } = options.truth;
  const recordings = toDetectedRecordings(options, results);
  const detections = reportDetections(recordings, labels);
  const heard = [...results.values()];
  const audioSeconds = sum(heard.map(({ duration }) => duration));
  const analysisSeconds = sum(heard.map((result) => result.analysisSeconds));
  const scoringSeconds = (label: string) => sum(heard.map((result) => result.scoringSeconds[label] ?? 0));
  const report = {
    ...detections,
    identification: reportIdentification(options, results),
    // Seconds of audio a second, from the encoded files to the boxes of all prompts; loading the model is not in it.
    realTimeFactor: audioSeconds / (analysisSeconds + sum(labels.map(scoringSeconds))),
    prompts: Object.fromEntries(
      Object.entries(detections.prompts).map(([label, prompt]) => [
        label,
        // What one more prompt costs, once the recordings have been analysed.
        { ...prompt, realTimeFactor: audioSeconds / scoringSeconds(label) },
      ]),
    ),
    recordings: results.size,
    audioSeconds,
    ...ready,
  };
  console.log(
    `\n${results.size} recordings, ${(audioSeconds / 60).toFixed(1)} min, ${labels.length} prompts asked of each; ` +
      `${ready.model} on ${ready.backend} (${ready.workers} workers), ${report.realTimeFactor.toFixed(0)} × real time\n`,
  );
  printReport(report);
  const { events, top1, top3 } = report.identification;
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  console.log(
    `\nLabel of an event of known place: right for ${percent(top1)} of ${events}, among the first three for ${percent(top3)}`,
  );
  if (options.jsonFile !== null) writeFileSync(options.jsonFile, `${JSON.stringify(report, null, 1)}\n`);
  if (options.probabilitiesFile !== null) {
    const byFile: Record<string, FrameProbabilities | null> = {};
    for (const [filename, { probabilities }] of results) byFile[filename] = probabilities;
    writeFileSync(options.probabilitiesFile, JSON.stringify(byFile));
  }
  if (options.detectionsFile !== null) {
    const byFile: DetectionsByFile = {};
    for (const [filename, { duration, detections }] of results) byFile[filename] = { duration, detections };
    writeFileSync(options.detectionsFile, JSON.stringify(byFile));
  }
}

try {
  await evaluate(readArguments(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd()));
} catch (error) {
  if (error instanceof ArgumentError) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
  } else {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
