import { html, nothing, type CSSResultGroup } from 'lit';
import { query, state } from 'lit/decorators.js';
import { DEFAULT_SWITCHING_COST } from '../../../detection/exclusive-split.js';
import { classSpans, type SplitClassInit, type SplitMode, type SplitState } from '../../../plugin/split.js';
import { SPLIT_PRESETS } from '../../../plugin/split-presets.js';
import { controls } from '../../control.styles.js';
import { define } from '../../define.js';
import { EarmarkElement } from '../../earmark-element.js';
import { StoreController } from '../../store-controller.js';
import { StoreScope } from '../../store-scope.js';
import { styleProperties } from '../../style-properties.js';
import { promptColor, theme } from '../../theme.styles.js';
import { parseClassNames } from './class-names.js';
import { splitStrings } from './split-strings.js';
import { splitStyles } from './split.styles.js';

const MODES: readonly SplitMode[] = ['exclusive', 'overlapping'];

/** Names classes, divides the recording by them, and shows how much of it each one has. */
export class SplitToolElement extends EarmarkElement {
  static override styles: CSSResultGroup = [theme, controls, splitStyles];

  @state() private selected: ReadonlySet<string> = new Set();
  /** How the first split will be made. */
  @state() private how: Pick<SplitState, 'mode' | 'switchingCost'> = {
    mode: 'exclusive',
    switchingCost: DEFAULT_SWITCHING_COST,
  };
  /** Name of the preset that was chosen last. */
  @state() private preset = '';
  @query('#names') private readonly names!: HTMLInputElement;
  @query('#preset-name') private readonly presetName!: HTMLInputElement;

