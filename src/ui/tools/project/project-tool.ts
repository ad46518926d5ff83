import { css, html, nothing, type CSSResultGroup } from 'lit';
import { query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { KeptProjectState, PendingProject, ProjectState } from '../../../plugin/project-state.js';
import { controls } from '../../control.styles.js';
import { define } from '../../define.js';
import { EarmarkElement } from '../../earmark-element.js';
import { StoreController } from '../../store-controller.js';
import { theme } from '../../theme.styles.js';
import { saveFile } from '../job/save-file.js';
import { projectStrings } from './project-strings.js';

/** Saves and opens projects, and shows what is kept on this device, with ways to go on with it and to delete it. */
export class ProjectToolElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    css`
      :host {
        container-type: inline-size;
        display: grid;
        gap: 12px;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 10px;
      }
      .status {
        flex: 1 1 200px;
        display: inline-flex;
        align-items: center;
        gap: 8px;
        color: var(--_muted);
      }
      .dot.saved {
        --_c: var(--_good);
      }
      .dot.failed {
        --_c: var(--_danger);
      }
      .pending {
        padding: 8px 12px;
        border: 1px solid color-mix(in srgb, var(--_accent) 40%, var(--_line));
        border-radius: 10px;
        background: color-mix(in srgb, var(--_accent) 8%, var(--_surface));
      }
      .title {
        font-size: 12px;
        font-weight: 600;
      }
      ul {
        margin: 0;
        padding: 0;
        max-height: 216px;
        overflow-y: auto;
        border-top: 1px solid var(--_line);
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: minmax(120px, 1fr) minmax(0, 2fr) auto minmax(150px, auto);
        align-items: center;
        gap: 2px 18px;
        min-height: 36px;
        border-bottom: 1px solid var(--_line);
      }
      .name {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .acts {
        display: flex;
        align-items: center;
        justify-content: end;
        gap: 10px;
      }
      p.danger,
      button.danger {
        color: var(--_danger);
      }
      p {
        margin: 0;
      }
      @container (max-width: 560px) {
        li {
          grid-template-columns: 1fr auto;
          padding-block: 6px;
        }
        .contents {
          grid-row: 2;
        }
        .time {
          grid-row: 3;
        }
        .acts {
          grid-column: 2;
          grid-row: 1 / 4;
        }
      }
    `,
  ];

  /** The projects that are about to be deleted, until that is confirmed. */
  @state() private doomed: readonly string[] = [];
  /** Why the project could not be saved as a file, ready to show. */
  @state() private failure = '';
  @query('#open') private readonly openInput!: HTMLInputElement;
  @query('#recording') private readonly recordingInput!: HTMLInputElement;

  readonly #store = new StoreController(this, ({ project, source }) => ({ project, name: source?.name ?? null }));

  override focus(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.pending button, button')?.focus());
  }

  protected override render() {
    const { project = null, name = null } = this.#store.value ?? {};
    return html`<div class="line">
        ${this.#status(project)}
        <button title=${projectStrings.saveAsHint} ?disabled=${name === null} @click=${() => void this.#save()}>
          ${projectStrings.saveAs}
        </button>
        <button @click=${() => this.openInput.click()}>${projectStrings.open}</button>
        <button title=${projectStrings.freshHint} @click=${() => this.dispatch({ type: 'project-fresh' })}>
          ${projectStrings.fresh}
        </button>
      </div>
      ${this.failure === '' ? nothing : html`<p class="note danger" role="alert">${this.failure}</p>`}
      ${project?.pending ? this.#pending(project.pending, project.canOpenRecordings, name) : nothing}
      ${project !== null && project.kept.length > 0 ? this.#kept(project) : nothing}
      <input
        id="open"
        type="file"
        accept=".json,application/json"
        hidden
        @change=${() => this.#take(this.openInput, (file) => this.dispatch({ type: 'project-open', file }))}
      />
      <input
        id="recording"
        type="file"
        accept="audio/*,video/*"
        hidden
        @change=${() => this.#take(this.recordingInput, (file) => this.dispatch({ type: 'project-recording', file }))}
      />`;
  }

  #status(project: ProjectState | null) {
    const { saved = 'off', savedAt = null } = project ?? {};
    const text = {
      off: projectStrings.off,
      none: projectStrings.nothing,
      pending: projectStrings.saving,
      saved: savedAt === null ? '' : projectStrings.saved(savedAt),
      failed: projectStrings.notSaved,
    }[saved];
    return html`<span class="status" role="status"><span class="dot ${saved}"></span>${text}</span>`;
  }

  #pending({ source, hasRecording }: PendingProject, canOpen: boolean, openName: string | null) {
    return html`<div class="pending line" role="group">
      <p class="grow">
        ${projectStrings.belongsTo(source.name, source.duration)} ${canOpen ? nothing : projectStrings.opensByItself}
      </p>
      ${
        canOpen && hasRecording
          ? html`<button @click=${() => this.dispatch({ type: 'project-recording' })}>
              ${projectStrings.openKept}
            </button>`
          : nothing
      }
      ${canOpen ? html`<button @click=${() => this.recordingInput.click()}>${projectStrings.choose}</button>` : nothing}
      ${
        openName === null
          ? nothing
          : html`<button @click=${() => this.dispatch({ type: 'project-apply' })}>
              ${projectStrings.applyAnyway(openName)}
            </button>`
      }
      <button class="plain" @click=${() => this.dispatch({ type: 'project-dismiss' })}>${projectStrings.forget}</button>
    </div>`;
  }

  #kept({ kept, openId, recordingBytes }: ProjectState) {
    const all = kept.map(({ id }) => id);
    const isAll = this.doomed.length > 1;
    return html`<div class="title" id="kept">${projectStrings.kept}</div>
      <ul aria-labelledby="kept">
        ${repeat(
          kept,
          ({ id }) => id,
          (project) => this.#row(project, project.id === openId, isAll),
        )}
      </ul>
      <div class="line">
        <span class="note grow">${recordingBytes > 0 ? projectStrings.recordings(recordingBytes) : nothing}</span>
        ${
          isAll
            ? this.#confirmation(this.doomed)
            : html`<button class="link danger" @click=${() => this.#doom(all)}>${projectStrings.deleteAll}</button>`
        }
      </div>`;
  }

  #row(project: KeptProjectState, isOpen: boolean, isAll: boolean) {
    const { id, name, savedAt, isCopy, prompts, regionCount, hasRecording } = project;
    const isDoomed = !isAll && this.doomed.includes(id);
    return html`<li>
      <span class="name"
        >${name}${isCopy ? html` <span class="note">${projectStrings.copy}</span>` : nothing}${
          hasRecording ? nothing : html` <span class="note">${projectStrings.withoutRecording}</span>`
        }</span
      >
      <span class="note contents">${projectStrings.contents(prompts, regionCount)}</span>
      <span class="note time">${projectStrings.moment(savedAt)}</span>
      <span class="acts">
        ${
          isDoomed
            ? this.#confirmation([id])
            : html`${
                  isOpen
                    ? html`<span class="note">${projectStrings.isOpen}</span>`
                    : html`<button
                        class="link"
                        aria-label=${projectStrings.reopenOf(name, savedAt)}
                        @click=${() => this.dispatch({ type: 'project-reopen', id })}
                      >
                        ${projectStrings.reopen}
                      </button>`
                }<button
                  class="link"
                  aria-label=${projectStrings.deleteOf(name, savedAt)}
                  @click=${() => this.#doom([id])}
                >
                  ${projectStrings.delete}
                </button>`
        }
      </span>
    </li>`;
  }

  #confirmation(ids: readonly string[]) {
    const remove = () => {
      this.dispatch({ type: 'project-delete', ids });
      this.#doom([]);
    };
    return html`<span role="alert">${projectStrings.confirm(ids.length)}</span>
      <button class="link danger" id="confirm" @click=${remove}>${projectStrings.delete}</button>
      <button class="link" @click=${() => this.#doom([])}>${projectStrings.keep}</button>`;
  }

  #doom(ids: readonly string[]): void {
    this.doomed = ids;
    void this.updateComplete.then(() => {
      const next = ids.length > 0 ? '#confirm' : 'button';
      this.renderRoot.querySelector<HTMLElement>(next)?.focus();
    });
  }

  async #save(): Promise<void> {
    this.failure = '';
    try {
      const file = await this.earmark!.saveProject();
      saveFile({ blob: file, name: file.name });
    } catch (error) {
      this.failure = projectStrings.failed(error instanceof Error ? error.message : String(error));
    }
  }

  #take(input: HTMLInputElement, use: (file: File) => void): void {
    const [file] = input.files ?? [];
    input.value = '';
    if (file) use(file);
  }
}

define('earmark-project', ProjectToolElement);

declare global {
  interface HTMLElementTagNameMap {
    'earmark-project': ProjectToolElement;
  }
}
