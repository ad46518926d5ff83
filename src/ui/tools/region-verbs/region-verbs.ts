import { css, html, nothing, type CSSResultGroup } from 'lit';
import { query, state } from 'lit/decorators.js';
import type { Region } from '../../../plugin/region.js';
import { actionButton } from '../../action-button.js';
import { controls } from '../../control.styles.js';
import { EarmarkElement } from '../../earmark-element.js';
import { icons } from '../../icons.js';
import { regionsToEdit } from '../../region-keys.js';
import { StoreController } from '../../store-controller.js';
import { StoreScope } from '../../store-scope.js';
import { theme } from '../../theme.styles.js';
import { openTool } from '../open-tool.js';
import { doVerb, nudge, VERB_KEYS, type RegionVerb } from './region-verb.js';
import { regionVerbsStrings } from './region-verbs-strings.js';
import { NUDGE_STEPS, verbSettings, type NudgeStep } from './verb-settings.js';

/**
 * What can be done with regions by hand: draw them, and silence, split, merge, snap, nudge, rename, copy or delete those
 * that are selected.
 */
export class RegionVerbsElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    css`
      .bar,
      form {
        display: flex;
        align-items: center;
        gap: 4px;
        padding: 5px 12px;
        border-bottom: 1px solid var(--_line);
      }
      /* An edge behind which there is more lies in shadow; what scrolls along covers the shadow at its own ends. */
      .bar {
        --_shade: color-mix(in srgb, var(--_text) 26%, transparent), transparent;
        min-height: 41px;
        overflow-x: auto;
        scrollbar-width: thin;
        white-space: nowrap;
        background:
          linear-gradient(to right, var(--_surface) 60%, transparent) local left / 40px,
          linear-gradient(to left, var(--_surface) 60%, transparent) local right / 40px,
          linear-gradient(to right, var(--_shade)) scroll left / 18px,
          linear-gradient(to left, var(--_shade)) scroll right / 18px;
        background-repeat: no-repeat;
      }
      .bar > * {
        flex: none;
      }
      button,
      select {
        min-height: 28px;
        padding: 2px 9px;
        font-size: 12px;
      }
      button.verb:not(:hover, [aria-pressed='true']) {
        border-color: transparent;
        background: none;
      }
      button.square {
        min-width: 28px;
        padding: 2px 6px;
      }
      .earlier .icon {
        transform: rotate(90deg);
      }
      .later .icon {
        transform: rotate(-90deg);
      }
      .about {
        min-width: 84px;
        padding-inline: 8px;
      }
      .about.hint {
        flex: 0 1 auto;
        white-space: normal;
      }
      .rule {
        width: 1px;
        height: 18px;
        margin-inline: 4px;
        background: var(--_line);
      }
      select,
      form input {
        border: 1px solid var(--_control-line);
        border-radius: var(--_radius);
        background: var(--_raised);
        color: inherit;
        font: inherit;
        font-size: 12px;
      }
      form {
        flex-wrap: wrap;
        gap: 8px;
      }
      form label {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        min-width: 0;
      }
      form input {
        width: min(240px, 48vw);
        min-height: 30px;
        padding: 4px 9px;
        font-size: 13px;
      }
      @media (pointer: coarse) {
        button,
        button.square,
        select {
          min-height: 44px;
        }
      }
    `,
  ];

  @state() private isNaming = false;
  @query('form input') private readonly nameField!: HTMLInputElement | null;

  readonly #store = new StoreController(this, (current) => ({
    duration: current.source?.duration ?? 0,
    meant: regionsToEdit(current)
      .map(({ id }) => id)
      .join('\n'),
    regions: current.regions,
    mark: current.mark,
    mask: current.mask,
    names: current.prompts.flatMap(({ polarity, text }) => (polarity === 'target' ? [text] : [])).join('\n'),
  }));

  constructor() {
    super();
    void new StoreScope(this, (store) => verbSettings(store).subscribe(() => this.requestUpdate()));
  }

  protected override render() {
    const view = this.#store.value;
    const store = this.earmark;
    if (view === null || store === null || view.duration === 0) return nothing;
    const settings = verbSettings(store);
    const meant = regionsToEdit(store.getState());
    return html`<div class="bar" role="group" aria-label=${regionVerbsStrings.bar}>
        ${actionButton({
          label: regionVerbsStrings.drawHint,
          icon: icons.plus,
          text: regionVerbsStrings.draw,
          look: '',
          pressed: settings.isDrawing,
          act: () => settings.setDrawing(!settings.isDrawing),
        })}
        <span class="about note ${meant.length === 0 ? 'hint' : ''}">${this.#about(meant)}</span>
        ${meant.length === 0 ? nothing : this.#verbs(meant)}
      </div>
      ${this.isNaming && meant.length > 0 ? this.#naming(meant) : nothing}`;
  }

  #about(meant: readonly Region[]): string {
    const { mark } = this.#store.value!;
    if (mark !== null) return regionVerbsStrings.marked(mark.side, mark.time);
    return meant.length === 0 ? regionVerbsStrings.hint : regionVerbsStrings.selected(meant.length, meant[0]!.label);
  }

  #verbs(meant: readonly Region[]) {
    const { mask } = this.#store.value!;
    const silenced = new Set(mask?.mode === 'mute' ? mask.regionIds : []);
    const isSilenced = meant.every(({ id }) => silenced.has(id));
    return html`${this.#verb('silence', regionVerbsStrings.silenceHint, { pressed: isSilenced })}
      ${this.#verb('split', regionVerbsStrings.splitHint, { disabled: this.earmark!.host === null })}
      ${this.#verb('merge', regionVerbsStrings.mergeHint, { disabled: meant.length < 2 })}
      ${this.#verb('snap', regionVerbsStrings.snapHint, {})}
      ${actionButton({
        label: regionVerbsStrings.renameHint,
        icon: nothing,
        text: regionVerbsStrings.rename,
        look: 'verb',
        act: () => this.#toggleNaming(),
      })}
      ${this.#verb('remove', regionVerbsStrings.remove, {})}
      ${actionButton({
        label: regionVerbsStrings.exportHint,
        icon: nothing,
        text: regionVerbsStrings.export,
        look: 'verb',
        act: () => openTool(this, 'export', 'selection'),
      })}
      <span class="rule"></span>
      ${this.#nudging()}`;
  }

  #verb(verb: RegionVerb, label: string, how: { readonly pressed?: boolean; readonly disabled?: boolean }) {
    return actionButton({
      ...how,
      label,
      icon: nothing,
      text: regionVerbsStrings[verb],
      look: 'verb',
      keys: VERB_KEYS[verb],
      act: () => doVerb(verb, this.earmark!),
    });
  }

  #nudging() {
    const store = this.earmark!;
    const settings = verbSettings(store);
    const onStep = (event: Event) => settings.setNudgeStep((event.target as HTMLSelectElement).value as NudgeStep);
    return html`<span class="note">${regionVerbsStrings.nudgeBy}</span>
      <select aria-label=${regionVerbsStrings.nudgeBy} @change=${onStep}>
        ${NUDGE_STEPS.map(
          (step) =>
            html`<option value=${step} ?selected=${step === settings.nudgeStep}>
              ${regionVerbsStrings.steps[step]}
            </option>`,
        )}
      </select>
      ${actionButton({
        label: regionVerbsStrings.earlier,
        icon: icons.chevron,
        look: 'square earlier',
        keys: ',',
        act: () => nudge(store, 'whole', -1),
      })}
      ${actionButton({
        label: regionVerbsStrings.later,
        icon: icons.chevron,
        look: 'square later',
        keys: '.',
        act: () => nudge(store, 'whole', 1),
      })}`;
  }

  /** A new name for the selection, or a sound to copy it to. */
  #naming(meant: readonly Region[]) {
    const ids = meant.map(({ id }) => id);
    const names = this.#store.value!.names.split('\n').filter((name) => name !== '');
    const send = (type: 'region-rename' | 'region-copy') => {
      const label = this.nameField?.value.trim() ?? '';
      if (label === '') return this.nameField?.focus();
      this.dispatch({ type, ids, label });
      this.isNaming = false;
      return undefined;
    };
    return html`<form
      @submit=${(event: Event) => {
        event.preventDefault();
        send('region-rename');
      }}
      @keydown=${this.#onNameKey}
    >
      <label
        ><span class="note">${regionVerbsStrings.name}</span>
        <input list="names" maxlength="300" autocomplete="off" .value=${meant[0]!.label}
      /></label>
      <datalist id="names">${names.map((name) => html`<option value=${name}></option>`)}</datalist>
      <button>${regionVerbsStrings.renameDo}</button>
      <button type="button" @click=${() => send('region-copy')}>${regionVerbsStrings.copyDo}</button>
      ${actionButton({
        label: regionVerbsStrings.close,
        icon: icons.close,
        look: 'square plain',
        act: () => (this.isNaming = false),
      })}
    </form>`;
  }

  #toggleNaming(): void {
    this.isNaming = !this.isNaming;
    if (this.isNaming) void this.updateComplete.then(() => this.nameField?.select());
  }

  readonly #onNameKey = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key !== 'Escape') return;
    event.preventDefault();
    this.isNaming = false;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-region-verbs': RegionVerbsElement;
  }
}
