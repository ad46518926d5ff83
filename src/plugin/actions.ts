import type { EmbeddingEngine } from '../engine/embedding-engine.js';
import { type EarmarkError, isAbortError } from '../engine/errors.js';
import { removeAbandonedRenders } from '../engine/render-storage.js';
import {
  ACTION_REQUESTS,
  CLASSIFY_OPTIONS,
  MASK_OPTIONS,
  PROJECT_FILE,
  PROJECT_OPTIONS,
  RENDER_OPTIONS,
  SEPARATE_OPTIONS,
  SPLIT_OPTIONS,
  SUGGEST_OPTIONS,
} from './action-arguments.js';
import type { Heard } from './analysis-session.js';
import { checkArgument, checkFields, checkOptions, TEXT } from './argument-rules.js';
import type { OpenedAudio } from './audio-source.js';
import type { Classification, ClassifyOptions } from './classification.js';
import type { Asked, DocumentEdit, EditDocument } from './edit-document.js';
import { GainMask } from './gain-mask.js';
import type { TimelineHost } from './host/timeline-host.js';
import type { TimelineMap } from './host/timeline-map.js';
import { Jobs } from './jobs.js';
import type { MaskOptions } from './mask.js';
import type { ModelRequest, Models } from './models.js';
import { toEarmarkError } from './notices.js';
import type { EarmarkSettings, EngineSettings } from './options.js';
import { type OpenProjectOptions, Projects } from './projects.js';
import { unknownRequest } from './reduce-edit.js';
import { drawMask, maskRequest, setMask } from './reduce-mask.js';
import { setUcs } from './reduce-ucs.js';
import { RegionActions } from './region-actions.js';
import type { Region } from './region.js';
import type { RenderOptions } from './render.js';
import type { Rendering } from './rendering.js';
import type { ActionRequest } from './requests.js';
import type { DeriveSplit } from './search.js';
import type { Separating } from './separating.js';
import type { SeparatedFiles, SeparateOptions } from './separation.js';
import type { SplitOptions, SplitSegment } from './split.js';
import { Splitting } from './splitting.js';
import type { Notice } from './state.js';
import type { StateStore } from './store.js';
import type { SuggestUcsOptions, UcsSuggestion } from './ucs.js';
import { UcsSuggestions } from './ucs-suggestions.js';

/** What actions may touch of the Earmark that they belong to. */
export interface ActionContext {
  readonly host: TimelineHost | null;
  readonly store: StateStore;
  /** Aborts when Earmark is destroyed. */
  readonly life: AbortSignal;
  /** The arrangement as it stands. */
  readonly map: () => TimelineMap;
  /** The recording that stands open. */
  readonly recording: () => OpenedAudio | null;
  readonly engine: () => Promise<EmbeddingEngine>;
  /** What the page set. */
  readonly settings: EarmarkSettings;
  /** What the engine is made with. */
  readonly engineSettings: () => EngineSettings;
  /** Analyses with another model, or otherwise, from now on. */
  readonly setEngine: (change: Partial<EngineSettings>) => void;
  readonly document: () => EditDocument;
  /** What was asked already when the opening of the recording began, of another one. */
  readonly askedBefore: () => Asked;
  /** Analyses that channel of the recording, or the mean of all for null, unless it does. */
  readonly hearChannel: (channel: number | null) => void;
  /** Makes an edit, as one step of the history. */
  readonly apply: (edit: DocumentEdit) => void;
  /** What has been heard of the recording so far. */
  readonly heard: () => Heard | null;
  /** Lets the split be derived from now on, whenever what it is derived from changes. */
  readonly deriveSplit: (derive: DeriveSplit) => void;
  /** Derives it again. */
  readonly publishSplit: () => void;
  /** Resolves when the analysis is done, rejects with why it failed. */
  readonly analysed: (signal?: AbortSignal) => Promise<void>;
  /** As `Earmark.find`. */
  readonly find: (text: string, options: { readonly signal?: AbortSignal }) => Promise<readonly Region[]>;
  readonly freshId: (kind: 'prompt' | 'region' | 'class') => string;
  readonly notify: (level: Notice['level'], message: string, code?: EarmarkError['code']) => void;
  /** Opens a recording as the page does; null where it has to be opened by hand. */
  readonly openRecording: ((file: File) => void | Promise<void>) | null;
}

/**
 * What is done with what was found, the second half of the composition root: masks, splits, files. Loaded with the
 * first request for any of it; a page that only searches pays nothing.
 */
export class Actions {
  readonly #context: ActionContext;
  readonly #jobs: Jobs;
  readonly #mask: GainMask;
  readonly #splitting: Splitting;
  readonly #ucs = new UcsSuggestions();
  readonly #regions: RegionActions;
  readonly #projects: Projects;
  #rendering: Rendering | null = null;
  #separating: Separating | null = null;
  #models: Models | null = null;

  constructor(context: ActionContext) {
    this.#context = context;
    const { host, store, map, life } = context;
    this.#jobs = new Jobs(store, life);
    this.#mask = new GainMask({ host, store, map, onFailure: (error) => this.#warn(error) });
    this.#regions = new RegionActions(context, (error) => this.#warn(error));
    this.#splitting = new Splitting(context);
    this.#projects = new Projects(context, (error) => this.#warn(error));
    // What a tab left that was closed while it rendered may take much of the disk.
    removeAbandonedRenders().catch(() => {});
  }

