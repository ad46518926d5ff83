import { html, nothing, type CSSResultGroup } from 'lit';
import { query, state } from 'lit/decorators.js';
import { describeRender } from '../../../plugin/render-preview.js';
import {
  DEFAULT_FADE,
  DEFAULT_TEMPLATES,
  type RenderDepth,
  type RenderSettings,
  type RenderWhat,
} from '../../../plugin/render.js';
import type { EarmarkState } from '../../../plugin/state.js';
import { controls } from '../../control.styles.js';
import { define } from '../../define.js';
import { EarmarkElement } from '../../earmark-element.js';
import { StoreController } from '../../store-controller.js';
import { theme } from '../../theme.styles.js';
import { exportStrings } from './export-strings.js';
import { exportStyles } from './export.styles.js';
import { askWhereToSave } from './save-picker.js';

const KINDS: readonly RenderWhat[] = ['mix', 'regions', 'stems', 'target-residual'];
const DEPTHS: readonly RenderDepth[] = ['source', 16, 24, 32];
/** What a recording is exported as that is to stay as it is. */
const RECORDED_DEPTHS = { pcm16: 16, pcm24: 24, float32: 32 } as const;
const PLACES = ['ucs', 'prompt', 'label', 'n', 'start', 'source'] as const;
/** Milliseconds. */
const MAX_TIMES = { handles: 60_000, fade: 10_000 };

/** Which hits are taken: all, the selected ones, or those of the prompt of this id. */
type Take = 'all' | 'selected' | `prompt ${string}`;

/** Chooses what is made into files, and starts that; how far it is and what came of it stands in the bar. */
export class ExportToolElement extends EarmarkElement {
  static override styles: CSSResultGroup = [theme, controls, exportStyles];

  /** Null for what suits best. */
  @state() private chosenKind: RenderWhat | null = null;
  @state() private take: Take = 'all';
  @state() private depth: RenderDepth = 'source';
  @state() private rest = false;
  @state() private markers = false;
  /** Milliseconds. */
  @state() private times = { handles: 0, fade: 1000 * DEFAULT_FADE };
  @state() private badTime: keyof typeof MAX_TIMES | null = null;
  /** By kind, where it is not the default. */
  @state() private templates: Partial<Record<RenderWhat, string>> = {};
  @query('#template') private readonly templateField!: HTMLInputElement | null;

