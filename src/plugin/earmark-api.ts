import type { AudioInput } from './audio-source.js';
import type { Classification, ClassifyOptions } from './classification.js';
import type { TimelineHost } from './host/timeline-host.js';
import type { MaskOptions } from './mask.js';
import type { OpenProjectOptions } from './projects.js';
import type { PromptPolarity } from './prompt.js';
import type { Region } from './region.js';
import type { RenderOptions } from './render.js';
import type { EarmarkRequest } from './requests.js';
import type { SeparatedFiles, SeparateOptions } from './separation.js';
import type { SplitOptions, SplitSegment } from './split.js';
import type { EarmarkState } from './state.js';
import type { SuggestUcsOptions, UcsSuggestion } from './ucs.js';

/** Requests in, frozen state out: all that a view may see of Earmark. */
export interface EarmarkStore {
  getState(): EarmarkState;
  /** Called after every change, at most once a microtask; returns the unsubscription. */
  subscribe(listener: (state: EarmarkState) => void): () => void;
  /** Asks for a change; what is impossible ends up as a notice in the state, never as an exception. */
  dispatch(request: EarmarkRequest): void;
  /**
   * Tells which entries of the Universal Category System fit a label, best first; needs the model, but no recording.
   * Those that say how a sound was made (ARCHIVED, FOLEY, DESIGNED) are never among them.
   *
   * ```ts
   * const [{ catId }] = await earmark.suggestUcs('dog bark');
   * ```
   *
   * @throws EarmarkError `bad-option`, `prompt-too-long`, or why the model cannot be used
   * @throws DOMException `AbortError`
   */
  suggestUcs(label: string, options?: SuggestUcsOptions): Promise<UcsSuggestion[]>;
  /**
   * Tells which of several labels fits a recording best, or a part of it (zero-shot classification); waits for the
   * analysis. No audio inference is run again.
   *
   * ```ts
   * const { labels } = await earmark.classify({ labels: ['jazz', 'techno', 'opera'] });
   * ```
   *
   * @throws EarmarkError `bad-option` for values that cannot be, `empty-prompt`, `prompt-too-long`, `no-source`, or why
   *   the analysis failed
   * @throws DOMException `AbortError`
   */
  classify(options: ClassifyOptions): Promise<Classification>;
  /**
   * The project as a file: what was found, decided and made of the open recording, without its audio.
   *
   * @throws EarmarkError `no-source`
   */
  saveProject(): Promise<File>;
  /** The timeline that Earmark is attached to; null when it runs without one. */
  readonly host: TimelineHost | null;
}

export interface EarmarkEvents {
  /** The regions changed: found, edited, undone. */
  regions: [regions: readonly Region[]];
  /** The analysis of a source ended well. */
  analysed: [];
  error: [error: Error];
  destroy: [];
}

export interface OpenOptions {
  readonly signal?: AbortSignal;
  /** Shown to the user. Default: the file's name, or the last part of the address. */
  readonly name?: string;
  /** The channel to hear by itself, from 0; the request `channel` changes it. Default: the mean of all. */
  readonly channel?: number;
}

export interface FindOptions {
  readonly signal?: AbortSignal;
  readonly polarity?: PromptPolarity;
  /** 0…1. */
  readonly sensitivity?: number;
}

/** Earmark as scripts use it. */
export interface Earmark extends EarmarkStore {
  /**
   * Opens a recording and starts its analysis; resolves as soon as it is open. With a host this happens by itself
   * whenever the host loads something.
   *
   * @throws EarmarkError `not-audio`, `empty-audio`, `unsupported-codec`, `source-unreachable`, `bad-option`
   */
  open(input: AudioInput, options?: OpenOptions): Promise<void>;
  /**
   * Finds a sound: adds the prompt if it is not there yet, waits for the analysis, and gives its hits sorted by start.
   * An empty array means that the sound is not in the recording.
   *
   * @throws EarmarkError `empty-prompt`, `prompt-too-long`, `bad-option`, `no-source`, or why the analysis failed
   * @throws DOMException `AbortError`
   */
  find(text: string, options?: FindOptions): Promise<Region[]>;
  /**
   * Mutes, ducks or solos what was found, in what the host plays; undoable. Null takes the mask off. What is not given
   * has its default, whatever was masked before; only what was drawn by hand stays.
   *
   * ```ts
   * earmark.mask({ prompts: ['dog bark'], mode: 'mute', fade: 0.01 });
   * ```
   *
   * @throws EarmarkError `bad-option` for values that cannot be and for prompts that have not been asked for
   */
  mask(options: MaskOptions | null): Promise<void>;
  /**
   * Divides the recording by class, waits for the analysis, and gives the segments sorted by start; undoable.
   *
   * ```ts
   * const segments = await earmark.split({ classes: ['speech', 'music'] });
   * ```
   *
   * @throws EarmarkError `bad-option` without classes and for values that cannot be, `no-source`, or why the analysis
   *   or the encoding of a class failed
   * @throws DOMException `AbortError`
   */
  split(options: SplitOptions): Promise<readonly SplitSegment[]>;
  /**
   * Opens a project file. Where another recording is open, the project waits, and is opened as soon as its own
   * recording is.
   *
   * @throws EarmarkError `bad-project`, or `other-recording` when it waits
   */
  openProject(file: Blob, options?: OpenProjectOptions): Promise<void>;
  /** The recording that was worked on last on this device, to be opened again; null where it is not kept. */
  lastRecording(): Promise<File | null>;
  /**
   * Makes a file of what was found: the recording as the mask leaves it, a file for each class, or for each region.
   * Samples that no gain changes stay as they are in the recording. The file lies on disk, until Earmark is destroyed or
   * the page is closed.
   *
   * ```ts
   * const wav = await earmark.render();
   * const zip = await earmark.render({ what: 'regions', prompts: ['dog bark'], handles: 0.2 });
   * ```
   *
   * @throws EarmarkError `bad-option` for values that cannot be, where there is nothing to export and for rates that no
   *   WAV file holds; `no-source`, `busy`, `storage-full`, `storage-denied`, or why the recording cannot be read
   * @throws DOMException `AbortError`
   */
  render(options?: RenderOptions): Promise<File>;
  /**
   * Separates what was found from the rest, roughly: two WAV files in the recording's own format that add up to it,
   * exactly where it has integers of up to 24 bits, within the rounding of one addition where it has floats. The files
   * lie on disk, until Earmark is destroyed or the page is closed.
   *
   * ```ts
   * const { target, residual } = await earmark.separate({ prompt: 'dog bark' });
   * ```
   *
   * What to expect is in docs/separation.md.
   *
   * @throws EarmarkError `nothing-found`, `bad-option`, `empty-prompt`, `prompt-too-long`, `no-source`, `busy`,
   *   `storage-full`, `storage-denied`, or why recording or model cannot be used
   * @throws DOMException `AbortError`
   */
  separate(options: SeparateOptions): Promise<SeparatedFiles>;
  /** Resolves when the current analysis is done, rejects with why it failed. */
  analysed(signal?: AbortSignal): Promise<void>;
  on<E extends keyof EarmarkEvents>(event: E, listener: (...payload: EarmarkEvents[E]) => void): () => void;
  /** Frees everything: workers, decoders, listeners, the host's regions. */
  destroy(): void;
}
