import type { Measurements } from '../measurement.js';

/** What the page offers to the suite, as `window.bench`; served from the root of the repository. Times in milliseconds. */
export interface BenchPage {
  /** The front end by itself. */
  logMel(): Promise<Measurements>;
  /** Loads the model and makes the 10-minute recording; resolves with the backend in words. */
  prepare(): Promise<string>;
  /** From the encoded 10-minute recording to the boxes of a prompt. */
  analyse(): Promise<{ audioSeconds: number; elapsed: number; longestGap: number }>;
  /** The same for the first part of it, as one would write it without Earmark. */
  analyseNaively(): Promise<{ audioSeconds: number; elapsed: number; longestGap: number; leastCosine: number }>;
  /** A prompt never asked before on an hour that has been analysed; the median of several. */
  newPromptOnHour(): Promise<{ frameCount: number; elapsed: number; boxCount: number }>;
  /** From the abort in the middle of an analysis to its rejection, the longest of several. */
  cancel(): Promise<number>;
}

declare global {
  interface Window {
    bench: BenchPage;
  }
}