  readonly #store = new StoreController(this, (current) => ({
    source: current.source,
    regions: current.regions,
    selected: current.selectedRegionIds,
    mask: current.mask,
    split: current.split,
    isBusy: current.job?.phase === 'running',
    // Curves grow while the analysis runs; nothing of them is exported.
    prompts: current.prompts.map(({ id, text, ucs = '' }) => [id, text, ucs].join('\n')).join('\n\n'),
  }));

  /** Sets it to a file for each selected hit. */
  takeSelection(): void {
    this.chosenKind = 'regions';
    this.take = 'selected';
  }

  override focus(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('input:checked')?.focus());
  }

  protected override render() {
    const current = this.earmark?.getState();
    if (this.#store.value === null || !current) return nothing;
    const kind = this.#kind(current);
    const preview = describeRender(current, this.#settings(current, kind));
    const problem = 'problem' in preview ? preview.problem : null;
    return html`<form @submit=${this.#onSubmit}>
      <fieldset>
        <legend>${exportStrings.what}</legend>
        ${KINDS.map((each) => this.#kindChoice(current, each, each === kind))}
        <p class="line note">${exportStrings.kindHints[kind]}</p>
      </fieldset>
      <fieldset>
        <legend>${exportStrings.format}</legend>
        ${kind === 'regions' || kind === 'target-residual' ? this.#takeChoice(current, kind) : nothing}
        <label
          >${exportStrings.depth}
          <select name="depth" @change=${this.#onDepth}>
            ${DEPTHS.map(
              (each) => html`<option value=${each} ?selected=${each === this.depth}>${this.#depthName(each)}</option>`,
            )}
          </select></label
        >
        ${kind === 'regions' ? this.#timeField('handles', 50) : nothing}
        ${kind === 'mix' ? nothing : this.#timeField('fade', 5)}
        ${kind === 'stems' ? this.#check('rest', this.rest, (on) => (this.rest = on)) : nothing}
        ${kind === 'regions' ? nothing : this.#check('markers', this.markers, (on) => (this.markers = on))}
        ${
          this.badTime === null
            ? nothing
            : html`<p class="line problem" id="bad-time" role="alert">
                ${exportStrings.badTime(MAX_TIMES[this.badTime])}
              </p>`
        }
      </fieldset>
      <fieldset>
        <legend>${exportStrings.names}</legend>
        <input
          id="template"
          type="text"
          autocomplete="off"
          spellcheck="false"
          aria-label=${exportStrings.template}
          aria-describedby="example"
          aria-invalid=${problem !== null}
          .value=${this.templates[kind] ?? DEFAULT_TEMPLATES[kind]}
          @input=${(event: Event) => this.#setTemplate(kind, (event.target as HTMLInputElement).value)}
        />
        <span class="places">
          ${PLACES.map(
            (place) =>
              html`<button
                type="button"
                aria-label=${exportStrings.insert(exportStrings.places[place])}
                @click=${() => this.#insert(kind, place)}
              >
                ${exportStrings.places[place]}
              </button>`,
          )}
        </span>
        <p class="line ${problem === null ? 'note' : 'problem'}" id="example" role="status">
          ${'problem' in preview ? preview.problem : exportStrings.example(preview.example)}
        </p>
      </fieldset>
      <div class="end">
        <button
          class="primary"
          title=${this.#store.value.isBusy ? exportStrings.busy : nothing}
          ?disabled=${problem !== null || this.badTime !== null || this.#store.value.isBusy}
        >
          ${exportStrings.start}
        </button>
        ${
          'problem' in preview
            ? nothing
            : html`<span class="muted"
                >${exportStrings.summary(preview.fileCount, preview.bytes)}${
                  preview.fileName === preview.example ? nothing : html` ${exportStrings.archive}`
                }</span
              >`
        }
      </div>
    </form>`;
  }

  #kindChoice(current: EarmarkState, kind: RenderWhat, isChosen: boolean) {
    const missing = missingFor(current, kind);
    return html`<label class=${missing === null ? '' : 'off'} title=${missing ?? nothing}
      ><input
        type="radio"
        name="kind"
        value=${kind}
        .checked=${isChosen}
        ?disabled=${missing !== null && !isChosen}
        @change=${() => (this.chosenKind = kind)}
      />${exportStrings.kinds[kind]}</label
    >`;
  }

  #takeChoice(current: EarmarkState, kind: RenderWhat) {
    const hits = current.regions.filter(({ status }) => status !== 'rejected');
    const followsMask = kind === 'target-residual' && current.mask !== null;
    const selected = current.selectedRegionIds.size;
    const prompts = current.prompts.filter(({ id }) => hits.some(({ promptId }) => promptId === id));
    const taken = this.#take(current);
    const option = (take: Take, text: string) =>
      html`<option value=${take} ?selected=${take === taken}>${text}</option>`;
    return html`<label
      >${exportStrings.take}
      <select name="take" @change=${this.#onTake}>
        ${option('all', followsMask ? exportStrings.takeMask : exportStrings.takeAll(hits.length))}
        ${selected > 0 || taken === 'selected' ? option('selected', exportStrings.takeSelected(selected)) : nothing}
        ${prompts.map(({ id, text }) => option(`prompt ${id}`, text))}
      </select></label
    >`;
  }

  #timeField(name: keyof typeof MAX_TIMES, step: number) {
    const isBad = this.badTime === name;
    return html`<label
      >${exportStrings[name]}
      <input
        type="number"
        name=${name}
        min="0"
        max=${MAX_TIMES[name]}
        step=${step}
        aria-invalid=${isBad}
        aria-describedby=${isBad ? 'bad-time' : nothing}
        .value=${String(this.times[name])}
        @change=${this.#onTime}
      /><span class="muted">${exportStrings.milliseconds}</span></label
    >`;
  }

  #check(name: 'rest' | 'markers', isOn: boolean, set: (on: boolean) => void) {
    const onChange = (event: Event): void => set((event.target as HTMLInputElement).checked);
    return html`<label
      ><input type="checkbox" name=${name} .checked=${isOn} @change=${onChange} />${exportStrings[name]}</label
    >`;
  }

  /** What was chosen, or else what the last step of the user's work suggests. */
  #kind(current: EarmarkState): RenderWhat {
    if (this.chosenKind !== null) return this.chosenKind;
    if (current.mask) return 'mix';
    return current.split ? 'stems' : 'regions';
  }

  /** A sound that was removed takes its choice with it. */
  #take({ prompts }: EarmarkState): Take {
    const { take } = this;
    return take.startsWith('prompt ') && !prompts.some(({ id }) => take === `prompt ${id}`) ? 'all' : take;
  }

  #settings(current: EarmarkState, kind: RenderWhat): RenderSettings {
    const takes = kind === 'regions' || kind === 'target-residual';
    const take = this.#take(current);
    return {
      what: kind,
      depth: this.depth,
      handles: this.times.handles / 1000,
      fade: this.times.fade / 1000,
      template: this.templates[kind] ?? DEFAULT_TEMPLATES[kind],
      rest: this.rest,
      markers: this.markers,
      ...(takes && take === 'selected' ? { regions: [...current.selectedRegionIds] } : {}),
      ...(takes && take.startsWith('prompt ') ? { prompts: [take.slice('prompt '.length)] } : {}),
    };
  }

  #setTemplate(kind: RenderWhat, template: string): void {
    this.templates = { ...this.templates, [kind]: template };
  }

  /** Where the cursor is, or at the end. */
  #insert(kind: RenderWhat, place: string): void {
    const field = this.templateField;
    if (!field) return;
    field.setRangeText(
      `{${place}}`,
      field.selectionStart ?? field.value.length,
      field.selectionEnd ?? field.value.length,
      'end',
    );
    this.#setTemplate(kind, field.value);
    field.focus();
  }

  #depthName(depth: RenderDepth): string {
    if (depth !== 'source') return exportStrings.depths[depth];
    const { sampleFormat = 'float32' } = this.#store.value?.source ?? {};
    return exportStrings.asRecorded(exportStrings.depths[RECORDED_DEPTHS[sampleFormat]]);
  }

  readonly #onDepth = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    this.depth = DEPTHS.find((depth) => String(depth) === value) ?? 'source';
  };

  readonly #onTake = (event: Event): void => {
    this.take = (event.target as HTMLSelectElement).value as Take;
  };

  readonly #onTime = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const name = input.name as keyof typeof MAX_TIMES;
    const value = input.valueAsNumber;
    const isGood = value >= 0 && value <= MAX_TIMES[name];
    this.badTime = isGood ? null : name;
    if (isGood) this.times = { ...this.times, [name]: value };
  };

  readonly #onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#start();
  };

  async #start(): Promise<void> {
    const current = this.earmark?.getState();
    if (!current) return;
    const kind = this.#kind(current);
    const settings = this.#settings(current, kind);
    const preview = describeRender(current, settings);
    if ('problem' in preview) return;
    const { fileName, bytes } = preview;
    const description = fileName.endsWith('.zip') ? exportStrings.zipFile : exportStrings.wavFile;
    try {
      const to = await askWhereToSave(fileName, bytes, description);
      this.dispatch({ type: 'render', ...settings, ...(to ? { to } : {}) });
    } catch (error) {
      // Thought better of it.
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
    }
  }
}

/** What has to be done before a kind can be exported, ready to show; null for nothing. */
function missingFor({ mask, regions, split }: EarmarkState, kind: RenderWhat): string | null {
  if (kind === 'mix') return mask ? null : exportStrings.needsMask;
  const hasHits = regions.some(({ status }) => status !== 'rejected');
  if (kind === 'stems') return split || hasHits ? null : exportStrings.needsHits;
  return hasHits ? null : exportStrings.needsHits;
}

define('earmark-export', ExportToolElement);

declare global {
  interface HTMLElementTagNameMap {
    'earmark-export': ExportToolElement;
  }
}
