import { LitElement, type CSSResultGroup } from 'lit';
import { property } from 'lit/decorators.js';
import { checkArgument, FUNCTION, orNull } from '../plugin/argument-rules.js';
import type { EarmarkStore } from '../plugin/earmark-api.js';
import type { EarmarkRequest } from '../plugin/requests.js';
import { theme } from './theme.styles.js';

const NEEDS_PLAYER: ReadonlySet<EarmarkRequest['type']> = new Set([
  'seek',
  'play-pause',
  'play-region',
  'loop-region',
  'step-region',
]);

const STORE = orNull('what Earmark.create() or createEarmark() gave', {
  must: FUNCTION.must,
  fits: (value) => FUNCTION.fits((value as Partial<EarmarkStore>).getState),
});

/** What all elements of Earmark share: the store they show, requests to it, and the theme. */
export abstract class EarmarkElement extends LitElement {
  static override styles: CSSResultGroup = theme;

  #earmark: EarmarkStore | null = null;

  /**
   * The Earmark to show; null (default) until it arrives. Frameworks that pass undefined mean null.
   *
   * @throws EarmarkError `bad-option` for anything else
   */
  @property({ attribute: false })
  get earmark(): EarmarkStore | null {
    return this.#earmark;
  }

  set earmark(store: EarmarkStore | null | undefined) {
    const next = store ?? null;
    checkArgument(`<${this.localName}>: “earmark”`, STORE, next);
    this.#earmark = next;
  }

  protected dispatch(request: EarmarkRequest): void {
    // Without a timeline there is no player, and nothing on screen that promises one.
    if (this.earmark === null || (this.earmark.host === null && NEEDS_PLAYER.has(request.type))) return;
    this.earmark.dispatch(request);
  }
}
