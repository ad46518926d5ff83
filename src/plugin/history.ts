/** What undo and redo go through: immutable documents, each with the name of the edit that made it from the one before. */
export interface History<Document> {
  readonly present: Document;
  readonly past: readonly HistoryStep<Document>[];
  readonly future: readonly HistoryStep<Document>[];
}

interface HistoryStep<Document> {
  /** Stays the step's while it is undone and redone, and while a drag goes on. */
  readonly id: symbol;
  readonly name: string;
  /** For a step in `past` what undo goes back to, for one in `future` what redo goes forward to. */
  readonly document: Document;
  /** While set, further edits with the same key become part of this step. */
  readonly dragKey?: string;
}

/** An edit: the document after it, and what to call it in "Undo …". */
export interface Edit<Document> {
  readonly document: Document;
  readonly name: string;
  /** Names the drag that the edit is part of; one drag is one step. */
  readonly dragKey?: string;
  /** Whether the drag goes on; its last edit says false. */
  readonly transient?: boolean;
}

/** Steps that are kept. Documents share what did not change, so a step costs little more than the edited region. */
const MAX_STEPS = 200;

export function emptyHistory<Document>(present: Document): History<Document> {
  return { present, past: [], future: [] };
}

/** Makes an edit; what had been undone can no longer be redone. One that changes nothing is no step. */
export function commit<D>(history: History<D>, edit: Edit<D>): History<D> {
  const last = history.past.at(-1);
  const open = edit.transient && edit.dragKey !== undefined ? { dragKey: edit.dragKey } : {};
  const isDragging = last?.dragKey !== undefined && last.dragKey === edit.dragKey;
  if (edit.document === history.present && !isDragging) return history;
  if (isDragging) {
    const step = { id: last.id, name: edit.name, document: last.document, ...open };
    return { present: edit.document, past: [...history.past.slice(0, -1), step], future: [] };
  }
  const step = { id: Symbol(edit.name), name: edit.name, document: history.present, ...open };
  return { present: edit.document, past: [...history.past.slice(1 - MAX_STEPS), step], future: [] };
}

/** One step back; the history itself when there is none. */
export function undo<D>(history: History<D>): History<D> {
  const step = history.past.at(-1);
  if (!step) return history;
  return {
    present: step.document,
    past: history.past.slice(0, -1),
    future: [...history.future, { id: step.id, name: step.name, document: history.present }],
  };
}

/** One step forward again; the history itself when there is none. */
export function redo<D>(history: History<D>): History<D> {
  const step = history.future.at(-1);
  if (!step) return history;
  return {
    present: step.document,
    past: [...history.past, { id: step.id, name: step.name, document: history.present }],
    future: history.future.slice(0, -1),
  };
}
