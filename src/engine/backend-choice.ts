import type { Backend, BackendChoice } from './embedding-engine.js';
import type { AudioGraph, GraphDtype } from './model-source.js';
import type { SelfTestResult } from './protocol.js';

/**
 * Least cosine between the two backends' embeddings of the same window by the same file. Half precision differs in the
 * fourth digit from backend to backend (docs/clap.md).
 */
const LEAST_AGREEMENT: Readonly<Record<GraphDtype, number>> = { fp32: 0.9999, fp16: 0.999, q8: 0.99 };
/** Windows that each backend is timed on. */
const TIMED_RUNS = 3;
/** The user waits for this long at most, once a browser, and a second more for each of these bytes of the graph. */
const TEST_CAP_MS = 4000;
const BYTES_A_SECOND = 8e6;

/** Where small settings are remembered; `localStorage` fits. */
export interface Preferences {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** What is tried; real workers in the engine, fakes in tests. */
export interface BackendTrial {
  /** The GPU that the browser offers: a real one, one imitated by the CPU, or none. */
  adapter(): Promise<'hardware' | 'software' | null>;
  /**
   * Starts a backend and has it encode the self-test's window, `timedRuns` times for the clock. Both use the GPU's graph,
   * or the difference would be that of the files.
   */
  test(backend: Backend, timedRuns: number): Promise<SelfTestResult>;
}

export interface ChooseBackendOptions {
  readonly wanted: 'auto' | Backend;
  /** Workers that would share the work on the CPU. */
  readonly wasmWorkers: number;
  /** The graph that the GPU would run; null where the model has none for it. */
  readonly graph: TriedGraph | null;
  /** Whether this is an iPhone or iPad, whose browsers lose WebGPU after some hundred runs. */
  readonly isIos: boolean;
  readonly trial: BackendTrial;
  readonly preferences: Preferences | null;
  /** Name under which the outcome is remembered; it says which model was tried. */
  readonly key: string;
  /** The browser and its version; another one is tried anew. */
  readonly browser: string;
  /** Resolves after that many milliseconds. */
  readonly delay: (milliseconds: number) => Promise<void>;
}

type TriedGraph = Pick<AudioGraph, 'dtype' | 'bytes'>;
/** A choice of what this machine has. */
type LocalChoice = BackendChoice & { readonly backend: Backend };
type Outcome = Omit<LocalChoice, 'workers'>;

/**
 * Chooses what runs the model: the faster of CPU and GPU, provided that the GPU gives the same embeddings. The outcome is
 * remembered for this model and browser.
 */
export async function chooseBackend(options: ChooseBackendOptions): Promise<LocalChoice> {
  const outcome = await decide(options);
  return { ...outcome, workers: outcome.backend === 'webgpu' ? 1 : options.wasmWorkers };
}

async function decide(options: ChooseBackendOptions): Promise<Outcome> {
  const { wanted, trial, graph } = options;
  if (wanted === 'wasm') return onCpu('The CPU (WASM) was asked for');
  const forced = wanted === 'webgpu';
  if (graph === null)
    return { ...onCpu('There is no file of the model for WebGPU, so the CPU (WASM) is used'), fellBack: forced };
  const adapter = await trial.adapter().catch(() => null);
  if (adapter === null)
    return { ...onCpu('This browser offers no WebGPU, so the CPU (WASM) is used'), fellBack: forced };
  if (forced) return tryGpu(options, graph, true);
  if (options.isIos) return onCpu('On iPhone and iPad WebGPU does not hold for long, so the CPU (WASM) is used');
  if (adapter === 'software') return onCpu('WebGPU would run on the CPU here, so WASM is used, which is faster');
  const remembered = recall(options);
  if (remembered !== null) return remembered;
  return tryGpuInTime(options, graph);
}

function onCpu(reason: string): Outcome {
  return { backend: 'wasm', reason, fellBack: false };
}

/** A trial that took too long is not remembered: the next visit may have a faster network, or the files already. */
async function tryGpuInTime(options: ChooseBackendOptions, graph: TriedGraph): Promise<Outcome> {
  const cap = TEST_CAP_MS + 1000 * Math.floor(graph.bytes / BYTES_A_SECOND);
  const late = options.delay(cap).then(() => null);
  const outcome = await Promise.race([tryGpu(options, graph, false), late]);
  if (outcome === null)
    return {
      ...onCpu(`WebGPU was not ready within ${cap / 1000} s, so the CPU (WASM) is used`),
      fellBack: true,
    };
  remember(options, outcome);
  return outcome;
}

async function tryGpu(
  { trial, wasmWorkers }: ChooseBackendOptions,
  { dtype }: TriedGraph,
  forced: boolean,
): Promise<Outcome> {
  const timedRuns = forced ? 0 : TIMED_RUNS;
  const cpu = await trial.test('wasm', timedRuns);
  let gpu: SelfTestResult;
  try {
    gpu = await trial.test('webgpu', timedRuns);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...onCpu(`WebGPU could not be used (${message}), so the CPU (WASM) is`), fellBack: true };
  }
  // Written so that NaN disagrees.
  if (!(leastCosine(cpu, gpu) >= LEAST_AGREEMENT[dtype]))
    return {
      ...onCpu('WebGPU gave wrong results on this device, or could not be checked, so the CPU (WASM) is used'),
      fellBack: true,
    };
  if (cpu.milliseconds === null || gpu.milliseconds === null)
    return { backend: 'webgpu', reason: 'WebGPU was asked for and agrees with WASM', fellBack: false };
  const ratio = cpu.milliseconds / wasmWorkers / gpu.milliseconds;
  return ratio > 1
    ? { backend: 'webgpu', reason: `WebGPU agreed with WASM and was ${ratio.toFixed(1)} × faster`, fellBack: false }
    : onCpu(`The CPU (WASM) was ${(1 / ratio).toFixed(1)} × faster than WebGPU`);
}

/** The least cosine between corresponding rows. */
function leastCosine(a: SelfTestResult, b: SelfTestResult): number {
  const { dimension } = a;
  if (a.frames.length !== b.frames.length || a.frames.length === 0) return Number.NaN;
  let least = 1;
  for (let row = 0; row < a.frames.length; row += dimension) {
    let [product, squaresA, squaresB] = [0, 0, 0];
    for (let i = row; i < row + dimension; i += 1) {
      product += a.frames[i] * b.frames[i];
      squaresA += a.frames[i] ** 2;
      squaresB += b.frames[i] ** 2;
    }
    least = Math.min(least, product / Math.sqrt(squaresA * squaresB));
  }
  return least;
}

function recall({ preferences, key, browser }: ChooseBackendOptions): Outcome | null {
  try {
    const found = JSON.parse(preferences?.getItem(key) ?? 'null') as (Outcome & { browser: string }) | null;
    if (found?.browser !== browser) return null;
    const { backend, reason, fellBack } = found;
    return { backend, reason, fellBack };
  } catch {
    // Something else wrote there, or reading is denied: it is tried anew.
    return null;
  }
}

function remember({ preferences, key, browser }: ChooseBackendOptions, outcome: Outcome): void {
  try {
    preferences?.setItem(key, JSON.stringify({ browser, ...outcome }));
  } catch {
    // Denied or full: it will be tried again next time.
  }
}

/** Forgets an outcome that has proved wrong. */
export function forgetChoice(preferences: Preferences | null, key: string): void {
  try {
    preferences?.removeItem(key);
  } catch {
    // Denied: nothing was remembered.
  }
}
