/** What the page of the 4-hour recording offers the suite. */
export interface FourHoursPage {
  /** Analyses the file that was chosen, asked for one prompt. Times in seconds. */
  analyse(): Promise<{ readonly seconds: number; readonly elapsed: number; readonly isKept: boolean }>;
  /** 0…1 of the analysis. */
  progress(): number;
}

declare global {
  interface Window {
    fourHours: FourHoursPage;
  }
}
