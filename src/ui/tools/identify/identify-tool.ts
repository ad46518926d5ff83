import { html, nothing, type CSSResultGroup } from 'lit';
import { query, state } from 'lit/decorators.js';
import type { Classification, LabelScore } from '../../../plugin/classification.js';
import { LABEL_SETS } from '../../../plugin/label-sets.js';
import { controls } from '../../control.styles.js';
import { define } from '../../define.js';
import { EarmarkElement } from '../../earmark-element.js';
import { regionsToEdit } from '../../region-keys.js';
import { StoreController } from '../../store-controller.js';
import { styleProperties } from '../../style-properties.js';
import { theme } from '../../theme.styles.js';
import { identifyStyles } from './identify.styles.js';
import { identifyStrings } from './identify-strings.js';

/** Labels that are shown. */
const SHOWN = 8;
/** From here on a label is heard clearly: as in the curves, a probability of one half. */
const HEARD = 0.5;
/** A label that is one of several that exclude each other shares what is heard with them. */
const HEARD_AMONG_OTHERS = 0.1;

interface Answer extends Classification {
  /** What was asked about. */
  readonly subject: string;
  readonly isExclusive: boolean;
  /** Ids of the regions that were asked about; empty for the recording. */
  readonly regions: readonly string[];
}

/** Tells which of several labels fits the recording, or the selected hits, best. */
export class IdentifyToolElement extends EarmarkElement {
  static override styles: CSSResultGroup = [theme, controls, identifyStyles];

  /** Index into the ready-made sets; null: own labels. */
  @state() private chosen: number | null = 0;
  @state() private typed = '';
  /** Whether the recording is asked about although hits are selected. */
  @state() private prefersRecording = false;
  @state() private answer: Answer | null = null;
  @state() private failure = '';
  @state() private asking: AbortController | null = null;
  @query('#set') private readonly select!: HTMLSelectElement;

