import type { AnalysisResult } from '../engine/embedding-engine.js';
import { abortError, EarmarkError, isAbortError } from '../engine/errors.js';
import type { Actions } from './actions.js';
import type { AnalysisSession } from './analysis-session.js';
import { checkArgument, checkFields, checkOptions, FUNCTION, SIGNAL } from './argument-rules.js';
import type { AudioInput, OpenedAudio } from './audio-source.js';
import type { Classification, ClassifyOptions } from './classification.js';
import type { Earmark, EarmarkEvents, FindOptions, OpenOptions } from './earmark-api.js';
import { type Asked, EMPTY_DOCUMENT } from './edit-document.js';
import { Emitter } from './events.js';
import { EVENT, FIND_OPTIONS, FIND_REQUESTS, isFindRequest, OPEN_OPTIONS } from './find-arguments.js';
import type { TimelineHost } from './host/timeline-host.js';
import { timelineToSource, type TimelineMap } from './host/timeline-map.js';
import type { MaskOptions } from './mask.js';
import { asChosen } from './model-choice.js';
import { ModelEngine } from './model-engine.js';
import { addNotice, toEarmarkError } from './notices.js';
import {
  parseOption,
  parseOptions,
  type EarmarkOptions,
  type EarmarkSettings,
  type EngineSettings,
} from './options.js';
import type { OpenRecording, OpenRecordingContext } from './open-recording.js';
import { Playback } from './playback.js';
import type { OpenProjectOptions } from './projects.js';
import { findPrompt, parsePrompt } from './prompts.js';
import { isPromptEdit, isRegionEdit, unknownRequest, type EditRequest } from './reduce-edit.js';
import { addPrompt, reducePrompts, setSensitivity } from './reduce-prompts.js';
import type { Region } from './region.js';
import type { RenderOptions } from './render.js';
import type { ActionRequest, EarmarkRequest } from './requests.js';
import { Search } from './search.js';
import type { SeparatedFiles, SeparateOptions } from './separation.js';
import type { SplitOptions, SplitSegment } from './split.js';
import type { AnalysisState, EarmarkState, ModelState, Notice } from './state.js';
import { StateStore } from './store.js';
import type { SuggestUcsOptions, UcsSuggestion } from './ucs.js';
import { waitForState } from './wait-for-state.js';

/** Options whose defaults load code. */
export type EarmarkParts = Required<{ [K in 'createEngine' | 'openAudio']: NonNullable<EarmarkOptions[K]> }>;

const IDLE: AnalysisState = Object.freeze({ phase: 'idle' });
const OPENING: AnalysisState = Object.freeze({ phase: 'opening' });

/**
 * The composition root: requests change the document (what the user made) by pure reducers, the analysis session
 * reports findings (what the model heard), and {@link Search} derives the frozen state from the two.
 *
 * ```
 * dispatch ─► reduce-* ─► document (history) ─┐
 *                                             ├─► prompts, regions ─► store ─► views, host
 * host ─► openAudio ─► session ─► findings ───┘
 * ```
 *
 * Longer than most files here: opening, analysis, waiting and destruction guard one another and are read together.
 */
export class EarmarkCore implements Earmark {
  readonly host: TimelineHost | null;
  readonly #settings: EarmarkSettings;
  readonly #parts: EarmarkParts;
  readonly #openRecording: ((file: File) => void | Promise<void>) | null;
  readonly #store = new StateStore();
  readonly #events = new Emitter<EarmarkEvents>();
  /** Ends everything that waits, with `destroyed`. */
  readonly #life = new AbortController();
  readonly #releases: (() => void)[] = [];
  readonly #playback: Playback | null = null;
  readonly #model: ModelEngine;
  readonly #search: Search;
  #recording: OpenRecording | null = null;
  #opening: AbortController | null = null;
  #openFailure: EarmarkError | null = null;
  /** What was asked already when the last opening began. */
  #askedBefore: Asked = EMPTY_DOCUMENT;
  /** Whether the user cancelled the last opening. */
  #openCancelled = false;
  /** Recordings opened so far. */
  #generation = 0;
  #lastId = 0;
  /** Sets ids apart from those of other visits and tabs, whose projects are opened here. */
  readonly #idSpace = Math.random().toString(36).slice(2, 8);
  #actions: Actions | null = null;
  /** While the actions are being loaded, what was asked for meanwhile: requests are answered in their order. */
  #waiting: EarmarkRequest[] | null = null;

