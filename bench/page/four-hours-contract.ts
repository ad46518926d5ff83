/** Times in seconds. */
export interface FourHoursResult {
  readonly seconds: number;
  readonly elapsed: number;
  /** Whether the embeddings are on the device. */
  readonly isKept: boolean;
}

/** What the page of the 4-hour recording offers the suite. */
export interface FourHoursPage {
  /** Analyses the file that was chosen, asked for one prompt. */
  analyse(): Promise<FourHoursResult>;
}

declare global {
  interface Window {
    fourHours: FourHoursPage;
  }
}
