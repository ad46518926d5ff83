/**
 * Which stretches of the log-mel the model hears at once, and which of their frames are kept. The plan is anchored at
 * sample 0 and depends on the length of the recording alone, so the order of computing changes nothing.
 */
export interface WindowPlan {
  /** Model frames in the recording. */
  readonly frameCount: number;
  /** Mel frames of the recording that one model frame stands for. */
  readonly melFramesPerFrame: number;
  readonly windows: readonly AnalysisWindow[];
}

/** One window; all positions are counted in model frames from the start of the recording. */
export interface AnalysisWindow {
  readonly index: number;
  /** First model frame that the model hears. */
  readonly start: number;
  /** Model frames that it hears. */
  readonly length: number;
  /** The frames `[keepStart, keepEnd)` are kept from this window; over all windows they tile the recording. */
  readonly keepStart: number;
  readonly keepEnd: number;
}
