/** What the CLAP page offers to the suite, as `window.clapBench`. Times in seconds. */
export interface ClapBenchPage {
  /** Opens the model folder; resolves with the least cosine between the engine's short windows and the naive loop's. */
  prepare(folder: string): Promise<number>;
  /** An analysis, with the time at which the curve covered everything. */
  analyse(seconds: number, fine: boolean): Promise<ClapAnalysis>;
  /** One inference for every `hop` seconds of a recording, as one would write it. */
  analyseNaively(seconds: number, hop: number): Promise<number>;
  /** As {@link ClapAnalysis.longestGaps}, while two threads only count, for so long. */
  gapsOfBusyMachine(duration: number): Promise<number[]>;
  /** From the text to the boxes, of a recording that has been analysed, the median of several. */
  secondPrompt(): Promise<number>;
}

export interface ClapAnalysis {
  readonly elapsed: number;
  /** Inferences. */
  readonly windows: number;
  readonly firstCurve: number;
  /** The longest time for which the page could not have answered a click, of every three seconds; ms. */
  readonly longestGaps: readonly number[];
}

declare global {
  interface Window {
    clapBench: ClapBenchPage;
  }
}