  readonly #store = new StoreController(this, ({ split, splitPresets, source, analysis }) => ({
    split,
    isListening: analysis.phase === 'running' || analysis.phase === 'opening' || analysis.phase === 'done',
    presets: splitPresets ?? [],
    duration: source?.duration ?? 0,
  }));

  constructor() {
    super();
    void new StoreScope(this, (store) => {
      if (store.getState().splitPresets === null) store.dispatch({ type: 'split-preset-list' });
      return () => {};
    });
  }

  override focus(options?: FocusOptions): void {
    this.names.focus(options);
  }

  protected override render() {
    const view = this.#store.value;
    if (view === null) return nothing;
    const { split, duration } = view;
    return html`${this.#form(split)}${split === null ? nothing : this.#result(split, duration)}`;
  }

  #form(split: SplitState | null) {
    const own = this.#store.value?.presets ?? [];
    const { mode, switchingCost } = split ?? this.how;
    const labels = split?.classes.map(({ label }) => label).join(', ') ?? '';
    return html`<form class="ask" @submit=${this.#onSubmit}>
        <label class="visually-hidden" for="preset">${splitStrings.preset}</label>
        <select id="preset" @change=${this.#onPreset}>
          <option value="" ?selected=${this.preset === ''}>${splitStrings.choosePreset}</option>
          <optgroup label=${splitStrings.builtIn}>
            ${SPLIT_PRESETS.map(({ name }) => this.#presetOption(name))}
          </optgroup>
          ${
            own.length === 0
              ? nothing
              : html`<optgroup label=${splitStrings.own}>${own.map(({ name }) => this.#presetOption(name))}</optgroup>`
          }
        </select>
        <label class="visually-hidden" for="names">${splitStrings.classes}</label>
        <input
          id="names"
          class="grow"
          autocomplete="off"
          placeholder=${`${splitStrings.classes}: ${splitStrings.classesExample}`}
          .value=${labels}
        />
        <button class="primary">${splitStrings.split}</button>
      </form>
      <div class="how">
        <fieldset aria-describedby="mode-hint">
          <legend>${splitStrings.mode}</legend>
          ${MODES.map(
            (each) =>
              html`<label
                ><input
                  type="radio"
                  name="mode"
                  .checked=${each === mode}
                  @change=${() => this.#change({ mode: each })}
                />${splitStrings.modes[each]}</label
              >`,
          )}
        </fieldset>
        ${mode === 'exclusive' ? this.#costField(switchingCost) : nothing}
      </div>
      <p class="note">
        <span id="mode-hint">${splitStrings.modeHints[mode]}</span>
        ${
          mode === 'exclusive'
            ? html`<span id="cost-hint"><b>${splitStrings.switchingCost}:</b> ${splitStrings.switchingCostHint}</span>`
            : nothing
        }
      </p>`;
  }

  #costField(switchingCost: number) {
    return html`<label title=${splitStrings.switchingCostHint}
      >${splitStrings.switchingCost}
      <input
        id="cost"
        type="number"
        min="0"
        max="60"
        step="0.1"
        .value=${String(switchingCost)}
        aria-describedby="cost-hint"
        @change=${this.#onCost}
      /><span class="muted">${splitStrings.seconds}</span></label
    >`;
  }

  #presetOption(name: string) {
    return html`<option value=${name} ?selected=${name === this.preset}>${name}</option>`;
  }

  #result(split: SplitState, duration: number) {
    const { columns } = splitStrings;
    const selected = split.classes.filter(({ id }) => this.selected.has(id)).map(({ id }) => id);
    const isOwn = this.#store.value?.presets.some(({ name }) => name === this.preset) === true;
    return html`<div class="scroll">
        <table aria-label=${splitStrings.table}>
          <thead>
            <tr>
              <th scope="col" class="narrow">${columns.select}</th>
              <th scope="col">${columns.label}</th>
              <th scope="col">${columns.known}</th>
              <th scope="col" class="number">${columns.time}</th>
              <th scope="col" class="number">${columns.share}</th>
              <th scope="col" class="narrow">${columns.shown}</th>
            </tr>
          </thead>
          <tbody>
            ${split.classes.map((one) => this.#row(split, one, duration))}${this.#otherRow(split, duration)}
          </tbody>
        </table>
      </div>
      <div class="end">
        <button ?disabled=${selected.length < 2} @click=${() => this.#merge(selected)}>${splitStrings.merge}</button>
        <button
          title=${splitStrings.toRegionsHint}
          ?disabled=${!split.complete || split.segments.length === 0}
          @click=${() => this.dispatch({ type: 'split-to-regions' })}
        >
          ${splitStrings.toRegions}
        </button>
        <span class="note grow" role="status">${this.#progress(split)}</span>
        <form class="save" @submit=${this.#onSave}>
          <label class="visually-hidden" for="preset-name">${splitStrings.presetName}</label>
          <input id="preset-name" autocomplete="off" required placeholder=${splitStrings.presetName} />
          <button>${splitStrings.savePreset}</button>
        </form>
        ${
          isOwn
            ? html`<button class="link" @click=${this.#onDeletePreset}>
                ${splitStrings.deletePreset(this.preset)}
              </button>`
            : nothing
        }
        <button class="link" @click=${() => this.dispatch({ type: 'split-clear' })}>${splitStrings.clear}</button>
      </div>`;
  }

  #progress({ complete, segments }: SplitState): string {
    if (complete) return splitStrings.segments(segments.length);
    return this.#store.value?.isListening ? splitStrings.listening : splitStrings.unfinished;
  }

  #row(split: SplitState, one: SplitState['classes'][number], duration: number) {
    const { id, label, texts, silence, color, hidden, phase, message } = one;
    const time = classSpans(split, id).reduce((sum, { start, end }) => sum + end - start, 0);
    const known = [...texts, ...(silence ? [splitStrings.silence] : [])].join(', ');
    return html`<tr class=${hidden ? 'hidden-class' : ''}>
      <td class="narrow">
        <input
          type="checkbox"
          aria-label=${splitStrings.selectOf(label)}
          .checked=${this.selected.has(id)}
          @change=${() => this.#toggle(id)}
        />
      </td>
      <td>
        <span class="name"
          ><i class="dot" ${styleProperties({ '--_c': promptColor(color) })}></i
          ><input
            aria-label=${splitStrings.nameOf(label)}
            .value=${label}
            @change=${(event: Event) => this.#onRename(event, id, label)}
        /></span>
      </td>
      <td class="known ${phase === 'failed' ? 'failed' : ''}">
        ${phase === 'failed' ? message : phase === 'encoding' ? splitStrings.encoding : known}
      </td>
      <td class="number">${splitStrings.time(time)}</td>
      <td class="number">${splitStrings.share(duration > 0 ? time / duration : 0)}</td>
      <td class="narrow">
        <input
          type="checkbox"
          aria-label=${splitStrings.shownOf(label)}
          .checked=${!hidden}
          @change=${() => this.dispatch({ type: 'split-class-hide', id, hidden: !hidden })}
        />
      </td>
    </tr>`;
  }

  /** What is left belongs to none of them; where classes overlap there is no such remainder. */
  #otherRow(split: SplitState, duration: number) {
    if (split.mode !== 'exclusive' || !split.complete) return nothing;
    const rest = Math.max(0, duration - split.segments.reduce((sum, { start, end }) => sum + end - start, 0));
    return html`<tr class="muted">
      <td></td>
      <td>
        <span class="name"><i class="dot hollow"></i><span class="other">${splitStrings.other}</span></span>
      </td>
      <td></td>
      <td class="number">${splitStrings.time(rest)}</td>
      <td class="number">${splitStrings.share(duration > 0 ? rest / duration : 0)}</td>
      <td></td>
    </tr>`;
  }

  readonly #onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const classes = parseClassNames(this.names.value, this.#store.value?.split?.classes ?? []);
    this.preset = '';
    this.#split(classes);
  };

  readonly #onPreset = (event: Event): void => {
    this.preset = (event.target as HTMLSelectElement).value;
    const all = [...SPLIT_PRESETS, ...(this.#store.value?.presets ?? [])];
    const chosen = all.find(({ name }) => name === this.preset);
    if (chosen) this.#split(chosen.classes);
  };

  readonly #onCost = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    if (input.value !== '') this.#change({ switchingCost: Number(input.value) });
    input.value = String((this.#store.value?.split ?? this.how).switchingCost);
  };

  #split(classes: readonly SplitClassInit[]): void {
    const { mode, switchingCost } = this.#store.value?.split ?? this.how;
    this.dispatch({ type: 'split-set', classes, mode, switchingCost });
  }

  /** Changes how the split is made, or will be. */
  #change(change: Partial<typeof this.how>): void {
    if (this.#store.value?.split) this.dispatch({ type: 'split-set', ...change });
    else this.how = { ...this.how, ...change };
  }

  #onRename(event: Event, id: string, label: string): void {
    const input = event.target as HTMLInputElement;
    if (input.value.trim() !== '') this.dispatch({ type: 'split-class-rename', id, label: input.value });
    // What was refused is not the name; an accepted one comes back with the state.
    input.value = this.#store.value?.split?.classes.find((one) => one.id === id)?.label ?? label;
  }

  #toggle(id: string): void {
    const selected = new Set(this.selected);
    if (!selected.delete(id)) selected.add(id);
    this.selected = selected;
  }

  #merge(ids: readonly string[]): void {
    this.dispatch({ type: 'split-class-merge', ids });
    this.selected = new Set();
  }

  readonly #onSave = (event: SubmitEvent): void => {
    event.preventDefault();
    const name = this.presetName.value.trim();
    this.dispatch({ type: 'split-preset-save', name });
    this.preset = name;
    this.presetName.value = '';
  };

  readonly #onDeletePreset = (): void => {
    this.dispatch({ type: 'split-preset-delete', name: this.preset });
    this.preset = '';
  };
}

define('earmark-split-tool', SplitToolElement);

declare global {
  interface HTMLElementTagNameMap {
    'earmark-split-tool': SplitToolElement;
  }
}
