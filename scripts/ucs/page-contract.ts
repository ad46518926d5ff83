/** How the suggestions are made that are measured. */
export type Method = 'cosine' | 'words' | 'both';

/** What the page offers to the tool that drives it, as `window.ucs`. */
export interface UcsPage {
  /** The first five CatIDs for each label. */
  suggest(assetBase: string, labels: readonly string[], method: Method): Promise<string[][]>;
  /** Milliseconds of the first suggestion with the model loaded, and of the second. */
  time(assetBase: string): Promise<{ first: number; second: number }>;
}

declare global {
  interface Window {
    ucs: UcsPage;
  }
}
