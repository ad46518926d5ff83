/** How long after a key press the next one is still part of the same edit, in milliseconds. */
const PAUSE_MS = 600;

/** Makes one edit, and so one step of the history, of a key that is held or pressed several times in a row. */
export class EditRun {
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param end called when no other press has followed; closes the edit */
  press(end: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(end, PAUSE_MS);
  }
}
