/** How long after a key press the next one is still part of the same edit, in milliseconds. */
const PAUSE_MS = 600;

/** Makes one edit, and so one step of the history, of a key that is held or pressed several times in a row. */
export class EditRun {
  #open: { readonly key: string; readonly end: () => void } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param key names what is edited; a press for something else ends the edit before it
   * @param end closes the edit, when no other press has followed
   */
  press(key: string, end: () => void): void {
    if (this.#open?.key !== key) this.#end();
    clearTimeout(this.#timer);
    this.#open = { key, end };
    this.#timer = setTimeout(() => this.#end(), PAUSE_MS);
  }

  #end(): void {
    const open = this.#open;
    this.#open = null;
    open?.end();
  }
}
