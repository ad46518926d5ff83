import { EarmarkError } from '../engine/errors.js';
import type { JsonValue } from '../formats/json-reader.js';
import { formatProject, type Project, PROJECT_EXTENSION, parseProject } from '../formats/project-json.js';
import type { ActionContext } from './actions.js';
import type { OpenedAudio } from './audio-source.js';
import { EMPTY_DOCUMENT, type EditDocument } from './edit-document.js';
import { ProjectAutosave } from './project-autosave.js';
import { documentFromJson, documentToJson, isEmptyDocument } from './project-document.js';
import { badProject, projectOf, readProject } from './project-file.js';
import type { ProjectState } from './project-state.js';
import { type KeptProject, ProjectStore } from './project-store.js';
import type { Region } from './region.js';
import type { ActionRequest } from './requests.js';

export type ProjectRequest = Extract<ActionRequest, { readonly type: `project-${string}` }>;

export interface OpenProjectOptions {
  /** Whether to put it on the open recording even where that is another one. Default false. */
  readonly anyRecording?: boolean;
}

/** A project that waits for its recording. */
interface Pending {
  readonly project: Project<JsonValue>;
  /** Under what it is kept; null for one from a file. */
  readonly kept: KeptProject | null;
}

const NOTHING_KEPT = Object.freeze({
  saved: 'off' as const,
  savedAt: null,
  openId: null,
  kept: Object.freeze([]),
  recordingBytes: 0,
  pending: null,
});

/** Projects: kept by themselves on this device, saved as files, and opened again, each on its own recording. */
export class Projects {
  readonly #context: ActionContext;
  readonly #warn: (error: unknown) => void;
  readonly #store: ProjectStore | null;
  readonly #autosave: ProjectAutosave | null;
  readonly #release: () => void;
  #recording: OpenedAudio | null = null;
  #pending: Pending | null = null;

