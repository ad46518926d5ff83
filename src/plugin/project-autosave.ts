import { formatProject, parseProject } from '../formats/project-json.js';
import type { ActionContext } from './actions.js';
import type { OpenedAudio } from './audio-source.js';
import type { EditDocument } from './edit-document.js';
import { toEarmarkError } from './notices.js';
import { documentFromJson, documentToJson, onlyAsks, isEmptyDocument } from './project-document.js';
import { badProject, projectOf } from './project-file.js';
import type { ProjectState } from './project-state.js';
import type { KeptProject, ProjectEntry, ProjectStore } from './project-store.js';

/** Milliseconds from an edit to its being kept. */
const SAVE_AFTER = 500;

/** Under this name pages tell each other what they have saved. */
const CHANNEL = 'earmark-projects';

/** What a page tells the others when it has saved or deleted projects. */
interface SavedMessage {
  readonly id: string | null;
  readonly digest: string | null;
}

/** One project: what was kept of it last; null while nothing is. */
interface Line {
  kept: KeptProject | null;
}

/** The work on one recording. */
interface Session {
  readonly recording: OpenedAudio;
  readonly sourceId: string;
  readonly fingerprint: string | null;
  /** Of the file when it was opened; one that is gone from the disk by now has none. */
  readonly bytes: number;
  /** Null where it cannot be had, undefined before that is known. */
  digest: string | null | undefined;
  /** Whether the recording was kept, or could not be. */
  isRecordingSeenTo: boolean;
  /** The document as it was seen last: when the next recording is opened, it is gone. */
  latest: EditDocument;
  /** The document that need not be saved; null when even the present one has to be. */
  settled: EditDocument | null;
  /** The channel as it was seen last, and the one that need not be saved. */
  channel: number | null;
  settledChannel: number | null;
  /** The documents around what was restored; undoing that leads out of the project, redoing it back into it. */
  restored: { readonly before: EditDocument; readonly after: EditDocument } | null;
  line: Line;
  /** The project that was left for a new one, and the document that leads back to it. */
  left: { readonly document: EditDocument; readonly line: Line } | null;
}

export interface AutosaveOptions {
  readonly context: ActionContext;
  readonly store: ProjectStore;
  readonly onSaved: (saved: ProjectState['saved'], kept: KeptProject | null) => void;
  /** Called when what is kept has changed, here or in another page. */
  readonly onKept: () => void;
}

/**
 * Keeps the work on the open recording, and brings it back when the recording is opened again.
 *
 * Nobody's work is ever overwritten: a save tells the revision that it is based on, and where another page has saved
 * since, it becomes a project of its own. A page without work of its own follows the others.
 */
export class ProjectAutosave {
  readonly #options: AutosaveOptions;
  readonly #channel = new BroadcastChannel(CHANNEL);
  /** Names this page among those that leave drafts. */
  readonly #page = crypto.randomUUID();
  readonly #listening = new AbortController();
  /** What was last said of restoring. */
  #restored: string | null = null;
  #session: Session | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Saves follow one another. */
  #saves: Promise<void> = Promise.resolve();
  /** The document that could not be kept last; null when the last one was. */
  #failed: EditDocument | null = null;
  #toldOfOthers = false;

