export interface RenderedHour {
  /** Milliseconds from the encoded file to the rendered one. */
  readonly elapsed: number;
  readonly bytes: number;
}

declare global {
  interface Window {
    /** What the page offers. */
    renderHour: () => Promise<RenderedHour>;
  }
}
