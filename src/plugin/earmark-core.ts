import type { AnalysisResult, EmbeddingEngine } from '../engine/embedding-engine.js';
import { abortError, EarmarkError, isAbortError } from '../engine/errors.js';
import { AnalysisSession, type EncodedPrompt } from './analysis-session.js';
import type { AudioInput, OpenedAudio } from './audio-source.js';
import type { Earmark, EarmarkEvents, FindOptions } from './earmark-api.js';
import { EMPTY_DOCUMENT, type DocumentEdit, type EditDocument } from './edit-document.js';
import { Emitter } from './events.js';
import { commit, emptyHistory, redo, undo, type History } from './history.js';
import type { TimelineHost } from './host/timeline-host.js';
import { identityMap, timelineToSource, type TimelineMap } from './host/timeline-map.js';
import { addNotice, toEarmarkError } from './notices.js';
import { parseOption, parseOptions, type EarmarkOptions, type EarmarkSettings } from './options.js';
import { Playback } from './playback.js';
import { PromptEncoder } from './prompt-encoder.js';
import { NOTHING_FOUND_YET, type PromptFinding } from './prompt-finding.js';
import { PromptStates } from './prompt-states.js';
import { findPrompt, parsePrompt } from './prompts.js';
import { isEditRequest, reduceEdit, unknownRequest, type EditRequest } from './reduce-edit.js';
import { addPrompt, setSensitivity } from './reduce-prompts.js';
import { RegionMirror } from './region-mirror.js';
import type { Region } from './region.js';
import { mergeRegions } from './regions.js';
import type { EarmarkRequest } from './requests.js';
import type { AnalysisState, EarmarkState, Notice } from './state.js';
import { StateStore } from './store.js';
import { waitForState } from './wait-for-state.js';

/** Options whose defaults load code. */
export type EarmarkParts = Required<{ [K in 'createEngine' | 'openAudio']: NonNullable<EarmarkOptions[K]> }>;

/** A recording that stands open, with its analysis. */
interface OpenRecording {
  readonly audio: OpenedAudio;
  readonly map: TimelineMap;
  /** Replaced when the backend changes. */
  session: AnalysisSession;
}

const IDLE: AnalysisState = Object.freeze({ phase: 'idle' });
const OPENING: AnalysisState = Object.freeze({ phase: 'opening' });

/**
 * The composition root: requests change the document (what the user made) by pure reducers, the analysis session
 * reports findings (what the model heard), and {@link #publish} derives the frozen state from the two.
 *
 * ```
 * dispatch ─► reduce-* ─► document (history) ─┐
 *                                             ├─► prompts, regions ─► store ─► views, host
 * host ─► openAudio ─► session ─► findings ───┘
 * ```
 */
export class EarmarkCore implements Earmark {
  readonly host: TimelineHost | null;
  readonly #settings: EarmarkSettings;
  readonly #parts: EarmarkParts;
  readonly #store = new StateStore();
  readonly #events = new Emitter<EarmarkEvents>();
  /** Ends everything that waits, with `destroyed`. */
  readonly #life = new AbortController();
  readonly #releases: (() => void)[] = [];
  readonly #playback: Playback | null = null;
  readonly #encoder = new PromptEncoder((id) => this.#encodingChanged(id));
  readonly #promptStates = new PromptStates();
  readonly #findings = new Map<string, PromptFinding>();
  #history: History<EditDocument> = emptyHistory(EMPTY_DOCUMENT);
  #backend: EarmarkSettings['backend'];
  #engine: Promise<EmbeddingEngine> | null = null;
  #recording: OpenRecording | null = null;
  #opening: AbortController | null = null;
  #openFailure: EarmarkError | null = null;
  /** Recordings opened so far. */
  #generation = 0;
  #lastId = 0;

  /** @throws EarmarkError `bad-option` */
  constructor(options: EarmarkOptions, parts: EarmarkParts) {
    this.#settings = parseOptions(options);
    this.#backend = this.#settings.backend;
    this.#parts = parts;
    this.host = options.host ?? null;
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
    return this.#store.subscribe(listener);
  }

  on<E extends keyof EarmarkEvents>(event: E, listener: (...payload: EarmarkEvents[E]) => void): () => void {
    return this.#events.on(event, listener);
  }

