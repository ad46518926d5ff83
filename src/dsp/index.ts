export { RealFft } from './fft.js';
export { frameLevels, type LevelGrid } from './frame-level.js';
export { parseFrontEndConfig, type FrontEndConfig } from './front-end-config.js';
export { LogMel } from './log-mel.js';
export {
  gainAt,
  gainEnvelope,
  type GainEnvelope,
  type GainPoint,
  type MaskMode,
  type MaskShape,
} from './gain-envelope.js';
export {
  hertzToMel,
  melFilterbank,
  melToHertz,
  type MelBand,
  type MelFilterbankOptions,
  type MelScale,
} from './mel-filterbank.js';
export { mixdown } from './mixdown.js';
export { PowerSpectrogram, type PowerSpectrogramOptions } from './power-spectrogram.js';
export { Resampler } from './resample.js';
export type { SampleRange, SpanPosition } from './span-position.js';
export type * from './units.js';
