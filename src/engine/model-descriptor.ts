/** What a model folder says of itself. */
export interface ModelDescriptor {
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
  /** Mel frames that one embedding frame stands for. */
  readonly melFramesPerFrame: number;
  /** Longest window in model frames. */
  readonly windowFrames: number;
  /** Shortest input in mel frames; shorter clips are padded with silence. */
  readonly minMelFrames: number;
  readonly logitScale: number;
  /** Whether the text encoder gives a bias of its own, so that sigmoid(scale·cos + bias) is a probability. */
  readonly calibrated: boolean;
}

export interface ModelFile {
  /** Path inside the model folder. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}
