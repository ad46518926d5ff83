import { LitElement, type CSSResultGroup } from 'lit';
import { property } from 'lit/decorators.js';
import type { EarmarkStore } from '../plugin/earmark-api.js';
import type { EarmarkRequest } from '../plugin/requests.js';
import { theme } from './theme.styles.js';

/** What all elements of Earmark share: the store they show, requests to it, and the theme. */
export abstract class EarmarkElement extends LitElement {
  static override styles: CSSResultGroup = theme;

  /** The Earmark to show; null (default) until it arrives. */
  @property({ attribute: false }) earmark: EarmarkStore | null = null;

  protected dispatch(request: EarmarkRequest): void {
    this.earmark?.dispatch(request);
  }
}
