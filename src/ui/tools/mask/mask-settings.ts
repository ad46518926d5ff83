import { html, nothing, type CSSResultGroup, type PropertyValues } from 'lit';
import { state } from 'lit/decorators.js';
import { DEFAULT_SHAPE, MAX_MASK_TIME, type Mask, type MaskShape } from '../../../plugin/mask.js';
import type { ActionRequest } from '../../../plugin/requests.js';
import type { PromptState } from '../../../plugin/state.js';
import { controls } from '../../control.styles.js';
import { define } from '../../define.js';
import { EarmarkElement } from '../../earmark-element.js';
import { icons } from '../../icons.js';
import { StoreController } from '../../store-controller.js';
import { styleProperties } from '../../style-properties.js';
import { promptColor, theme } from '../../theme.styles.js';
import type { EnvelopeEditorElement } from './envelope-editor.js';
import { loweredTime } from './lowered-time.js';
import { maskSettingsStyles } from './mask-settings.styles.js';
import { maskStrings } from './mask-strings.js';

const TIMES = ['attack', 'hold', 'release', 'padding'] as const;
type FieldName = keyof MaskShape;
type Fades = Pick<MaskShape, 'attack' | 'release'>;

/** Fades in seconds. Padding and hold stay: how far the boundaries can be trusted is no matter of taste. */
const PRESETS: Readonly<Record<keyof typeof maskStrings.presets, Fades>> = {
  tight: { attack: 0.005, release: 0.02 },
  standard: DEFAULT_SHAPE,
  soft: { attack: 0.05, release: 0.25 },
};

/** Least gain in dB that the arrow keys give before silence. */
const QUIETEST = -60;

type Scope = 'everything' | 'prompts' | 'regions';

/** What the mask takes, the fades in milliseconds, and how deep it goes; opens the envelope for editing by hand. */
export class MaskSettingsElement extends EarmarkElement {
  static override styles: CSSResultGroup = [theme, controls, maskSettingsStyles];

  @state() private problems: Partial<Record<FieldName, string>> = {};
  @state() private editor: EnvelopeEditorElement | null = null;
  #unmountEditor: (() => void) | null = null;

