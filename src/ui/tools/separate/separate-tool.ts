import { css, html, nothing, type CSSResultGroup } from 'lit';
import { query, state } from 'lit/decorators.js';
import type { JobFile, JobState } from '../../../plugin/job.js';
import {
  DEFAULT_SEPARATION_METHOD,
  SEPARATION_METHODS,
  SEPARATION_PARTS,
  type SeparationMethod,
  type SeparationState,
} from '../../../plugin/separation.js';
import { actionButton } from '../../action-button.js';
import { controls } from '../../control.styles.js';
import { define } from '../../define.js';
import { EarmarkElement } from '../../earmark-element.js';
import { StoreController } from '../../store-controller.js';
import { strings } from '../../strings.js';
import { theme } from '../../theme.styles.js';
import { saveFile } from '../job/save-file.js';
import { activeFraction, gatingBound, measuredImprovement } from './expectation.js';
import { separateStrings } from './separate-strings.js';

/** A prompt that can be separated. */
interface Sound {
  readonly id: string;
  readonly text: string;
  /** Its hits that were not rejected. */
  readonly count: number;
  /** Share of the recording, 0…1. */
  readonly fraction: number;
}

/** Separates what was found from the rest, says what to expect of that, and lets both be heard and saved. */
export class SeparateToolElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    css`
      :host {
        display: grid;
        gap: 10px;
      }
      .row,
      fieldset {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 14px;
      }
      fieldset {
        min-width: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        float: left;
        padding: 0;
      }
      .row > label,
      fieldset label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-height: 30px;
      }
      select {
        max-width: 200px;
        min-height: 30px;
        padding: 4px 8px;
        border: 1px solid var(--_control-line);
        border-radius: var(--_radius);
        background: var(--_raised);
        color: inherit;
        font: inherit;
      }
      input[type='radio'] {
        margin: 0;
        accent-color: var(--_accent);
      }
      p {
        max-width: 84ch;
        margin: 0;
      }
      .result {
        padding-top: 10px;
        border-top: 1px solid var(--_line);
      }
      @media (pointer: coarse) {
        select {
          min-height: 44px;
        }
        input[type='radio'] {
          width: 24px;
          height: 24px;
        }
      }
    `,
  ];

  /** Id of the prompt that was chosen; without one it is the first that has hits. */
  @state() private chosen: string | null = null;
  @state() private method: SeparationMethod = DEFAULT_SEPARATION_METHOD;
  @state() private wasCancelled = false;
  @query('#sound') private readonly select!: HTMLSelectElement;

  readonly #store = new StoreController(this, ({ prompts, regions, source, separation, job }) => ({
    // Curves grow while the analysis runs; nothing of them is shown here.
    prompts: prompts
      .filter(({ polarity }) => polarity === 'target')
      .map(({ id, text }) => `${id}\n${text}`)
      .join('\n\n'),
    regions,
    duration: source?.duration ?? 0,
    separation,
    job,
  }));
  /** The separation that is running. */
  #running: JobState | null = null;
  /** The result that was there when it began. */
  #before: SeparationState | null = null;

  override focus(options?: FocusOptions): void {
    void this.updateComplete.then(() => this.select.focus(options));
  }

  protected override willUpdate(): void {
    const { job, separation } = this.#store.value ?? { job: null, separation: null };
    const running = job?.kind === 'separate' && job.phase === 'running' ? job : null;
    if (running) {
      this.wasCancelled = false;
      if (!this.#running) this.#before = separation;
    } else if (this.#running) {
      // What is done leaves a result, what failed leaves its job.
      this.wasCancelled = job === null && separation === this.#before;
    }
    this.#running = running;
  }

  protected override render() {
    const view = this.#store.value;
    if (view === null) return nothing;
    const sounds = this.#sounds();
    const sound = sounds.find(({ id }) => id === this.chosen) ?? sounds.find(({ count }) => count > 0) ?? sounds[0];
    if (!sound) return nothing;
    const isBusy = view.job?.phase === 'running';
    return html`<form class="row" @submit=${(event: Event) => this.#onSubmit(event, sound)}>
        <label
          >${separateStrings.sound}
          <select id="sound" @change=${this.#onSound}>
            ${sounds.map(
              ({ id, text, count }) =>
                html`<option value=${id} ?selected=${id === sound.id}>
                  ${separateStrings.soundWithHits(text, count)}
                </option>`,
            )}
          </select></label
        >
        <fieldset aria-describedby="method-hint">
          <legend class="visually-hidden">${separateStrings.method}</legend>
          ${SEPARATION_METHODS.map(
            (method) =>
              html`<label
                ><input
                  type="radio"
                  name="method"
                  .checked=${method === this.method}
                  @change=${() => (this.method = method)}
                />${separateStrings.methods[method]}</label
              >`,
          )}
        </fieldset>
        <button class="primary" ?disabled=${isBusy || sound.count === 0}>
          ${this.#running ? separateStrings.running : separateStrings.separate}
        </button>
      </form>
      <p class="note" id="method-hint">${separateStrings.methodHints[this.method]}</p>
      <p class="note">${this.#expectation(sound)}</p>
      <p class="note" role="status" ?hidden=${!this.wasCancelled}>
        ${this.wasCancelled ? separateStrings.cancelled : nothing}
      </p>
      ${view.separation === null ? nothing : this.#result(view.separation)}`;
  }

  #sounds(): Sound[] {
    const { prompts, regions, source } = this.earmark!.getState();
    return prompts
      .filter(({ polarity }) => polarity === 'target')
      .map(({ id, text }) => {
        const hits = regions.filter(({ promptId, status }) => promptId === id && status !== 'rejected');
        return { id, text, count: hits.length, fraction: activeFraction(hits, source?.duration ?? 0) };
      });
  }

  #expectation({ text, count, fraction }: Sound): string {
    if (count === 0) return separateStrings.noHits(text);
    const { median, worstTenth } = measuredImprovement(this.method);
    return separateStrings.expect(text, fraction, gatingBound(fraction), median, worstTenth);
  }

  #result({ prompt, method, listening, target, residual }: SeparationState) {
    return html`<div
        class="row result"
        role="group"
        aria-label=${separateStrings.result(prompt, separateStrings.methods[method])}
      >
        <strong>${separateStrings.result(prompt, separateStrings.methods[method])}</strong>
        <span class="joined" role="group" aria-label=${separateStrings.listen}>
          ${SEPARATION_PARTS.map((part) =>
            actionButton({
              label: separateStrings.partHints[part],
              icon: nothing,
              text: separateStrings.parts[part],
              look: '',
              pressed: part === listening,
              act: () => this.dispatch({ type: 'separation-listen', part: part === listening ? null : part }),
            }),
          )}
        </span>
        <button
          ?disabled=${listening === null}
          @click=${() => this.dispatch({ type: 'separation-listen', part: null })}
        >
          ${separateStrings.stop}
        </button>
        <span class="grow"></span>
        ${this.#save(target, separateStrings.saveTarget)}${this.#save(residual, separateStrings.saveResidual)}
        <button class="link" @click=${() => this.dispatch({ type: 'separation-dismiss' })}>
          ${separateStrings.dismiss}
        </button>
      </div>
      <p class="note">${separateStrings.adds}</p>`;
  }

  #save(file: JobFile, textOf: (size: string) => string) {
    return actionButton({
      label: file.name,
      icon: nothing,
      text: textOf(strings.bytes(file.blob.size)),
      look: '',
      act: () => saveFile(file),
    });
  }

  readonly #onSound = (event: Event): void => {
    this.chosen = (event.target as HTMLSelectElement).value;
  };

  #onSubmit(event: Event, { id }: Sound): void {
    event.preventDefault();
    this.dispatch({ type: 'separate', prompt: id, method: this.method });
  }
}

define('earmark-separate-tool', SeparateToolElement);

declare global {
  interface HTMLElementTagNameMap {
    'earmark-separate-tool': SeparateToolElement;
  }
}