  dispatch(request: EarmarkRequest): void {
    if (this.#life.signal.aborted) return;
    try {
      if (isEditRequest(request)) this.#edit(request);
      else this.#act(request);
    } catch (error) {
      this.#report(toEarmarkError(error), 'warning');
    }
  }

  async open(input: AudioInput, options: { signal?: AbortSignal; name?: string } = {}): Promise<void> {
    this.#life.signal.throwIfAborted();
    this.#opening?.abort(abortError('Another recording was opened.'));
    const opening = new AbortController();
    this.#opening = opening;
    this.#openFailure = null;
    this.#showAnalysis();
    this.#loadModel();
    const { name } = options;
    const signal = options.signal ? AbortSignal.any([options.signal, opening.signal]) : opening.signal;
    try {
      signal.throwIfAborted();
      const { assetBase } = this.#settings;
      const audio = await this.#parts.openAudio(input, { signal, assetBase, ...(name === undefined ? {} : { name }) });
      if (signal.aborted) audio.source.close();
      signal.throwIfAborted();
      this.#adopt(audio);
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
    const { signal, polarity } = options;
    this.#life.signal.throwIfAborted();
    signal?.throwIfAborted();
    const { prompts } = this.#history.present;
    const existing = findPrompt(prompts, parsePrompt(text, polarity).text);
    const sensitivity =
      options.sensitivity === undefined
        ? (existing?.sensitivity ?? this.#settings.sensitivity)
        : parseOption('sensitivity', options.sensitivity);
    if (!this.#recording && !this.#opening && !this.host) throw this.#openFailure ?? noSource();
    const id = this.#freshId('prompt');
    const { edit, prompt } = addPrompt(this.#history.present, text, polarity, { id, sensitivity });
    this.#apply(edit);
    if (prompt.sensitivity !== sensitivity) {
      this.#apply(setSensitivity(this.#history.present, prompt.id, sensitivity));
    }
    const phase = this.#recording?.session.state.phase;
    if (!this.#opening && (phase === 'failed' || phase === 'cancelled')) this.#restart();
    await this.analysed(signal);
    const generation = this.#generation;
    await waitForState(this.#store, (state) => this.#checkPrompt(state, prompt.id, generation), [
      signal,
      this.#life.signal,
    ]);
    return this.#store.state.regions.filter((r) => r.promptId === prompt.id && r.status !== 'rejected');
  }

  async analysed(signal?: AbortSignal): Promise<void> {
    this.#life.signal.throwIfAborted();
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
    this.#dropEngine();
    for (const release of this.#releases.splice(0).reverse()) release();
    this.#events.emit('destroy');
    this.#events.clear();
    this.#store.clear();
  }

  // ── Host ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #attach(host: TimelineHost, playback: Playback): void {
    const mirror = new RegionMirror(host);
    const updateMirror = (): void => mirror.update(this.#store.state, this.#map);
    this.#releases.push(
      () => host.destroy(),
      () => mirror.clear(),
      () => playback.destroy(),
      this.#store.subscribe(updateMirror),
      host.on('viewchange', updateMirror),
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
      // A failure is in the state already, and a newer recording is no failure.
      this.open(source.data, { name: source.name }).catch(() => undefined);
      return;
    }
    this.#opening?.abort(abortError());
    this.#closeRecording();
    this.#resetEdits();
    this.#store.update({ source: null });
    this.#showAnalysis();
    this.#publish();
  }

  // ── Recording ───────────────────────────────────────────────────────────────────────────────────────────────────

  get #map(): TimelineMap {
    return this.#recording?.map ?? [];
  }

  #adopt(audio: OpenedAudio): void {
    this.#closeRecording();
    this.#generation += 1;
    const { name, duration, sampleRate, channelCount } = audio;
    const id = `source-${this.#generation}`;
    const session = this.#createSession(audio);
    this.#recording = { audio, map: identityMap(id, duration), session };
    this.#resetEdits();
    this.#store.update({ source: { id, name, duration, sampleRate, channelCount } });
    for (const warning of audio.warnings ?? []) this.#notify('warning', warning);
    this.#startSession(session);
    this.#publish();
  }

  /** What was said and decided about the recording goes; the prompts stay, to be asked of the next one. */
  #resetEdits(): void {
    this.#history = emptyHistory({ ...EMPTY_DOCUMENT, prompts: this.#history.present.prompts });
    for (const [id, finding] of this.#findings) {
      this.#findings.set(id, { ...finding, detection: null, complete: false });
    }
  }

  #closeRecording(): void {
    this.#recording?.session.close();
    this.#recording?.audio.source.close();
    this.#recording = null;
  }

  #createSession(audio: OpenedAudio): AnalysisSession {
    return new AnalysisSession(audio.source, () => this.#getEngine(), {
      visibleRange: () => this.host?.getVisibleRange() ?? { start: 0, end: audio.duration },
      onAnalysis: () => this.#showAnalysis(),
      onDetection: (id, detection, complete) => this.#setFinding(id, { detection, complete }),
      onResult: (result) => this.#analysisEnded(result),
      onFailure: (error) => this.#report(error, 'error'),
    });
  }

  #startSession(session: AnalysisSession): void {
    this.#loadModel();
    session.setPrompts(this.#encodedPrompts());
    session.start();
  }

  #restart(): void {
    if (this.#recording) this.#startSession(this.#recording.session);
    else if (this.host) this.#openFromHost(this.host);
  }

  #cancel(): void {
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
    const finding = this.#findings.get(id);
    if (!prompt || !finding) throw abortError('The prompt was removed.');
    if (finding.error) throw finding.error;
    return finding.phase === 'ready' && finding.complete ? true : undefined;
  }

  // ── Engine ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #getEngine(): Promise<EmbeddingEngine> {
    if (this.#engine) return this.#engine;
    const { assetBase, model, workers, cache } = this.#settings;
    const settings = { assetBase, model, cache, backend: this.#backend, ...(workers === undefined ? {} : { workers }) };
    const engine = Promise.resolve(this.#parts.createEngine(settings));
    this.#engine = engine;
    // What failed once, a file that could not be fetched, may be there the next time.
    engine.catch(() => {
      if (this.#engine === engine) this.#engine = null;
    });
    return engine;
  }

  #dropEngine(): void {
    this.#engine?.then((engine) => engine.destroy()).catch(() => undefined);
    this.#engine = null;
  }

  /** Loads the model unless that has been done, and shows how it goes; whoever needs the model meets its errors. */
  #loadModel(): void {
    const { phase } = this.#store.state.model;
    if (phase === 'loading' || phase === 'ready') return;
    this.#store.update({ model: { phase: 'loading', descriptor: null, choice: null } });
    const loading = this.#getEngine();
    const load = async (): Promise<void> => {
      const engine = await loading;
      const descriptor = await engine.load();
      if (this.#engine !== loading) return;
      this.#store.update({ model: { phase: 'ready', descriptor, choice: engine.choice } });
      if (engine.choice?.fellBack) this.#notify('info', engine.choice.reason);
    };
    load().catch(() => {
      if (this.#engine !== loading && this.#engine !== null) return;
      this.#store.update({ model: { phase: 'failed', descriptor: null, choice: null } });
    });
  }

  #setBackend(wanted: unknown): void {
    const backend = parseOption('backend', wanted);
    if (backend === this.#backend) return;
    this.#backend = backend;
    this.#recording?.session.close();
    this.#dropEngine();
    this.#encoder.clear();
    this.#store.update({ model: { phase: 'idle', descriptor: null, choice: null } });
    this.#encoder.update(this.#history.present.prompts, () => this.#getEngine());
    if (this.#recording) {
      this.#recording.session = this.#createSession(this.#recording.audio);
      this.#startSession(this.#recording.session);
    }
  }

  // ── Prompts and regions ─────────────────────────────────────────────────────────────────────────────────────────

  #edit(request: EditRequest): void {
    const { regions, source } = this.#store.state;
    const document = this.#history.present;
    const freshId = this.#freshId(request.type === 'region-add' ? 'region' : 'prompt');
    const edit = reduceEdit(request, { document, regions, source, freshId, sensitivity: this.#settings.sensitivity });
    this.#apply(edit);
    if (request.type === 'prompt-add' && !edit) this.#focusPrompt(request.text);
  }

  #freshId(kind: 'prompt' | 'region'): string {
    this.#lastId += 1;
    return `${kind}-${this.#lastId}`;
  }

  #apply(edit: DocumentEdit): void {
    if (edit) this.#travel(commit(this.#history, edit));
  }

  #travel(history: History<EditDocument>): void {
    const { prompts: before } = this.#history.present;
    this.#history = history;
    const { prompts } = history.present;
    if (prompts !== before) {
      for (const { id, text } of before) {
        if (prompts.find((prompt) => prompt.id === id)?.text !== text) this.#findings.delete(id);
      }
      if (prompts.length > 0) this.#loadModel();
      this.#encoder.update(prompts, () => this.#getEngine());
      this.#recording?.session.setPrompts(this.#encodedPrompts());
    }
    this.#publish();
  }

  #encodedPrompts(): EncodedPrompt[] {
    return this.#history.present.prompts.flatMap(({ id, polarity }) => {
      const encoding = this.#encoder.get(id);
      return encoding.phase === 'ready' ? [{ id, polarity, embedding: encoding.embedding }] : [];
    });
  }

  #encodingChanged(id: string): void {
    const encoding = this.#encoder.get(id);
    const { error: _, ...finding } = this.#findings.get(id) ?? NOTHING_FOUND_YET;
    if (encoding.phase === 'ready') {
      this.#findings.set(id, { ...finding, phase: 'ready', understood: encoding.embedding.understood });
      this.#recording?.session.setPrompts(this.#encodedPrompts());
    } else if (encoding.phase === 'failed') {
      this.#findings.set(id, { ...finding, phase: 'failed', error: encoding.error });
    } else {
      this.#findings.set(id, { ...finding, phase: 'encoding' });
    }
    this.#publish();
  }

  #setFinding(id: string, found: Pick<PromptFinding, 'detection' | 'complete'>): void {
    const finding = this.#findings.get(id);
    if (!finding) return;
    this.#findings.set(id, { ...finding, ...found });
    this.#publish();
  }

  /** Shows where the hits of a prompt are that was asked for again. */
  #focusPrompt(typed: string): void {
    const prompt = findPrompt(this.#history.present.prompts, parsePrompt(typed).text);
    const first = this.#store.state.regions.find((region) => region.promptId === prompt?.id);
    if (first) this.#select([first.id], first.id);
  }

  /** Derives what views see from the document and the findings. */
  #publish(): void {
    const { state } = this.#store;
    const document = this.#history.present;
    const prompts = this.#promptStates.update(document.prompts, this.#findings);
    const regions = state.source
      ? mergeRegions(document, state.source.id, this.#promptStates.hits, state.regions)
      : state.regions.slice(0, 0);
    const ids = new Set(regions.map((region) => region.id));
    const selected = [...state.selectedRegionIds].filter((id) => ids.has(id));
    const activeIsThere = state.activeRegionId !== null && ids.has(state.activeRegionId);
    const names = { undo: this.#history.past.at(-1)?.name ?? null, redo: this.#history.future.at(-1)?.name ?? null };
    const sameNames = names.undo === state.history.undo && names.redo === state.history.redo;
    this.#store.update({
      prompts,
      regions,
      selectedRegionIds: selected.length === state.selectedRegionIds.size ? state.selectedRegionIds : new Set(selected),
      activeRegionId: activeIsThere ? state.activeRegionId : null,
      looping: state.looping && activeIsThere,
      history: sameNames ? state.history : names,
    });
  }

  // ── Requests that are no edits ──────────────────────────────────────────────────────────────────────────────────

  #act(request: Exclude<EarmarkRequest, EditRequest>): void {
    switch (request.type) {
      case 'undo':
        return this.#travel(undo(this.#history));
      case 'redo':
        return this.#travel(redo(this.#history));
      case 'select':
        return this.#select(request.ids, request.active);
      case 'cancel-analysis':
        return this.#cancel();
      case 'restart-analysis':
        return this.#restart();
      case 'backend':
        return this.#setBackend(request.backend);
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
        throw unknownRequest(request);
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

  // ── Notices ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #report(error: EarmarkError, level: Notice['level']): void {
    this.#notify(level, error.message, error.code);
    this.#events.emit('error', error);
  }

  #notify(level: Notice['level'], message: string, code?: EarmarkError['code']): void {
    this.#lastId += 1;
    const notice: Notice = { id: `notice-${this.#lastId}`, level, message, ...(code ? { code } : {}) };
    this.#store.update({ notices: addNotice(this.#store.state.notices, notice) });
  }
}

function noSource(): EarmarkError {
  return new EarmarkError('no-source', 'There is no recording yet. Open one first.');
}

function codeOf(error: Error): EarmarkError['code'] | undefined {
  return error instanceof EarmarkError ? error.code : undefined;
}