  /** @throws EarmarkError why it is refused */
  handle(request: ActionRequest): void {
    const { store } = this.#context;
    const { type } = request;
    if (!Object.hasOwn(ACTION_REQUESTS, type)) throw unknownRequest(request as never);
    checkFields(`The request “${type}”`, ACTION_REQUESTS[type], request);
    switch (request.type) {
      case 'mask-set':
        return this.#context.apply(setMask(this.#context.document(), request));
      case 'mask-draw':
        return this.#context.apply(drawMask(this.#context.document(), request, store.state.source?.duration ?? 0));
      case 'mask-bypass':
        return store.update({ maskBypassed: request.bypassed && store.state.mask !== null });
      case 'ucs-set': {
        const { source, regions } = store.state;
        return this.#context.apply(setUcs({ document: this.#context.document(), regions, source }, request));
      }
      case 'region-split':
      case 'region-merge':
      case 'region-nudge':
      case 'region-snap':
      case 'region-copy':
      case 'region-silence':
      case 'region-mark':
        return this.#regions.handle(request);
      case 'split-set':
      case 'split-clear':
      case 'split-class-rename':
      case 'split-class-merge':
      case 'split-class-hide':
      case 'split-to-regions':
      case 'split-preset-save':
      case 'split-preset-delete':
      case 'split-preset-list':
        return this.#splitting.handle(request);
      case 'project-open':
      case 'project-reopen':
      case 'project-recording':
      case 'project-apply':
      case 'project-dismiss':
      case 'project-fresh':
      case 'project-delete':
        return this.#projects.handle(request);
      case 'model-list':
      case 'model-offer':
      case 'model-download':
      case 'model-cancel':
      case 'model-use':
      case 'model-fine':
      case 'model-delete':
        return void this.#chooseModel(request).catch((error: unknown) => this.#warn(error));
      case 'render':
        return void this.#render(request, true).catch((error: unknown) => this.#warnUnlessShown(error));
      case 'separate':
        return void this.#separate(request, true).catch((error: unknown) => this.#warnUnlessShown(error));
      case 'separation-listen':
        return void this.#separating?.listen(request.part).catch((error: unknown) => this.#warn(error));
      case 'separation-dismiss':
        return this.#separating?.dismiss();
      case 'job-cancel':
        return this.#jobs.cancel();
      case 'job-dismiss':
        return this.#jobs.dismiss();
    }
  }

  /** @throws EarmarkError `bad-option` */
  mask(options: MaskOptions | null): void {
    if (options !== null) checkOptions('mask()', MASK_OPTIONS, options);
    this.handle(maskRequest(options, this.#context.document().prompts, this.#context.store.state.regions));
  }

  /** As `Earmark.split`. */
  async split(options: SplitOptions): Promise<readonly SplitSegment[]> {
    checkOptions('split()', SPLIT_OPTIONS, options);
    return this.#splitting.split(options);
  }

  /** As `Earmark.render`. */
  async render(options: RenderOptions = {}): Promise<File> {
    checkOptions('render()', RENDER_OPTIONS, options);
    return this.#render(options, false);
  }

  /** As `Earmark.separate`. */
  async separate(options: SeparateOptions): Promise<SeparatedFiles> {
    checkOptions('separate()', SEPARATE_OPTIONS, options);
    return this.#separate(options, false);
  }

  /** As `EarmarkStore.classify`. */
  async classify(options: ClassifyOptions): Promise<Classification> {
    checkOptions('classify()', CLASSIFY_OPTIONS, options);
    const { classify } = await import('./classify.js');
    return classify(this.#context, options);
  }

  /** As `EarmarkStore.suggestUcs`. */
  async suggestUcs(label: string, options?: SuggestUcsOptions): Promise<UcsSuggestion[]> {
    checkArgument('suggestUcs(): the label', TEXT, label);
    checkOptions('suggestUcs()', SUGGEST_OPTIONS, options);
    return this.#ucs.suggest(await this.#context.engine(), label, options);
  }

  /** As `EarmarkStore.saveProject`. */
  saveProject(): Promise<File> {
    return this.#projects.save();
  }

  /** As `Earmark.openProject`. */
  async openProject(file: Blob, options?: OpenProjectOptions): Promise<void> {
    checkArgument('openProject(): the project', PROJECT_FILE, file);
    checkOptions('openProject()', PROJECT_OPTIONS, options);
    return this.#projects.open(file, options);
  }

  /** As `Earmark.lastRecording`. */
  lastRecording(): Promise<File | null> {
    return this.#projects.lastRecording();
  }

  destroy(): void {
    this.#projects.destroy();
    this.#separating?.destroy();
    this.#mask.destroy();
    this.#regions.destroy();
    this.#splitting.destroy();
  }

  async #render(options: RenderOptions, isShown: boolean): Promise<File> {
    const { Rendering } = await import('./rendering.js');
    this.#rendering ??= new Rendering(this.#context, this.#jobs);
    return this.#rendering.render(options, isShown);
  }

  async #separate(options: SeparateOptions, isShown: boolean): Promise<SeparatedFiles> {
    const { Separating } = await import('./separating.js');
    this.#separating ??= new Separating(this.#context, this.#jobs);
    return this.#separating.separate(options, isShown);
  }

  async #chooseModel(request: ModelRequest): Promise<void> {
    const { Models } = await import('./models.js');
    this.#models ??= new Models(this.#context);
    this.#models.handle(request);
  }

  /** The job that failed says why by itself. */
  #warnUnlessShown(error: unknown): void {
    const { job } = this.#context.store.state;
    if (job?.phase !== 'failed' || job.message !== toEarmarkError(error).message) this.#warn(error);
  }

  #warn(error: unknown): void {
    if (isAbortError(error)) return;
    const { message, code } = toEarmarkError(error);
    this.#context.notify('warning', message, code);
  }
}
