import type { Measurements } from '../measurement.js';

export interface TimedAnalysis {
  /** Seconds of audio a second. */
  readonly realTime: number;
  /** The longest time for which the page could not have answered a click, of every three seconds. */
  readonly longestGaps: readonly number[];
}

/** What the page offers to the suite, as `window.bench`; served from the root of the repository. Times in milliseconds. */
export interface BenchPage {
  /** The front end by itself. */
  logMel(): Promise<Measurements>;
  /** Loads the model and makes the 10-minute recording; resolves with the backend in words. */
  prepare(): Promise<string>;
  /** From the encoded 10-minute recording to the boxes of a prompt. */
  analyse(): Promise<TimedAnalysis>;
  /** The same for the first minute of it, as one would write it without Earmark. */
  analyseNaively(): Promise<TimedAnalysis>;
  /** The least cosine between a frame of the engine and the same frame of the naive loop, over a minute. */
  compareNaive(): Promise<number>;
  /** A prompt never asked before on an hour that has been analysed; the median of several. */
  newPromptOnHour(): Promise<{ frameCount: number; elapsed: number; boxCount: number }>;
  /** The same while as many threads as an analysis has only count, for so long. */
  gapsOfBusyMachine(duration: number): Promise<number[]>;
  /** From the abort in the middle of an analysis to its rejection, the longest of several. */
  cancel(): Promise<number>;
}

declare global {
  interface Window {
    bench: BenchPage;
  }
}