  constructor(options: AutosaveOptions) {
    this.#options = options;
    const { signal } = this.#listening;
    this.#channel.addEventListener('message', (event: MessageEvent<SavedMessage>) => this.#hear(event.data), {
      signal,
    });
    addEventListener('pagehide', () => this.#leaveDraft(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden && this.flush(), { signal });
  }

  /** Begins to keep the work on a recording, from the document as it is. */
  begin(recording: OpenedAudio, sourceId: string): void {
    this.end();
    const { context } = this.#options;
    const latest = context.document();
    const before = context.askedBefore();
    const { data, name } = recording;
    const { channel } = context.store.state;
    this.#session = {
      recording,
      sourceId,
      fingerprint: data instanceof File ? `${name}|${data.size}|${data.lastModified}` : null,
      bytes: data instanceof File ? data.size : 0,
      digest: undefined,
      isRecordingSeenTo: false,
      latest,
      // Prompts and classes stay from the recording before; the rest was made before this code was loaded.
      settled: onlyAsks(latest) && latest.prompts === before.prompts && latest.split === before.split ? latest : null,
      channel,
      settledChannel: channel,
      restored: null,
      line: { kept: null },
      left: null,
    };
    this.#toldOfOthers = false;
    this.#show();
  }

  /** Ends the work on a recording; what is not kept of it yet is kept now. */
  end(): void {
    this.flush();
    this.#session = null;
    // What was restored is over with its recording; it can no longer be undone.
    const { store } = this.#options.context;
    const notices = store.state.notices.filter(({ message }) => message !== this.#restored);
    if (notices.length < store.state.notices.length) store.update({ notices });
  }

  /**
   * Goes on with what is kept of the recording.
   *
   * @param digest null where it cannot be had
   * @param bringBack false when another project is about to be opened on it
   */
  async restore(digest: string | null, bringBack: boolean): Promise<void> {
    const session = this.#session;
    if (!session) return;
    session.digest = digest;
    // What was kept under the file's name alone gets the digest.
    if (session.line.kept && digest !== null) session.settled = null;
    try {
      const found = bringBack ? await this.#options.store.find(digest, session.fingerprint) : null;
      if (found && found.id !== session.line.kept?.id) await this.#restoreFrom(session, found.id);
    } catch {
      // What cannot be kept is told when there is something to keep.
    }
    if (this.#session === session) this.documentChanged();
    this.#options.onKept();
  }

  /** To be called after every change of the state: sees edits, and keeps them soon. */
  documentChanged(): void {
    const session = this.#session;
    if (!session) return;
    this.#look(session);
    const { left, restored, latest } = session;
    if (left?.document === latest) {
      session.line = left.line;
      session.settled = null;
      session.left = null;
    } else if (restored?.before === latest && session.line.kept) {
      session.left = { document: restored.after, line: session.line };
      session.line = { kept: null };
      session.settled = latest;
    }
    if (needsSaving(session) && session.latest !== this.#failed && this.#timer === undefined) {
      this.#timer = setTimeout(() => this.flush(), SAVE_AFTER);
    }
    this.#show();
  }

  /** Keeps what is not kept yet, now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const session = this.#session;
    if (!session || !needsSaving(session)) return;
    const { latest, channel, line } = session;
    this.#saves = this.#saves.then(() => this.#save(session, latest, channel, line));
  }

  /** Resolves when everything is kept that can be. */
  async saved(): Promise<void> {
    this.flush();
    await this.#saves;
  }

  /** What is made from now on is a project of its own, beside what is kept. To be called before the edit that begins it. */
  beginAnew(): void {
    this.flush();
    const session = this.#session;
    if (!session) return;
    session.left = { document: session.latest, line: session.line };
    session.line = { kept: null };
  }

  /** The document as it is now is what is kept as this project. */
  settleAs(kept: KeptProject): void {
    const session = this.#session;
    if (!session) return;
    this.#look(session);
    session.settled = session.latest;
    session.settledChannel = session.channel;
    session.line = { kept };
    this.#show();
  }

  /** Projects were deleted: the work on this one stays, and is kept again when it goes on. */
  forget(ids: readonly string[]): void {
    this.#channel.postMessage({ id: null, digest: null } satisfies SavedMessage);
    const session = this.#session;
    if (!session?.line.kept || !ids.includes(session.line.kept.id)) return;
    session.line = { kept: null };
    session.settled = session.latest;
    this.#show();
  }

  destroy(): void {
    this.end();
    this.#listening.abort();
    // What is being saved is saved to the end.
    void this.#saves.then(() => {
      this.#channel.close();
      this.#options.store.close();
    });
  }

  /** Sees what there is to keep. */
  #look(session: Session): void {
    const { document, store } = this.#options.context;
    session.latest = document();
    session.channel = store.state.channel;
  }

  async #save(session: Session, document: EditDocument, channel: number | null, line: Line): Promise<void> {
    if (document === session.settled && channel === session.settledChannel) return;
    const { store, context, onKept } = this.#options;
    const before = line.kept;
    try {
      const saved = await store.save(this.#entry(session, document, channel, line), this.#page);
      const isSetApart = saved.isCopy && saved.id !== before?.id;
      line.kept = saved;
      if (session.line === line) {
        session.settled = document;
        session.settledChannel = channel;
      }
      this.#failed = null;
      this.#channel.postMessage({ id: saved.id, digest: saved.digest } satisfies SavedMessage);
      if (isSetApart) {
        context.notify(
          'warning',
          'This recording was worked on in another tab too. Both are kept: your work is a copy of its own now, the other is under Project.',
        );
      }
      if (this.#session === session) this.#show();
      await this.#keepRecording(session);
      onKept();
    } catch (error) {
      const isTold = this.#failed !== null;
      this.#failed = document;
      if (this.#session === session) this.#show();
      if (isTold) return;
      const { message, code } = toEarmarkError(error);
      context.notify('warning', message, code);
    }
  }

  #entry(
    { recording, digest = null, fingerprint, left }: Session,
    document: EditDocument,
    channel: number | null,
    { kept }: Line,
  ): ProjectEntry {
    const { model } = this.#options.context.store.state;
    return {
      name: recording.name,
      digest,
      fingerprint,
      prompts: document.prompts.map(({ text }) => text),
      regionCount: document.kept.length,
      base: kept && { id: kept.id, revision: kept.revision },
      isAnew: left !== null,
      content: formatProject(projectOf(recording, digest, { channel, model }, documentToJson(document))),
    };
  }

  async #keepRecording(session: Session): Promise<void> {
    const { data, name } = session.recording;
    const { digest, bytes } = session;
    if (digest === undefined || session.isRecordingSeenTo || !(data instanceof File)) return;
    session.isRecordingSeenTo = true;
    const { store, context } = this.#options;
    const isThere = digest !== null && data.size === bytes;
    if (isThere && (await store.keepRecording(digest, data).catch(() => false))) return;
    context.notify(
      'info',
      `No copy of “${name}” could be kept: there is no room, or the file has changed. Your work on it is kept; next time, open the recording yourself.`,
    );
  }

  /** In a page that is being closed, where nothing can be waited for. */
  #leaveDraft(): void {
    const session = this.#session;
    if (!session || !needsSaving(session)) return;
    this.#options.store.draft(this.#entry(session, session.latest, session.channel, session.line), this.#page);
  }

  async #restoreFrom(session: Session, id: string): Promise<void> {
    const { store, context } = this.#options;
    const stored = await store.get(id);
    const before = context.document();
    // Who has begun to work goes on with that; it will be a project of its own.
    if (!stored || this.#session !== session || !onlyAsks(before)) return;
    const superseded = session.line.kept;
    const { project } = stored;
    if (!this.#place(session, stored, 'Restore the project')) return;
    const after = context.document();
    if (after !== before) session.restored = { before, after };
    if (project.digest === null && typeof session.digest === 'string') session.settled = null;
    if (superseded) await store.delete([superseded.id]);
    const restored = [
      ...(project.prompts.length > 0 ? [count(project.prompts.length, 'prompt')] : []),
      ...(project.regionCount > 0 ? [count(project.regionCount, 'edited region')] : []),
    ];
    if (restored.length === 0) return;
    this.#restored = `Restored: ${restored.join(', ')}. Undo takes them away again; Project › Start fresh begins anew.`;
    context.notify('info', this.#restored);
  }

  /** Puts what is kept in place of the document, which stays one undo away. */
  #place(session: Session, { project, content }: { project: KeptProject; content: string }, name: string): boolean {
    const { context } = this.#options;
    const { latest: before } = session;
    try {
      const { document: json, channel } = parseProject(content);
      const follows = name === FOLLOW;
      const document = documentFromJson(json, session.sourceId, follows ? undefined : context.document());
      const isNothing = isEmptyDocument(document) && isEmptyDocument(before);
      if (!isNothing) context.apply({ document, name, ...(follows ? { dragKey: FOLLOW, transient: true } : {}) });
      // Who has chosen a channel by now, or opened the recording with one, goes on with that.
      if (!follows && channel !== null && context.store.state.channel === null) context.hearChannel(channel);
      this.settleAs(project);
      return true;
    } catch (error) {
      const { message, code } = badProject(error, `The project that is kept for “${project.name}”`);
      context.notify('warning', message, code);
      return false;
    }
  }

  #hear({ id, digest }: SavedMessage): void {
    this.#options.onKept();
    const session = this.#session;
    if (!session || id === null) return;
    const isOurs = session.line.kept ? session.line.kept.id === id : digest !== null && digest === session.digest;
    if (isOurs) void this.#follow(session, id);
  }

  /** Takes over what another page has saved, unless there is work here that it does not know. */
  async #follow(session: Session, id: string): Promise<void> {
    const { store, context } = this.#options;
    await this.#saves;
    const stored = await store.get(id).catch(() => null);
    const { kept } = session.line;
    // What was being saved may have become a project of its own by now.
    const isNews = kept ? kept.id === id && kept.revision < (stored?.project.revision ?? 0) : session.left === null;
    const hasOwnWork = session.latest !== session.settled;
    if (this.#session !== session || stored === null || !isNews || hasOwnWork) return;
    if (!this.#place(session, stored, FOLLOW) || this.#toldOfOthers) return;
    this.#toldOfOthers = true;
    context.notify('info', 'This recording is open in another tab too. What you do there is shown here.');
  }

  #show(): void {
    const session = this.#session;
    if (!session) return;
    const { kept } = session.line;
    const waiting = this.#failed ? 'failed' : 'pending';
    this.#options.onSaved(needsSaving(session) ? waiting : kept ? 'saved' : 'none', kept);
  }
}

/** What a page's following of another one is called in its history. */
const FOLLOW = 'Take over from another tab';

function needsSaving({ latest, settled, channel, settledChannel, line }: Session): boolean {
  const isSettled = latest === settled && channel === settledChannel;
  return !isSettled && (line.kept !== null || !isEmptyDocument(latest));
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