  readonly #store = new StoreController(this, (current) => ({
    sourceId: current.source?.id ?? null,
    selected: regionsToEdit(current)
      .map(({ id }) => id)
      .join('\n'),
    model: current.model.descriptor?.name ?? '',
  }));
  #sourceId: string | null = null;

  override focus(options?: FocusOptions): void {
    void this.updateComplete.then(() => this.select.focus(options));
  }

  /** Asks about the selected hits. */
  takeSelection(): void {
    this.prefersRecording = false;
    void this.#ask();
  }

  override disconnectedCallback(): void {
    this.asking?.abort();
    super.disconnectedCallback();
  }

  protected override willUpdate(): void {
    const sourceId = this.#store.value?.sourceId ?? null;
    if (sourceId === this.#sourceId) return;
    this.#sourceId = sourceId;
    this.asking?.abort();
    this.answer = null;
    this.failure = '';
  }

  protected override render() {
    const view = this.#store.value;
    if (view === null) return nothing;
    return html`${this.#form(this.#selectedIds().length)} ${this.#status()}
    ${this.answer === null ? nothing : this.#result(this.answer, view.model)}`;
  }

  #form(selected: number) {
    const isAboutSelection = selected > 0 && !this.prefersRecording;
    const scope = (text: string, isOn: boolean, isOff: boolean, prefersRecording: boolean) =>
      html`<button
        type="button"
        aria-pressed=${isOn}
        ?disabled=${isOff}
        @click=${() => (this.prefersRecording = prefersRecording)}
      >
        ${text}
      </button>`;
    return html`<form class="ask" @submit=${this.#onSubmit}>
      <div class="joined" role="group" aria-label=${identifyStrings.about}>
        ${scope(identifyStrings.recording, !isAboutSelection, false, true)}
        ${scope(
          selected === 0 ? identifyStrings.noSelection : identifyStrings.selection(selected),
          isAboutSelection,
          selected === 0,
          false,
        )}
      </div>
      <label class="visually-hidden" for="set">${identifyStrings.question}</label>
      <select id="set" @change=${this.#onSet}>
        ${LABEL_SETS.map(({ name }, i) => html`<option value=${i} ?selected=${i === this.chosen}>${name}</option>`)}
        <option value="" ?selected=${this.chosen === null}>${identifyStrings.own}</option>
      </select>
      ${
        this.chosen === null
          ? html`<input
              aria-label=${identifyStrings.labels}
              autocomplete="off"
              placeholder=${identifyStrings.labelsExample}
              .value=${this.typed}
              @input=${(event: Event) => (this.typed = (event.target as HTMLInputElement).value)}
            />`
          : nothing
      }
      <button class="primary" ?disabled=${this.#labels().length < 2}>${identifyStrings.ask}</button>
    </form>`;
  }

  #status() {
    const text = this.failure || (this.asking === null ? '' : identifyStrings.asking);
    return html`<p class="note" role="status" ?hidden=${text === ''}>${text}</p>`;
  }

  #result({ subject, labels, alike, isExclusive, regions }: Answer, model: string) {
    const shown = labels.slice(0, SHOWN);
    const isHeard = labels.some(({ score }) => score >= (isExclusive ? HEARD_AMONG_OTHERS : HEARD));
    const unlike = alike.filter((group) => group.some((label) => shown.some((one) => one.label === label)));
    return html`<ol aria-label=${identifyStrings.result(subject)}>
        ${shown.map((one, i) => this.#row(one, isExclusive, isHeard && i === 0, regions))}
      </ol>
      <p class="note">
        ${isHeard ? nothing : html`<b>${identifyStrings.noneHeard}</b> `}${
          isExclusive ? identifyStrings.exclusiveHint : identifyStrings.inclusiveHint
        }
        ${unlike.map((group) => identifyStrings.alike(model, group)).join(' ')}
      </p>`;
  }

  #row({ label, score, share }: LabelScore, isExclusive: boolean, isBest: boolean, regions: readonly string[]) {
    const part = isExclusive ? share : score;
    const isLikely = isExclusive ? isBest : score >= HEARD;
    return html`<li class=${isLikely ? '' : 'unlikely'}>
      <span class="label">${label}</span>
      <span class="number">${identifyStrings.percent(part)}</span>
      <span class="bar" aria-hidden="true"><i ${styleProperties({ '--_part': String(part) })}></i></span>
      <span class="acts">
        ${
          regions.length === 0
            ? nothing
            : act(identifyStrings.nameText, identifyStrings.name(label, regions.length), () =>
                this.dispatch({ type: 'region-rename', ids: regions, label }),
              )
        }
        ${act(identifyStrings.findText, identifyStrings.find(label), () =>
          this.dispatch({ type: 'prompt-add', text: label }),
        )}
      </span>
    </li>`;
  }

  #selectedIds(): string[] {
    return (this.#store.value?.selected ?? '').split('\n').filter((id) => id !== '');
  }

  #labels(): readonly string[] {
    if (this.chosen !== null) return LABEL_SETS[this.chosen]!.labels;
    return this.typed
      .split(/[,;\n]/)
      .map((label) => label.trim())
      .filter((label) => label !== '');
  }

  readonly #onSet = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    this.chosen = value === '' ? null : Number(value);
    if (this.chosen !== null) void this.#ask();
  };

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    void this.#ask();
  };

  async #ask(): Promise<void> {
    const store = this.earmark;
    if (store === null) return;
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    this.failure = '';
    const selected = this.#selectedIds();
    const regions = this.prefersRecording ? [] : selected;
    const subject = regions.length === 0 ? identifyStrings.recording : identifyStrings.selection(regions.length);
    // Of own labels nobody knows whether they exclude each other.
    const isExclusive = this.chosen !== null && LABEL_SETS[this.chosen]!.isExclusive;
    const scope = regions.length === 0 ? {} : { regions };
    try {
      const classification = await store.classify({
        labels: this.#labels(),
        exclusive: isExclusive,
        ...scope,
        signal: asking.signal,
      });
      if (this.asking === asking) this.answer = { ...classification, subject, isExclusive, regions };
    } catch (error) {
      if (this.asking === asking && !asking.signal.aborted) this.failure = (error as Error).message;
    } finally {
      if (this.asking === asking) this.asking = null;
    }
  }
}

/** A button of a row, whose name says what of all rows it is about. */
function act(text: string, name: string, run: () => void) {
  return html`<button title=${name} aria-label=${name} @click=${run}>${text}</button>`;
}

define('earmark-identify', IdentifyToolElement);

declare global {
  interface HTMLElementTagNameMap {
    'earmark-identify': IdentifyToolElement;
  }
}
