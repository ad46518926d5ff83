import type { Samples } from '../dsp/units.js';

/** What a model says of itself. */
export interface ModelDescriptor {
  /** What the model gives for what it hears: an embedding for each of its frames, or one for the window as a whole. */
  readonly kind: 'frames' | 'windows';
  readonly id: string;
  /** Shown to the user. */
  readonly name: string;
  readonly revision: string;
  /** SPDX expression. */
  readonly licence: string;
  readonly files: readonly ModelFile[];
  /** Sum of the bytes that the chosen files need. */
  readonly bytes: number;
  /** Sample rate the model hears, Hz. */
  readonly sampleRate: number;
  /** Samples from one mel frame to the next; a recording of *n* samples has 1 + ⌊n/melHop⌋ mel frames. */
  readonly melHop: number;
  /** D. */
  readonly dimension: number;
  /** Mel frames that one embedding frame stands for; may be a fraction. */
  readonly melFramesPerFrame: number;
  /** Longest window in model frames. */
  readonly windowFrames: number;
  /** Shortest input in mel frames; shorter clips are padded with silence. */
  readonly minMelFrames: number;
  /** Set where a window is always exactly this long, at the model's rate: shorter clips are repeated to fill it. */
  readonly clipSamples?: Samples;
  readonly logitScale: number;
  /** Whether the text encoder gives a bias of its own, so that sigmoid(scale·cos + bias) is a probability. */
  readonly calibrated: boolean;
}

/** Samples at the model's rate from one embedding frame to the next. */
export function frameHop({
  melHop,
  melFramesPerFrame,
}: Pick<ModelDescriptor, 'melHop' | 'melFramesPerFrame'>): Samples {
  return melHop * melFramesPerFrame;
}

export interface ModelFile {
  /** Path inside the model folder. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}