  readonly #store = new StoreController(this, ({ mask, prompts, selectedRegionIds, gainEnvelope, source }) => ({
    mask,
    prompts,
    selected: selectedRegionIds,
    envelope: gainEnvelope,
    duration: source?.duration ?? 0,
  }));
  #shownMask: Mask | null = null;

  override disconnectedCallback(): void {
    this.#stopEditing();
    super.disconnectedCallback();
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('input:checked')?.focus();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const mask = this.#store.value?.mask ?? null;
    // What is shown now is what holds, and no longer what was typed.
    if (mask !== this.#shownMask) this.problems = {};
    this.#shownMask = mask;
    if (mask === null || changed.has('earmark')) this.#stopEditing();
  }

  protected override render() {
    const view = this.#store.value;
    if (view === null || view.mask === null) return html`<p class="note">${maskStrings.noMask}</p>`;
    const { mask } = view;
    return html`<div class="rows">
      <fieldset>
        <legend>${maskStrings.scope}</legend>
        ${this.#scope(mask, view.prompts, view.selected)}
      </fieldset>
      <fieldset>
        <legend>${maskStrings.fades}</legend>
        ${this.#presets(mask)}
        ${TIMES.map((name) =>
          this.#field(name, String(Math.round(mask[name] * 1e6) / 1e3), maskStrings.milliseconds, 5),
        )}
        ${this.#field('floor', mask.floor === -Infinity ? '' : String(mask.floor), maskStrings.decibels, 1)}
      </fieldset>
      <fieldset>
        <legend>${maskStrings.envelope}</legend>
        ${this.#envelope(mask, view.envelope && loweredTime(view.envelope, view.duration))}
      </fieldset>
    </div>`;
  }

  #scope(mask: Mask, prompts: readonly PromptState[], selected: ReadonlySet<string>) {
    const { everything, promptIds, regionIds, inverted } = mask;
    const scope: Scope = everything ? 'everything' : regionIds.length > 0 ? 'regions' : 'prompts';
    const targets = prompts.filter(({ polarity }) => polarity === 'target');
    const others =
      selected.size > 0 && (selected.size !== regionIds.length || regionIds.some((id) => !selected.has(id)));
    const label: Readonly<Record<Scope, string>> = {
      everything: maskStrings.everything,
      prompts: maskStrings.prompts,
      regions: scope === 'regions' ? maskStrings.regions(regionIds.length) : maskStrings.selection(selected.size),
    };
    const request: Readonly<Record<Scope, Partial<ActionRequest & { type: 'mask-set' }>>> = {
      everything: { everything: true },
      prompts: { prompts: targets.map(({ id }) => id) },
      regions: { regions: [...selected] },
    };
    const disabled = { everything: false, prompts: targets.length === 0, regions: selected.size === 0 };
    return html`${(['everything', 'prompts', 'regions'] as const).map(
        (each) =>
          html`<label
            ><input
              type="radio"
              name="scope"
              .checked=${each === scope}
              ?disabled=${each !== scope && disabled[each]}
              @change=${() => this.#set(mask, request[each])}
            />${label[each]}</label
          >`,
      )}
      ${
        scope === 'regions' && others
          ? html`<button class="link" @click=${() => this.#set(mask, request.regions)}>
              ${maskStrings.takeSelection(selected.size)}
            </button>`
          : nothing
      }
      <label class="apart"
        ><input
          type="checkbox"
          .checked=${inverted}
          @change=${() => this.#set(mask, { inverted: !inverted })}
        />${maskStrings.inverted}</label
      >
      ${
        everything || targets.length === 0 || (scope === 'regions' && promptIds.length === 0)
          ? nothing
          : html`<div class="chips">${targets.map((prompt) => this.#chip(mask, prompt))}</div>`
      }`;
  }

  #chip(mask: Mask, { id, text, color, presence }: PromptState) {
    const { promptIds, regionIds } = mask;
    const isChosen = promptIds.includes(id);
    const chosen = isChosen ? promptIds.filter((other) => other !== id) : [...promptIds, id];
    return html`<button
      class="chip"
      aria-pressed=${isChosen}
      @click=${() => this.#set(mask, { prompts: chosen, regions: regionIds })}
    >
      <i class="dot ${isChosen ? '' : 'hollow'}" ${styleProperties({ '--_c': promptColor(color) })}></i>
      <span>${text}</span>${
        presence?.present === false ? html`<span class="note">${maskStrings.notFound}</span>` : nothing
      }${isChosen ? icons.check : nothing}
    </button>`;
  }

  #presets(mask: Mask) {
    return html`<span class="joined" role="group" aria-label=${maskStrings.fades}>
      ${(Object.keys(PRESETS) as (keyof typeof PRESETS)[]).map((name) => {
        const { attack, release } = PRESETS[name];
        const isSet = mask.attack === attack && mask.release === release;
        return html`<button aria-pressed=${isSet} @click=${() => this.#set(mask, { attack, release })}>
          ${maskStrings.presets[name]}
        </button>`;
      })}
    </span>`;
  }

  #field(name: FieldName, value: string, unit: string, step: number) {
    const problem = this.problems[name];
    return html`<span class="field"
      ><label
        >${maskStrings[name]}
        <input
          type="number"
          name=${name}
          step=${step}
          min=${name === 'floor' ? nothing : 0}
          max=${name === 'floor' ? 0 : nothing}
          placeholder=${name === 'floor' ? maskStrings.silence : nothing}
          aria-invalid=${problem === undefined ? nothing : 'true'}
          aria-describedby=${problem === undefined ? nothing : `${name}-problem`}
          .value=${value}
          @change=${this.#onChange}
          @keydown=${name === 'floor' ? this.#onFloorKey : nothing}
        /><span class="muted">${unit}</span></label
      >${
        problem === undefined
          ? nothing
          : html`<span class="problem" id="${name}-problem" role="alert">${icons.warning}${problem}</span>`
      }</span
    >`;
  }

  #envelope(mask: Mask, lowered: ReturnType<typeof loweredTime> | null) {
    const { editor } = this;
    const canEdit = this.earmark?.host?.mountOverlay !== undefined;
    return html`<span class="lowered"
        >${lowered === null ? nothing : maskStrings.lowered(mask.mode, lowered.stretches, lowered.seconds)}${
          mask.drawn.length === 0 ? nothing : html` · ${maskStrings.drawn(mask.drawn.length)}`
        }</span
      >
      <span class="buttons">
        ${
          canEdit
            ? html`<button
                class="edit"
                aria-pressed=${editor !== null}
                @click=${() => void (editor === null ? this.#startEditing() : this.#stopEditing())}
              >
                ${maskStrings.edit}
              </button>`
            : nothing
        }
        ${
          editor === null
            ? nothing
            : html`<button @click=${() => editor.addPoint()}>${maskStrings.addPoint}</button>
                <button @click=${() => editor.deletePoint()}>${maskStrings.deletePoint}</button>`
        }
        ${
          mask.drawn.length === 0
            ? nothing
            : html`<button
                title=${maskStrings.automaticHint}
                @click=${() => this.dispatch({ type: 'mask-draw', points: null })}
              >
                ${maskStrings.automatic}
              </button>`
        }
      </span>
      ${editor === null ? nothing : html`<p class="note">${maskStrings.editHint}</p>`}`;
  }

  async #startEditing(): Promise<void> {
    const { EnvelopeEditorElement } = await import('./envelope-editor.js');
    const { earmark } = this;
    if (!this.isConnected || this.editor !== null || !earmark?.host?.mountOverlay) return;
    const editor = new EnvelopeEditorElement();
    editor.earmark = earmark;
    editor.addEventListener('earmark-envelope-close', () => {
      this.#stopEditing();
      this.renderRoot.querySelector<HTMLElement>('.edit')?.focus();
    });
    this.#unmountEditor = earmark.host.mountOverlay(editor, 'top');
    this.editor = editor;
    await editor.updateComplete;
    editor.focus();
  }

  #stopEditing(): void {
    this.#unmountEditor?.();
    this.#unmountEditor = null;
    this.editor = null;
  }

  readonly #onChange = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    const name = input.name as FieldName;
    const { mask } = this.#store.value!;
    const value = input.valueAsNumber;
    const isSilence = name === 'floor' && input.value === '' && !input.validity.badInput;
    const isGood = name === 'floor' ? isSilence || value <= 0 : value >= 0 && value <= 1000 * MAX_MASK_TIME;
    const problem = name === 'floor' ? maskStrings.badFloor : maskStrings.badTime(1000 * MAX_MASK_TIME);
    const { [name]: _, ...others } = this.problems;
    this.problems = isGood ? others : { ...others, [name]: problem };
    if (!isGood || mask === null) return;
    this.#set(mask, { [name]: name === 'floor' ? (isSilence ? -Infinity : value) : value / 1000 });
  };

  /** Up from silence is the quietest step, and down from there is silence. */
  readonly #onFloorKey = (event: KeyboardEvent): void => {
    const input = event.currentTarget as HTMLInputElement;
    const isSilent = input.value === '';
    const isUp = event.key === 'ArrowUp' && isSilent;
    const isDown = event.key === 'ArrowDown' && (isSilent || input.valueAsNumber <= QUIETEST);
    if (!isUp && !isDown) return;
    event.preventDefault();
    const value = isUp ? String(QUIETEST) : '';
    if (input.value === value) return;
    input.value = value;
    input.dispatchEvent(new Event('change'));
  };

  #set({ mode }: Mask, change: Partial<ActionRequest & { type: 'mask-set' }>): void {
    this.dispatch({ type: 'mask-set', ...change, mode });
  }
}

define('earmark-mask-settings', MaskSettingsElement);

declare global {
  interface HTMLElementTagNameMap {
    'earmark-mask-settings': MaskSettingsElement;
  }
}