  /** @param onFailure is told why something was not done that nobody waits for */
  constructor(context: ActionContext, onFailure: (error: unknown) => void) {
    this.#context = context;
    this.#warn = onFailure;
    const {
      store,
      settings: { autosave },
    } = context;
    // Pages that are not served securely have no digests to know a recording by.
    this.#store = autosave && globalThis.isSecureContext && 'indexedDB' in globalThis ? new ProjectStore() : null;
    this.#autosave =
      this.#store &&
      new ProjectAutosave({
        context,
        store: this.#store,
        onSaved: (saved, kept) => this.#show({ saved, savedAt: kept?.savedAt ?? null, openId: kept?.id ?? null }),
        onKept: () => void this.#list(),
      });
    if (this.#autosave) this.#show({ saved: 'none' });
    this.#release = store.subscribe(() => this.#stateChanged());
    this.#stateChanged();
    void this.#list();
  }

  handle(request: ProjectRequest): void {
    this.#answer(request).catch((error: unknown) => {
      // What a project waits for is shown.
      if (!(error instanceof EarmarkError && error.code === 'other-recording')) this.#warn(error);
    });
  }

  async #answer(request: ProjectRequest): Promise<void> {
    switch (request.type) {
      case 'project-open':
        return this.open(request.file);
      case 'project-reopen':
        return this.#reopen(request.id);
      case 'project-recording':
        return this.#openRecording(request.file ?? null);
      case 'project-apply':
        return this.#applyPending();
      case 'project-dismiss':
        return this.#setPending(null);
      case 'project-fresh':
        return this.#startFresh();
      case 'project-delete':
        return this.#delete(request.ids);
    }
  }

  /**
   * The project as a file.
   *
   * @throws EarmarkError `no-source`
   */
  async save(): Promise<File> {
    const recording = this.#context.recording();
    if (!recording)
      throw new EarmarkError('no-source', 'There is no recording yet, and so no project. Open one first.');
    const document = documentToJson(this.#context.document());
    const { state } = this.#context.store;
    const content = formatProject(projectOf(recording, await digestOf(recording), state, document));
    const name = recording.name.replace(/\.[^.]{1,5}$/, '') + PROJECT_EXTENSION;
    return new File([content], name, { type: 'application/json' });
  }

  /**
   * Opens a project file. Where another recording is open, the project waits until its own one is.
   *
   * @throws EarmarkError `bad-project`, `other-recording`
   */
  async open(file: Blob, { anyRecording = false }: OpenProjectOptions = {}): Promise<void> {
    await this.#openPending({ project: await readProject(file), kept: null }, anyRecording);
  }

  /** The recording that was worked on last, where it is kept. */
  async lastRecording(): Promise<File | null> {
    const { projects = [] } = (await this.#store?.list().catch(() => null)) ?? {};
    const digest = projects[0]?.digest ?? null;
    return digest === null ? null : (this.#store?.recording(digest).catch(() => null) ?? null);
  }

  destroy(): void {
    this.#release();
    this.#recording = null;
    this.#autosave?.destroy();
  }

  #stateChanged(): void {
    const recording = this.#context.recording();
    if (recording === this.#recording) {
      this.#autosave?.documentChanged();
      return;
    }
    this.#recording = recording;
    if (recording) this.#recordingOpened(recording).catch(this.#warn);
    else this.#autosave?.end();
  }

  async #recordingOpened(recording: OpenedAudio): Promise<void> {
    this.#autosave?.begin(recording, this.#sourceId);
    if (!this.#autosave && !this.#pending) return;
    const digest = await digestOf(recording);
    if (this.#recording !== recording) return;
    const pending = this.#pending;
    if (pending && digest !== null && pending.project.source.digest === digest) {
      await this.#autosave?.restore(digest, false);
      this.#apply(pending);
      return;
    }
    if (pending) {
      const { name } = pending.project.source;
      this.#context.notify(
        'info',
        `“${recording.name}” is another recording than “${name}”, which the project is about.`,
      );
    }
    await this.#autosave?.restore(digest, true);
  }

  async #openPending(pending: Pending, anyRecording: boolean): Promise<void> {
    const recording = this.#context.recording();
    const digest = recording && (await digestOf(recording));
    const isRight = digest !== null && digest === pending.project.source.digest;
    if (this.#context.recording() === recording && recording && (isRight || anyRecording)) {
      this.#apply(pending);
      return;
    }
    await this.#setPending(pending);
    throw new EarmarkError(
      'other-recording',
      `This project belongs to “${pending.project.source.name}”. Open that recording, and the project is opened on it.`,
    );
  }

  /** Puts a project in place of the document, one undo away from it. */
  #apply({ project, kept }: Pending): void {
    const { source, channel } = project;
    const name = `Open the project of “${source.name}”`;
    let document: EditDocument;
    try {
      document = documentFromJson(project.document, this.#sourceId);
    } catch (error) {
      throw badProject(error, `The project of “${source.name}”`);
    }
    const { duration, channelCount } = this.#context.recording() ?? source;
    const [inside, leftOut] = fitInto(document, duration);
    this.#autosave?.beginAnew();
    this.#context.apply({ document: inside, name });
    if (channel === null || channel < channelCount) this.#context.hearChannel(channel);
    if (kept) this.#autosave?.settleAs(kept);
    void this.#setPending(null);
    if (leftOut > 0) {
      this.#context.notify(
        'warning',
        leftOut === 1
          ? '1 region of the project lies past the end of this recording and was left out.'
          : `${leftOut} regions of the project lie past the end of this recording and were left out.`,
      );
    }
  }

  #applyPending(): void {
    if (!this.#pending) return;
    if (!this.#context.recording()) throw new EarmarkError('no-source', 'There is no recording yet. Open one first.');
    // On another recording it is a project of its own.
    this.#apply({ ...this.#pending, kept: null });
  }

  async #reopen(id: string): Promise<void> {
    await this.#autosave?.saved();
    const stored = await this.#store?.get(id);
    if (!stored)
      throw new EarmarkError('bad-option', 'This project is not kept any more; it was deleted in another tab.');
    const { project: kept, content } = stored;
    let project: Project<JsonValue>;
    try {
      project = parseProject(content);
    } catch (error) {
      throw badProject(error, `The project that is kept for “${kept.name}”`);
    }
    try {
      await this.#openPending({ project, kept }, false);
    } catch (error) {
      const { pending, canOpenRecordings } = this.#state;
      if (pending?.hasRecording !== true || !canOpenRecordings) throw error;
      await this.#openRecording(null);
    }
  }

  /** @param chosen null for the one that is kept */
  async #openRecording(chosen: File | null): Promise<void> {
    const { openRecording } = this.#context;
    const digest = this.#pending?.project.source.digest ?? null;
    const file = chosen ?? (digest === null ? null : await this.#store?.recording(digest));
    if (!file || !openRecording) {
      throw new EarmarkError('source-unreachable', 'The recording is not kept here. Open it from where it lies.');
    }
    await openRecording(file);
  }

  #startFresh(): void {
    this.#autosave?.beginAnew();
    if (!isEmptyDocument(this.#context.document())) {
      this.#context.apply({ document: EMPTY_DOCUMENT, name: 'Start fresh' });
    }
  }

  async #delete(ids: readonly string[]): Promise<void> {
    await this.#autosave?.saved();
    await this.#store?.delete(ids);
    this.#autosave?.forget(ids);
    await this.#list();
  }

  async #setPending(pending: Pending | null): Promise<void> {
    this.#pending = pending;
    if (!pending) {
      this.#show({ pending: null });
      return;
    }
    const { source } = pending.project;
    const { recordings = [] } = (await this.#store?.list().catch(() => null)) ?? {};
    if (this.#pending !== pending) return;
    const hasRecording = recordings.some(({ digest }) => digest === source.digest);
    this.#show({ pending: Object.freeze({ source, hasRecording }) });
  }

  async #list(): Promise<void> {
    if (!this.#store || this.#context.life.aborted) return;
    const { projects, recordings } = await this.#store.list().catch(() => ({ projects: [], recordings: [] }));
    const digests = new Set(recordings.map(({ digest }) => digest));
    this.#show({
      kept: projects.map(({ id, name, savedAt, prompts, regionCount, isCopy, digest }) => ({
        id,
        name,
        savedAt,
        prompts,
        regionCount,
        isCopy,
        hasRecording: digest !== null && digests.has(digest),
      })),
      recordingBytes: recordings.reduce((sum, { bytes }) => sum + bytes, 0),
    });
  }

  get #sourceId(): string {
    return this.#context.store.state.source?.id ?? '';
  }

  get #state(): ProjectState {
    const { store, openRecording } = this.#context;
    return store.state.project ?? { ...NOTHING_KEPT, canOpenRecordings: openRecording !== null };
  }

  #show(change: Partial<ProjectState>): void {
    if (this.#context.life.aborted) return;
    const before = this.#state;
    const keys = Object.keys(change) as (keyof ProjectState)[];
    if (this.#context.store.state.project !== null && keys.every((key) => Object.is(before[key], change[key]))) return;
    this.#context.store.update({ project: { ...before, ...change } });
  }
}

/** Null where the recording cannot be read to the end. */
function digestOf(recording: OpenedAudio): Promise<string | null> {
  return recording.source.digest().catch(() => null);
}

/** A document whose regions lie inside a recording, and how many did not at all. */
function fitInto(document: EditDocument, duration: number): [EditDocument, leftOut: number] {
  const fit = (regions: readonly Region[]): Region[] =>
    regions
      .filter(({ start }) => start < duration)
      .map((region) => (region.end > duration ? Object.freeze({ ...region, end: duration }) : region));
  const kept = fit(document.kept);
  return [{ ...document, kept, dismissed: fit(document.dismissed) }, document.kept.length - kept.length];
}
