import type { AnalyseSpan } from './protocol.js';
import type { AnalysisWindow } from './window-plan.js';

/** What a model hears of one window, and how loud it is. */
export interface WindowFeatures {
  /** Log-mel, `[melFrames × bands]` row-major, dB. Overwritten by the next window. */
  readonly mel: Float32Array;
  /** Levels of the window's kept frames in dBFS, in equal parts of a frame. */
  readonly levels: Float32Array<ArrayBuffer>;
}

/** The front end of span after span. */
export interface SpanFeatures {
  /** Takes another span. */
  open(span: AnalyseSpan): void;
  /** Moves on to a window that begins behind the last one's beginning. */
  advance(window: AnalysisWindow): WindowFeatures;
}
