import { css, html, nothing, type CSSResultGroup, type TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { KeptModelState, ModelOfferState, ModelsState } from '../../../plugin/models-state.js';
import type { EarmarkRequest } from '../../../plugin/requests.js';
import type { EarmarkState } from '../../../plugin/state.js';
import { controls } from '../../control.styles.js';
import { EarmarkElement } from '../../earmark-element.js';
import { StoreController } from '../../store-controller.js';
import { StoreScope } from '../../store-scope.js';
import { strings } from '../../strings.js';
import { theme } from '../../theme.styles.js';
import { droppedFolder } from './dropped-folder.js';
import { modelStrings } from './model-strings.js';

const HUB_HOST = 'huggingface.co';

/** Shows which models there are, tells what another one takes before it is downloaded, and changes the model. */
export class ModelPickerElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    css`
      :host {
        display: grid;
        gap: 10px;
      }
      h2,
      p {
        margin: 0;
        font-size: 13px;
      }
      h2 {
        font-weight: 600;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
        border-top: 1px solid var(--_line);
      }
      li {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 2px 12px;
        align-items: center;
        padding-block: 8px;
        border-bottom: 1px solid var(--_line);
      }
      li .note {
        overflow-wrap: anywhere;
      }
      .acts {
        display: flex;
        align-items: center;
        justify-content: end;
        gap: 8px;
        grid-row: 1 / 3;
        grid-column: 2;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
      .box {
        display: grid;
        gap: 8px;
        padding: 10px 12px;
        border: 1px solid color-mix(in srgb, var(--_accent) 40%, var(--_line));
        border-radius: 10px;
        background: color-mix(in srgb, var(--_accent) 8%, var(--_surface));
      }
      .box.failed {
        border-color: color-mix(in srgb, var(--_danger) 40%, var(--_line));
        background: color-mix(in srgb, var(--_danger) 8%, var(--_surface));
      }
      progress {
        width: 100%;
        accent-color: var(--_accent);
      }
      summary {
        cursor: pointer;
      }
      details[open] > * + * {
        margin-top: 8px;
      }
      label {
        display: grid;
        gap: 4px;
        flex: 1;
        font-size: 12px;
      }
      label.check {
        display: flex;
        align-items: center;
        font-size: 13px;
      }
      input:not([type='file'], [type='checkbox']) {
        min-height: 30px;
        padding: 3px 8px;
        border: 1px solid var(--_control-line);
        border-radius: var(--_radius);
        background: var(--_surface);
      }
      .drop {
        padding: 8px 10px;
        border: 1px dashed var(--_control-line);
        border-radius: 10px;
      }
    `,
  ];

  @state() private host = '';
  @query('#folder') private readonly folderInput!: HTMLInputElement;
  @query('#url') private readonly urlInput!: HTMLInputElement;

  readonly #store = new StoreController(this, ({ models, model }) => ({ models, model }));

  constructor() {
    super();
    void new StoreScope(this, (store) => {
      store.dispatch({ type: 'model-list' });
      return () => {};
    });
  }

  protected override render() {
    const { models = null, model } = this.#store.value ?? {};
    if (models === null || model === undefined) return nothing;
    const { kept, known, own, current } = models;
    const keptIds = new Set(kept.map(({ id }) => id));
    const bytes = kept.reduce((sum, model) => sum + model.bytes, 0);
    return html`<h2 id="title">${modelStrings.title}</h2>
      ${this.#process(models, model.phase === 'failed')}
      <ul aria-labelledby="title">
        ${this.#row({
          name: strings.pocket,
          facts: modelStrings.pocketFacts,
          about: modelStrings.pocketIs,
          action: this.#use('pocket', strings.pocket, current),
        })}
        ${
          own === null
            ? nothing
            : this.#row({
                name: own.name,
                about: modelStrings.ownModel,
                action: this.#use(own.key, own.name, current),
              })
        }
        ${repeat(
          kept,
          ({ key }) => key,
          (each) => this.#keptRow(each, models),
        )}
        ${known
          .filter(({ id }) => !keptIds.has(id))
          .map(({ id, name, licence, bytes: size, betterAt }) =>
            this.#row({
              name,
              facts: modelStrings.aboutFacts(licence, size),
              about: betterAt,
              action: this.#button(modelStrings.get, modelStrings.getOf(name), () => this.#ask(id)),
            }),
          )}
      </ul>
      ${this.#fineMode(models, model.descriptor)}
      <p class="note">${modelStrings.asksFirst(this.host || HUB_HOST)}</p>
      <p class="note">${modelStrings.notChecked}</p>
      ${bytes === 0 ? nothing : html`<p class="note">${modelStrings.kept(bytes)}</p>`} ${this.#elsewhere()}`;
  }

  /** What is going on, or waits for an answer. */
  #process({ isAsking, offer, download, failure, current, own, kept, freeBytes }: ModelsState, isFailed: boolean) {
    const cancel = (text: string) =>
      html`<button @click=${() => this.dispatch({ type: 'model-cancel' })}>${text}</button>`;
    if (download !== null) {
      const { name, loaded, total, isWaiting } = download;
      return html`<div class="box">
        <label
          >${modelStrings.downloading(name, loaded, total)}<progress max=${total} .value=${loaded}></progress
        ></label>
        ${isWaiting ? html`<p role="status">${modelStrings.waiting}</p>` : nothing}
        <div class="line">${cancel(modelStrings.cancel)}</div>
      </div>`;
    }
    if (isAsking) {
      return html`<div class="box" role="status">
        <p>${modelStrings.asking}</p>
        <div class="line">${cancel(modelStrings.cancel)}</div>
      </div>`;
    }
    const back =
      current === 'pocket'
        ? nothing
        : html`<button @click=${() => this.dispatch({ type: 'model-use', model: 'pocket' })}>
            ${modelStrings.backToPocket}
          </button>`;
    // Neither built in nor kept: it has been removed.
    const isGone = current !== 'pocket' && current !== own?.key && !kept.some(({ key }) => key === current);
    const again = html`<button @click=${() => this.dispatch({ type: 'model-offer' })}>
      ${modelStrings.getAgain}
    </button>`;
    return html`${
      failure === null && !(isFailed && current !== 'pocket')
        ? nothing
        : html`<div class="box failed" role="alert">
            <p>${failure?.message ?? modelStrings.loadFailed}</p>
            <div class="line">${isGone ? again : nothing}${back}</div>
          </div>`
    }${offer === null ? nothing : this.#offer(offer, freeBytes, cancel(modelStrings.notNow))}`;
  }

  #offer(offer: ModelOfferState, freeBytes: number | null, notNow: TemplateResult) {
    const { name, bytes, loaded, from, kind, licence, revision, isStated, adds } = offer;
    const rest = Math.max(0, bytes - loaded);
    const isFolder = kind === 'folder';
    return html`<div class="box" role="status">
      ${adds === undefined ? nothing : html`<p>${adds === 'fine' ? modelStrings.addsFine(name) : modelStrings.addsSpare(name)}.</p>`}
      <p><b>${isFolder ? modelStrings.offerCopy(name, bytes) : modelStrings.offer(name, bytes, from)}</b></p>
      <p>
        ${modelStrings.licence(licence)} ${modelStrings.origin(from, revision)}.
        ${loaded > 0 ? modelStrings.alreadyHere(loaded) : nothing}
        ${isStated ? modelStrings.stated : modelStrings.unstated}
      </p>
      ${freeBytes !== null && freeBytes < rest ? html`<p>${modelStrings.noRoom(freeBytes)}</p>` : nothing}
      <div class="line">
        <button class="primary" @click=${() => this.dispatch({ type: 'model-download' })}>
          ${isFolder ? modelStrings.copy : modelStrings.download(rest)}
        </button>
        ${notNow}
      </div>
    </div>`;
  }

  #keptRow(model: KeptModelState, { current, known }: ModelsState) {
    const { key, id, name, licence, bytes, from, revision, isComplete } = model;
    const { betterAt = '' } = known.find((each) => each.id === id) ?? {};
    const ask: EarmarkRequest = { type: 'model-offer', from: { kept: key } };
    return this.#row({
      name,
      facts: modelStrings.facts(licence, bytes),
      about: `${betterAt} ${modelStrings.origin(from, revision)}${isComplete ? '' : `, ${modelStrings.incomplete}`}`,
      action: html`${
          isComplete
            ? this.#use(key, name, current)
            : this.#button(modelStrings.goOn, modelStrings.goOnOf(name), () => this.dispatch(ask))
        }<button
          class="link"
          aria-label=${modelStrings.deleteOf(name)}
          @click=${() => this.dispatch({ type: 'model-delete', model: key })}
        >
          ${modelStrings.delete}
        </button>`,
    });
  }

  /** For models that embed whole windows. */
  #fineMode({ fine, current }: ModelsState, descriptor: EarmarkState['model']['descriptor']) {
    if (current === 'pocket' || descriptor === null || (descriptor.kind === 'frames' && !fine)) return nothing;
    return html`<div>
      <label class="check"
        ><input
          type="checkbox"
          aria-describedby="fine-is"
          .checked=${live(fine)}
          @change=${(event: Event) =>
            this.dispatch({ type: 'model-fine', fine: (event.target as HTMLInputElement).checked })}
        />${modelStrings.fine}</label
      >
      <p class="note" id="fine-is">
        ${modelStrings.fineIs} ${fine && descriptor.kind === 'windows' ? modelStrings.fineNotHere : nothing}
      </p>
    </div>`;
  }

  #row({ name, facts, about, action }: { name: string; facts?: string; about: string; action: unknown }) {
    return html`<li>
      <span><b>${name}</b>${facts === undefined ? nothing : html` <span class="note">${facts}</span>`}</span>
      <span class="note">${about}</span>
      <span class="acts">${action}</span>
    </li>`;
  }

  #use(model: string, name: string, current: string) {
    if (model === current) return html`<span class="note">${modelStrings.inUse}</span>`;
    return this.#button(modelStrings.use, modelStrings.useOf(name), () => this.dispatch({ type: 'model-use', model }));
  }

  #button(text: string, label: string, act: () => void) {
    return html`<button aria-label=${label} @click=${act}>${text}</button>`;
  }

  #elsewhere() {
    return html`<details>
      <summary>${modelStrings.elsewhere}</summary>
      <label
        >${modelStrings.host}
        <input
          id="host"
          .value=${this.host}
          placeholder=${modelStrings.hostHint}
          @change=${(event: Event) => (this.host = (event.target as HTMLInputElement).value.trim())}
      /></label>
      <form
        class="line"
        @submit=${(event: Event) => {
          event.preventDefault();
          this.dispatch({ type: 'model-offer', from: { url: this.urlInput.value } });
        }}
      >
        <label>${modelStrings.url} <input id="url" required placeholder=${modelStrings.urlHint} /></label>
        <button>${modelStrings.look}</button>
      </form>
      <div class="line drop" @dragover=${(event: Event) => event.preventDefault()} @drop=${this.#onDrop}>
        <button @click=${() => this.folderInput.click()}>${modelStrings.folder}</button>
        <span class="note">${modelStrings.dropFolder}</span>
      </div>
      <input id="folder" type="file" webkitdirectory hidden @change=${this.#onFolder} />
    </details>`;
  }

  #ask(hub: string): void {
    const from = this.host === '' ? { hub } : { hub, host: this.host };
    this.dispatch({ type: 'model-offer', from });
  }

  readonly #onFolder = (): void => {
    const folder = [...(this.folderInput.files ?? [])].map((file) => ({ path: file.webkitRelativePath, file }));
    this.folderInput.value = '';
    if (folder.length > 0) this.dispatch({ type: 'model-offer', from: { folder } });
  };

  readonly #onDrop = (event: DragEvent): void => {
    if (!event.dataTransfer) return;
    // Not for the page, which takes dropped files for recordings.
    event.preventDefault();
    event.stopPropagation();
    void droppedFolder(event.dataTransfer).then((folder) => this.dispatch({ type: 'model-offer', from: { folder } }));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-model-picker': ModelPickerElement;
  }
}
