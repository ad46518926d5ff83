export type { FrameGrid } from '../detection/frame-grid.js';
export { frameSeconds, frameToSeconds, secondsToFrame } from '../detection/frame-grid.js';
export type { Presence } from '../detection/detection.js';
export type { ScoreCurve } from '../detection/score-curve.js';
export type { SoundEventBox } from '../detection/sound-event-box.js';
export type { AnalysisProgress, Backend, BackendChoice, UnderstoodClass } from '../engine/embedding-engine.js';
export { EarmarkError, isAbortError, type EarmarkErrorCode } from '../engine/errors.js';
export type { ModelDescriptor, ModelFile } from '../engine/model-descriptor.js';
export type { PcmSource } from '../engine/pcm-source.js';
export { openAudio, type AudioInput, type OpenAudioOptions, type OpenedAudio } from './audio-source.js';
export type { Classification, ClassifyOptions, LabelScore, Stretch } from './classification.js';
export { createEarmark } from './create-earmark.js';
export type { Earmark, EarmarkEvents, EarmarkStore, FindOptions, OpenOptions } from './earmark-api.js';
export { mediaElementHost } from './host/media-element.js';
export type {
  GainTarget,
  HostCapability,
  HostEvents,
  HostRegion,
  HostSource,
  TimelineHost,
} from './host/timeline-host.js';
export { identityMap, type TimelineClip, type TimelineMap } from './host/timeline-map.js';
export type { DrawnStretch, GainEnvelope, GainPoint, Mask, MaskMode, MaskOptions, MaskShape } from './mask.js';
export type {
  FolderFile,
  HubModel,
  HubModelReference,
  KeptModelState,
  ModelDownloadState,
  ModelFacts,
  ModelOfferState,
  ModelOrigin,
  ModelReference,
  ModelsState,
} from './models-state.js';
export type { BackendPreference, EarmarkOptions, EngineFactory, EngineSettings } from './options.js';
export { PALETTE } from './palette.js';
export type { KeptProjectState, PendingProject, ProjectState } from './project-state.js';
export type { OpenProjectOptions } from './projects.js';
export type { Prompt, PromptPolarity } from './prompt.js';
export type { Region, RegionOrigin, RegionStatus } from './region.js';
export type {
  SeparatedFiles,
  SeparateOptions,
  SeparationMethod,
  SeparationPart,
  SeparationState,
} from './separation.js';
export type { RenderDepth, RenderOptions, RenderSettings, RenderWhat } from './render.js';
export type { EarmarkRequest } from './requests.js';
export {
  classSpans,
  type Split,
  type SplitClass,
  type SplitClassInit,
  type SplitClassState,
  type SplitMode,
  type SplitOptions,
  type SplitPreset,
  type SplitSegment,
  type SplitState,
} from './split.js';
export type {
  AnalysisState,
  EarmarkState,
  HistoryState,
  ModelState,
  Notice,
  PromptState,
  SourceState,
} from './state.js';
export type { SuggestUcsOptions, UcsEntry, UcsSuggestion } from './ucs.js';
