import { formatTime } from './time-format.js';

/** Chooses the plural form of the language and puts the number in place of `#`. */
export function plural(locale: string, forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }) {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (count: number) => (forms[rules.select(count)] ?? forms.other).replace('#', numbers.format(count));
}

/** The name of an edit in the middle of a phrase. */
const lowerFirst = (edit: string) => edit.charAt(0).toLowerCase() + edit.slice(1);

const hits = plural('en', { one: '# hit', other: '# hits' });
const weakCandidates = plural('en', { one: '# weak candidate', other: '# weak candidates' });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });
const megabytes = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

const english = {
  // search
  searchLabel: 'Sounds to find',
  searchPlaceholder: 'What do you want to hear?',
  searchMore: 'Add another sound',
  try: 'Try',
  defaultSuggestions: ['footsteps', 'door slam', 'someone laughing', 'church bell'] as readonly string[],
  butNot: (text: string) => `but not ${text}`,
  chipHint: 'Click: select its hits. Double-click or F2: edit. Delete: remove.',
  editPrompt: (text: string) => `Edit ${text}`,
  removePrompt: (text: string) => `Remove ${text}`,
  prompts: 'Prompts',
  // timeline
  timeline: 'Timeline',
  recording: 'Recording',
  visibleRange: (start: number, end: number, decimals: number) =>
    `${formatTime(start, decimals)} to ${formatTime(end, decimals)}`,
  sourceFacts: (duration: number, sampleRate: number, channels: number) =>
    `${formatTime(duration, 0)} · ${megabytes.format(sampleRate / 1000)} kHz ${['mono', 'stereo'][channels - 1] ?? `${channels} channels`}`,
  nothingOpen: 'Open a recording to search in it',
  nothingOpenHint: (privacy: string) => `Then type what you want to hear. ${privacy}.`,
  noPrompts: 'Type a sound above, such as “dog bark”, and press Enter',
  noPromptsHint: 'A curve shows where it can be heard; what stands out becomes a hit.',
  // lanes
  sensitivity: (text: string) => `Sensitivity for ${text}`,
  sensitivityValue: (value: number, count: number) => `${value.toFixed(2)}, ${hits(count)}`,
  hits,
  encoding: 'reading the prompt…',
  notFound: ['not found', ' in this recording'] as readonly [short: string, more: string],
  noneAtSensitivity: 'none at this sensitivity',
  understoodAs: (labels: readonly string[]) => `read as ${labels.join(', ')}`,
  understoodLittle: (labels: readonly string[]) =>
    labels.length > 0 ? `little known: perhaps ${labels.join(', ')}` : 'unknown to the model',
  understoodLittleHint: 'The model knows everyday sounds by their English names. Try a simpler word.',
  understoodShare: (label: string, share: number) => `${label} ${percent.format(share)}`,
  contrastNote: 'lowers the others where it fits better',
  weakCandidates,
  laneSummary: (text: string, count: number, first: readonly number[]) =>
    count === 0
      ? `Score curve of ${text}: no hits`
      : `Score curve of ${text}: ${hits(count)}, at ${first.map((time) => formatTime(time, 1)).join(', ')}${count > first.length ? ' and later' : ''}`,
  contrastSummary: (text: string) => `Score curve of the contrast prompt ${text}`,
  // transport
  transport: 'Playback and hits',
  play: 'Play',
  pause: 'Pause',
  previousHit: 'Previous hit',
  nextHit: 'Next hit',
  hit: 'hit',
  loop: 'Loop the hit',
  position: (index: number, count: number) => `${index} of ${count}`,
  positionKeys: 'Enter plays, A accepts, X rejects',
  undo: (edit: string | null) => (edit === null ? 'Nothing to undo' : `Undo ${lowerFirst(edit)}`),
  redo: (edit: string | null) => (edit === null ? 'Nothing to redo' : `Redo ${lowerFirst(edit)}`),
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  keyboardHelp: 'Keyboard',
  hitList: 'Hits',
  // analysis
  opening: 'Opening the recording…',
  stage: {
    hashing: 'Reading the recording',
    cache: 'Looking for an earlier analysis',
    'loading-model': 'Loading the model',
    analysing: 'Listening',
    storing: 'Keeping the analysis',
  },
  percent: (fraction: number) => percent.format(fraction),
  timeLeft: (seconds: number) =>
    seconds < 1.5
      ? 'a second left'
      : seconds < 90
        ? `${Math.round(seconds)} s left`
        : `${Math.round(seconds / 60)} min left`,
  cancel: 'Cancel',
  continuedAt: (fraction: number) => `Continued at ${percent.format(fraction)}`,
  cancelled: (fraction: number) => `Stopped at ${percent.format(fraction)}`,
  resume: 'Continue',
  failed: 'The analysis failed',
  loadingFailed: 'The model could not be loaded',
  openingFailed: 'The recording could not be opened',
  failedOffline: 'You are offline',
  retry: 'Try again',
  usePocket: 'Use Pocket',
  getMissing: 'Get it…',
  // footer
  analysed: (duration: number, elapsed: number, from = 0) =>
    `Analysed ${formatTime(duration, 0)} in ${elapsed < 10 ? elapsed.toFixed(1) : Math.round(elapsed)} s${from > 0 ? ` from ${percent.format(from)} on` : ''} (${Math.round((duration * (1 - from)) / Math.max(elapsed, 1e-3))} × real time)`,
  analysedBefore: (duration: number) => `${formatTime(duration, 0)} analysed on an earlier visit, kept on this device`,
  kept: ', kept on this device',
  privacy: (sentTo?: string) => (sentTo ? `Audio features are sent to ${sentTo}` : 'Audio never leaves this page'),
  offline: 'Offline: this recording still works',
  model: 'Model',
  pocket: 'Pocket',
  modelLoading: 'loading…',
  modelFailed: 'not loaded',
  bytes: (bytes: number) => `${megabytes.format(bytes / 1e6)} MB`,
  backends: { webgpu: 'WebGPU', wasm: 'WASM', remote: 'Remote' },
  backendTitle: 'What runs the model',
  // notices
  dismiss: 'Dismiss',
  // announcements
  analysisDone: 'Analysis done.',
  hitsFor: (count: number, text: string) => `${hits(count)} for ${text}`,
  notFoundFor: (text: string) => `${text}: not found in this recording`,
  undone: (edit: string) => `Undone: ${edit}`,
  redone: (edit: string) => `Redone: ${edit}`,
};

/** All texts of the elements. */
export type Strings = typeof english;

/** The texts in use. */
export let strings: Strings = english;

/**
 * Replaces texts, for a translation or other words. Call it before the elements render; what is not given stays
 * English. The texts of a tool are given under its name, e.g. `{ mask: { attack: 'Anstieg' } }`.
 */
export function setStrings(translation: Partial<Strings> & { readonly [tool: string]: unknown }): void {
  strings = { ...english, ...translation };
}

/** The texts of a tool, whose code is loaded later; whatever was translated of them takes the place of the English. */
export function translatable<T extends object>(tool: string, texts: T): T {
  return { ...texts, ...((strings as { readonly [tool: string]: unknown })[tool] as Partial<T>) };
}