  /** @throws EarmarkError `bad-option` */
  constructor(options: EarmarkOptions, parts: EarmarkParts) {
    this.#settings = parseOptions(options);
    this.#parts = parts;
    const settings = this.#settings.rememberModel ? asChosen(this.#settings) : this.#settings;
    this.#model = new ModelEngine(settings, parts.createEngine, (state) => this.#modelChanged(state));
    this.#search = new Search(
      this.#store,
      () => this.#model.get(),
      () => this.#recording?.session.setPrompts(this.#search.encodedPrompts),
      options.host?.history,
    );
    this.host = options.host ?? null;
    this.#openRecording = options.openRecording ?? (this.host ? null : (file) => this.open(file));
    let regions = this.#store.state.regions;
    this.#store.subscribe((state) => {
      if (state.regions === regions) return;
      regions = state.regions;
      this.#events.emit('regions', regions);
    });
    if (this.host) {
      this.#playback = new Playback(this.host, this.#store, () => this.#map);
      this.#attach(this.host, this.#playback);
    }
  }

  getState(): EarmarkState {
    return this.#store.state;
  }

  subscribe(listener: (state: EarmarkState) => void): () => void {
    checkArgument('subscribe(): the listener', FUNCTION, listener);
    return this.#store.subscribe(listener);
  }

  on<E extends keyof EarmarkEvents>(event: E, listener: (...payload: EarmarkEvents[E]) => void): () => void {
    checkArgument('on(): the event', EVENT, event);
    checkArgument('on(): the listener', FUNCTION, listener);
    return this.#events.on(event, listener);
  }

  dispatch(request: EarmarkRequest): void {
    if (this.#life.signal.aborted) return;
    if (this.#waiting) {
      this.#waiting.push(request);
      return;
    }
    try {
      const { type } = Object(request) as EarmarkRequest;
      if (typeof type !== 'string') throw unknownRequest(request as never);
      if (isFindRequest(type)) checkFields(`The request “${type}”`, FIND_REQUESTS[type], request);
      if (isPromptEdit(request) || isRegionEdit(request)) this.#edit(request);
      else this.#act(request);
    } catch (error) {
      this.#report(toEarmarkError(error), 'warning');
    }
  }

  async open(input: AudioInput, options: OpenOptions = {}): Promise<void> {
    this.#life.signal.throwIfAborted();
    checkOptions('open()', OPEN_OPTIONS, options);
    this.#opening?.abort(abortError('Another recording was opened.'));
    const opening = new AbortController();
    this.#opening = opening;
    this.#askedBefore = this.#search.document;
    this.#openFailure = null;
    this.#openCancelled = false;
    this.#showAnalysis();
    this.#model.load();
    const { name } = options;
    const signal = options.signal ? AbortSignal.any([options.signal, opening.signal]) : opening.signal;
    try {
      signal.throwIfAborted();
      const { assetBase } = this.#settings;
      const [audio, { OpenRecording }] = await Promise.all([
        this.#parts.openAudio(input, { signal, assetBase, ...(name === undefined ? {} : { name }) }),
        import('./open-recording.js'),
      ]);
      if (signal.aborted) audio.source.close();
      signal.throwIfAborted();
      this.#adopt(audio, OpenRecording, options.channel ?? null);
    } catch (error) {
      signal.throwIfAborted();
      if (isAbortError(error)) throw error;
      this.#openFailure = toEarmarkError(error);
      this.#report(this.#openFailure, 'error');
      throw this.#openFailure;
    } finally {
      if (this.#opening === opening) {
        this.#opening = null;
        this.#showAnalysis();
      }
    }
  }

  async find(text: string, options: FindOptions = {}): Promise<Region[]> {
    this.#life.signal.throwIfAborted();
    checkOptions('find()', FIND_OPTIONS, options);
    const { signal, polarity } = options;
    signal?.throwIfAborted();
    const { prompts } = this.#search.document;
    const existing = findPrompt(prompts, parsePrompt(text, polarity).text);
    const sensitivity =
      options.sensitivity === undefined
        ? (existing?.sensitivity ?? this.#settings.sensitivity)
        : parseOption('sensitivity', options.sensitivity);
    if (!this.#recording && !this.#opening && !this.host) throw this.#openFailure ?? noSource();
    const id = this.#freshId('prompt');
    const { edit, prompt } = addPrompt(this.#search.document, text, polarity, { id, sensitivity });
    this.#search.apply(edit);
    if (prompt.sensitivity !== sensitivity) {
      this.#search.apply(setSensitivity(this.#search.document, prompt.id, sensitivity));
    }
    const phase = this.#recording ? this.#recording.session.state.phase : this.#openCancelled && 'cancelled';
    if (!this.#opening && (phase === 'failed' || phase === 'cancelled')) this.#restart();
    else this.#search.retryFailed();
    await this.analysed(signal);
    const generation = this.#generation;
    await waitForState(this.#store, (state) => this.#checkPrompt(state, prompt.id, generation), [
      signal,
      this.#life.signal,
    ]);
    return this.#store.state.regions.filter((r) => r.promptId === prompt.id && r.status !== 'rejected');
  }

  async mask(options: MaskOptions | null): Promise<void> {
    (await this.#loadActions()).mask(options);
  }

  async suggestUcs(label: string, options?: SuggestUcsOptions): Promise<UcsSuggestion[]> {
    return (await this.#loadActions()).suggestUcs(label, options);
  }

  async split(options: SplitOptions): Promise<readonly SplitSegment[]> {
    return (await this.#loadActions()).split(options);
  }

  async classify(options: ClassifyOptions): Promise<Classification> {
    return (await this.#loadActions()).classify(options);
  }

  async saveProject(): Promise<File> {
    return (await this.#loadActions()).saveProject();
  }

  async openProject(file: Blob, options?: OpenProjectOptions): Promise<void> {
    return (await this.#loadActions()).openProject(file, options);
  }

  async lastRecording(): Promise<File | null> {
    return (await this.#loadActions()).lastRecording();
  }

  async render(options?: RenderOptions): Promise<File> {
    return (await this.#loadActions()).render(options);
  }

  async separate(options: SeparateOptions): Promise<SeparatedFiles> {
    return (await this.#loadActions()).separate(options);
  }

  async analysed(signal?: AbortSignal): Promise<void> {
    this.#life.signal.throwIfAborted();
    checkArgument('analysed(): what it is given', SIGNAL, signal);
    // What is being opened, or what the host is going to load first.
    const awaitsNext = this.#opening !== null || (this.#recording === null && this.host !== null);
    const generation = this.#generation + (awaitsNext ? 1 : 0);
    await waitForState(this.#store, () => this.#checkAnalysis(generation), [signal, this.#life.signal]);
  }

  destroy(): void {
    if (this.#life.signal.aborted) return;
    this.#life.abort(new EarmarkError('destroyed', 'This Earmark was destroyed. Create a new one.'));
    this.#opening?.abort(abortError());
    this.#closeRecording();
    // Its entries in the host's history do nothing any more.
    this.#search.forgetRecording();
    this.#model.destroy();
    for (const release of this.#releases.splice(0).reverse()) release();
    this.#events.emit('destroy');
    this.#events.clear();
    this.#store.clear();
  }

  #attach(host: TimelineHost, playback: Playback): void {
    this.#releases.push(
      () => host.destroy(),
      () => playback.destroy(),
      host.on('sourcechange', () => this.#openFromHost(host)),
      host.on('destroy', () => this.destroy()),
      host.on('regionselect', (id) => this.dispatch({ type: 'select', ids: [id], active: id })),
      host.on('regionchange', ({ id, start, end, transient }) => {
        const time = timelineToSource(this.#map, start)?.time;
        if (time === undefined) return;
        this.dispatch({ type: 'region-move', id, start: time, end: time + (end - start), transient });
      }),
    );
    if (host.getSource()) this.#openFromHost(host);
  }

  #openFromHost(host: TimelineHost): void {
    const source = host.getSource();
    if (source) {
      const generation = this.#generation;
      // A failure is in the state already; but the host has left the former recording all the same.
      this.open(source.data, { name: source.name }).catch(() => {
        const isSuperseded = this.#opening !== null || this.#generation !== generation;
        if (!isSuperseded && !this.#life.signal.aborted) this.#forgetRecording();
      });
      return;
    }
    this.#opening?.abort(abortError());
    this.#openFailure = null;
    this.#forgetRecording();
  }

  #forgetRecording(): void {
    this.#closeRecording();
    this.#search.forgetRecording();
    this.#store.update({ source: null, mark: null });
    this.#showAnalysis();
    this.#search.publish();
  }

  get #map(): TimelineMap {
    return this.#recording?.map ?? [];
  }

  #adopt(audio: OpenedAudio, Recording: typeof OpenRecording, channel: number | null): void {
    const { name, duration, sampleRate, channelCount, sampleFormat = 'float32' } = audio;
    const id = `source-${this.#generation + 1}`;
    const context: OpenRecordingContext = {
      host: this.host,
      store: this.#store,
      engine: () => this.#model.get(),
      listener: {
        onAnalysis: () => {
          // The GPU may be lost in the middle.
          this.#model.refresh();
          this.#showAnalysis();
        },
        onDetection: (promptId, detection, complete) => this.#search.setDetection(promptId, detection, complete),
        onResult: (result) => this.#analysisEnded(result),
        onFailure: (error) => this.#report(error, 'error'),
      },
    };
    const recording = new Recording(audio, id, context, channel);
    this.#closeRecording();
    this.#generation += 1;
    this.#recording = recording;
    this.#search.forgetRecording();
    this.#store.update({
      source: { id, name, duration, sampleRate, channelCount, sampleFormat },
      channel,
      mark: null,
      // What was wrong was so with the recording before.
      notices: this.#store.state.notices.filter(({ level }) => level === 'info'),
    });
    for (const warning of audio.warnings ?? []) this.#notify('warning', warning);
    this.#startSession(recording.session);
    this.#search.publish();
    if (this.#settings.autosave) this.#loadActions().catch(() => {});
  }

  #closeRecording(): void {
    this.#recording?.close();
    this.#recording = null;
  }

  #startSession(session: AnalysisSession): void {
    this.#model.load();
    session.setPrompts(this.#search.encodedPrompts);
    session.start();
  }

  #restart(): void {
    const { analysis, notices } = this.#store.state;
    // What is tried again need not be told any more.
    if (analysis.phase === 'failed')
      this.#store.update({ notices: notices.filter(({ message }) => message !== analysis.message) });
    this.#search.retryFailed();
    if (this.#recording) this.#startSession(this.#recording.session);
    else if (this.host) this.#openFromHost(this.host);
  }

  #cancel(): void {
    this.#openCancelled = this.#opening !== null;
    this.#opening?.abort(abortError());
    this.#opening = null;
    this.#recording?.session.cancel();
    this.#showAnalysis();
  }

  #analysisEnded({ cacheError }: AnalysisResult): void {
    if (cacheError) this.#notify('warning', cacheError.message, codeOf(cacheError));
    this.#events.emit('analysed');
  }

  #showAnalysis(): void {
    this.#store.update({
      analysis: this.#opening ? OPENING : (this.#recording?.session.state ?? this.#withoutSource()),
    });
  }

  #withoutSource(): AnalysisState {
    const failure = this.#openFailure;
    return failure ? { phase: 'failed', code: failure.code, message: failure.message } : IDLE;
  }

  /** For {@link waitForState}: whether the analysis of the recording `generation` has ended well. */
  #checkAnalysis(generation: number): true | undefined {
    if (this.#generation > generation) throw abortError('Another recording was opened.');
    const session = this.#recording?.session;
    if (this.#generation < generation || !session) {
      if (this.#opening) return undefined;
      if (this.#openCancelled) throw abortError('Opening the recording was cancelled.');
      if (this.#openFailure || !this.host) throw this.#openFailure ?? noSource();
      return undefined;
    }
    switch (session.state.phase) {
      case 'done':
        return true;
      case 'cancelled':
        throw abortError('The analysis was cancelled.');
      case 'failed':
        throw session.failure ?? noSource();
      default:
        return undefined;
    }
  }

  /** For {@link waitForState}: whether a prompt has been searched in the whole of the recording `generation`. */
  #checkPrompt(state: EarmarkState, id: string, generation: number): true | undefined {
    if (this.#generation !== generation) throw abortError('Another recording was opened.');
    const prompt = state.prompts.find((other) => other.id === id);
    const finding = this.#search.finding(id);
    if (!prompt || !finding) throw abortError('The prompt was removed.');
    if (finding.error) throw finding.error;
    return finding.phase === 'ready' && finding.complete ? true : undefined;
  }

  #modelChanged(model: ModelState): void {
    this.#store.update({ model });
    if (model.choice?.fellBack || model.choice?.regained) this.#notify('info', model.choice.reason);
  }

  #hearChannel(channel: number | null): void {
    if (!this.#recording) throw noSource();
    if (channel === this.#store.state.channel) return;
    const session = this.#recording.renewSession(channel);
    this.#search.forgetDetections();
    this.#store.update({ channel });
    this.#startSession(session);
    this.#search.publish();
  }

  #setEngine(change: Partial<EngineSettings>): void {
    const { settings } = this.#model;
    const isSame = Object.entries(change).every(([name, value]) => settings[name as keyof EngineSettings] === value);
    if (isSame) return;
    this.#recording?.session.close();
    this.#model.replace({ ...settings, ...change });
    this.#search.encodeAgain();
    if (this.#recording) this.#startSession(this.#recording.renewSession());
  }

  #edit(request: EditRequest): void {
    const { regions, source } = this.#store.state;
    const { document } = this.#search;
    if (isRegionEdit(request)) {
      if (!this.#recording) throw noSource();
      const id = this.#freshId('region');
      this.#search.apply(this.#recording.reduceRegions(request, { document, regions, source }, id));
      if (request.type === 'region-add') this.#select([id], id);
      return;
    }
    const { sensitivity } = this.#settings;
    const edit = reducePrompts(request, document, { id: this.#freshId('prompt'), sensitivity });
    this.#search.apply(edit);
    if (request.type !== 'prompt-add') return;
    this.#model.load();
    if (!edit) this.#focusPrompt(request.text);
    else if (edit.document.prompts.length === document.prompts.length)
      this.#tellTurned(parsePrompt(request.text, request.polarity));
  }

  /** @throws EarmarkError `source-unreachable` when their code cannot be loaded */
  async #loadActions(): Promise<Actions> {
    this.#life.signal.throwIfAborted();
    if (this.#actions) return this.#actions;
    const { Actions } = await import('./actions.js').catch((cause: unknown) => {
      throw new EarmarkError('source-unreachable', 'A part of Earmark could not be loaded. Try again when online.', {
        cause,
      });
    });
    this.#life.signal.throwIfAborted();
    if (this.#actions) return this.#actions;
    const actions = new Actions({
      host: this.host,
      store: this.#store,
      life: this.#life.signal,
      map: () => this.#map,
      recording: () => this.#recording?.audio ?? null,
      engine: () => this.#model.get(),
      settings: this.#settings,
      engineSettings: () => this.#model.settings,
      setEngine: (change) => this.#setEngine(change),
      document: () => this.#search.document,
      askedBefore: () => this.#askedBefore,
      hearChannel: (channel) => this.#hearChannel(channel),
      apply: (edit) => this.#search.apply(edit),
      heard: () => this.#recording?.session.heard ?? null,
      deriveSplit: (derive) => this.#search.setDeriveSplit(derive),
      publishSplit: () => this.#search.publishSplit(),
      analysed: (signal) => this.analysed(signal),
      find: (text, options) => this.find(text, options),
      freshId: (kind) => this.#freshId(kind),
      notify: (level, message, code) => this.#notify(level, message, code),
      openRecording: this.#openRecording,
    });
    this.#actions = actions;
    this.#releases.push(() => actions.destroy());
    return actions;
  }

  async #afterLoadingActions(request: ActionRequest): Promise<void> {
    const waiting: EarmarkRequest[] = [request];
    this.#waiting = waiting;
    try {
      await this.#loadActions();
    } catch (error) {
      waiting.shift();
      if (!this.#life.signal.aborted) this.#report(toEarmarkError(error), 'warning');
    }
    this.#waiting = null;
    for (const each of waiting) this.dispatch(each);
  }

  #freshId(kind: 'prompt' | 'region' | 'class' | 'notice'): string {
    this.#lastId += 1;
    return `${kind}-${this.#idSpace}-${this.#lastId}`;
  }

  /** Shows where the hits of a prompt are that was asked for again. */
  #focusPrompt(typed: string): void {
    const prompt = findPrompt(this.#search.document.prompts, parsePrompt(typed).text);
    const first = this.#store.state.regions.find((region) => region.promptId === prompt?.id);
    if (first) this.#select([first.id], first.id);
  }

  /** Says what became of a sound that was searched for and is excluded now. */
  #tellTurned({ text, polarity }: ReturnType<typeof parsePrompt>): void {
    if (polarity === 'contrast')
      this.#notify(
        'info',
        `“${text}” is not searched for any more: it lowers the others where it fits better. Undo brings its hits back.`,
      );
  }

  #act(request: Exclude<EarmarkRequest, EditRequest>): void {
    switch (request.type) {
      case 'undo':
        return this.#search.undo();
      case 'redo':
        return this.#search.redo();
      case 'select':
        this.#select(request.ids, request.active);
        return this.#playback?.reveal();
      case 'cancel-analysis':
        return this.#cancel();
      case 'restart-analysis':
        return this.#restart();
      case 'channel':
        return this.#hearChannel(request.channel);
      case 'backend':
        return this.#setEngine({ backend: parseOption('backend', request.backend) });
      case 'dismiss-notice':
        return this.#store.update({ notices: this.#store.state.notices.filter(({ id }) => id !== request.id) });
      case 'step-region':
        return this.#player.step(request.direction);
      case 'seek':
        return this.#player.seek(request.time);
      case 'play-region':
        return this.#play(
          this.#player.playRegion(request.id, parseOption('preRoll', request.preRoll ?? this.#settings.preRoll)),
        );
      case 'loop-region':
        return this.#play(this.#player.loopRegion(request.id));
      case 'play-pause':
        return this.#play(this.#player.playPause());
      default:
        if (this.#actions) return this.#actions.handle(request);
        return void this.#afterLoadingActions(request);
    }
  }

  get #player(): Playback {
    if (!this.#playback)
      throw new EarmarkError('no-source', 'There is nothing that could play: no timeline is attached.');
    return this.#playback;
  }

  #play(playing: Promise<void>): void {
    // A pause that overtakes the start of playback is no failure.
    playing.catch((error: unknown) => {
      if (!isAbortError(error)) this.#report(toEarmarkError(error), 'warning');
    });
  }

  #select(wanted: readonly string[], active?: string | null): void {
    const ids = new Set(this.#store.state.regions.map((region) => region.id));
    const selectedRegionIds = new Set(wanted.filter((id) => ids.has(id)));
    const { activeRegionId } = this.#store.state;
    const next = active === undefined ? activeRegionId : active;
    this.#store.update({ selectedRegionIds, activeRegionId: next !== null && ids.has(next) ? next : null });
  }

  #report(error: EarmarkError, level: Notice['level']): void {
    this.#notify(level, error.message, error.code);
    this.#events.emit('error', error);
  }

  #notify(level: Notice['level'], message: string, code?: EarmarkError['code']): void {
    const notice: Notice = { id: this.#freshId('notice'), level, message, ...(code ? { code } : {}) };
    this.#store.update({ notices: addNotice(this.#store.state.notices, notice) });
  }
}

function noSource(): EarmarkError {
  return new EarmarkError('no-source', 'There is no recording yet. Open one first.');
}

function codeOf(error: Error): EarmarkError['code'] | undefined {
  return error instanceof EarmarkError ? error.code : undefined;
}
