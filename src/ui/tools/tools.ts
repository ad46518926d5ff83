import { css, html, nothing, type CSSResultGroup } from 'lit';
import { state } from 'lit/decorators.js';
import type { PendingProject } from '../../plugin/project-state.js';
import { controls } from '../control.styles.js';
import { EarmarkElement } from '../earmark-element.js';
import { icons } from '../icons.js';
import { StoreController } from '../store-controller.js';
import { theme } from '../theme.styles.js';
import { jobRow, jobStyles } from './job/job-row.js';
import { maskButtons } from './mask/mask-buttons.js';
import { OPEN_TOOL, openTool, type ToolOpening } from './open-tool.js';
import { TOOLS, type Tool, type ToolElement } from './tool-list.js';
import { toolsStrings } from './tools-strings.js';

/**
 * What can be done with what was found: the mask's buttons, a button for each tool, and under them the tool that is
 * open. Each tool is loaded when it is opened.
 */
export class ToolsElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    jobStyles,
    css`
      :host {
        container-type: inline-size;
      }
      .bar,
      .group {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
      .bar {
        padding: 8px 12px;
      }
      earmark-class-strip {
        border-bottom: 1px solid var(--_line);
      }
      .end {
        margin-inline-start: auto;
      }
      button[aria-expanded='true'] {
        border-color: var(--_accent);
        color: var(--_accent);
      }
      .tool {
        padding: 12px;
        border-top: 1px solid var(--_line);
      }
      @container (max-width: 560px) {
        .end {
          margin-inline-start: 0;
        }
      }
    `,
  ];

  @state() private openTool: Tool | null = null;
  /** The tools that have been opened once: what was entered in them stays. */
  readonly #elements = new Map<Tool, ToolElement>();

  readonly #store = new StoreController(this, (current) => ({
    duration: current.source?.duration ?? 0,
    hasHits: current.regions.some(({ status }) => status !== 'rejected'),
    mask: current.mask,
    isBypassed: current.maskBypassed,
    job: current.job,
    hasSplit: current.split !== null,
    pendingProject: current.project?.pending ?? null,
    ready: TOOLS.filter((tool) => tool.isReady(current))
      .map(({ name }) => name)
      .join(' '),
  }));
  #root: Node | null = null;
  /** The project that waits for an answer, as it was last shown. */
  #pendingProject: PendingProject | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#root = this.getRootNode();
    this.#root.addEventListener(OPEN_TOOL, this.#onOpenTool);
  }

  override disconnectedCallback(): void {
    this.#root?.removeEventListener(OPEN_TOOL, this.#onOpenTool);
    super.disconnectedCallback();
  }

  protected override render() {
    const view = this.#store.value;
    if (view === null || view.duration === 0) return nothing;
    const canMask = this.earmark!.host?.capabilities.has('gain') === true;
    const ready = new Set(view.ready.split(' '));
    if (view.hasSplit) void import('./class-strip/class-strip.js');
    return html`${view.hasSplit ? html`<earmark-class-strip .earmark=${this.earmark}></earmark-class-strip>` : nothing}
      <div class="bar" role="group" aria-label=${toolsStrings.bar}>
        ${canMask ? maskButtons(view, (request) => this.dispatch(request)) : nothing}
        <div class="group end">
          ${TOOLS.map((tool) => {
            const isOpen = tool === this.openTool;
            return html`<button
              aria-expanded=${isOpen}
              aria-controls="tool"
              ?disabled=${!ready.has(tool.name) && !isOpen}
              @click=${() => void this.#show(isOpen ? null : tool)}
            >
              <span>${toolsStrings.tools[tool.name]}</span>${icons.chevron}
            </button>`;
          })}
        </div>
      </div>
      ${view.job === null ? nothing : jobRow(view.job, (request) => this.dispatch(request))}
      <div
        id="tool"
        class="tool"
        role="group"
        aria-label=${this.openTool === null ? nothing : toolsStrings.tools[this.openTool.name]}
        ?hidden=${this.openTool === null}
        @keydown=${this.#onKeyDown}
      >
        ${this.openTool === null ? nothing : this.#elements.get(this.openTool)}
      </div>`;
  }

  protected override updated(): void {
    for (const element of this.#elements.values()) element.earmark = this.earmark;
    const pending = this.#store.value?.pendingProject ?? null;
    if (pending !== null && pending !== this.#pendingProject) openTool(this, 'project');
    this.#pendingProject = pending;
  }

  async #show(tool: Tool | null): Promise<void> {
    if (tool !== null && !this.#elements.has(tool)) {
      const element = await tool.create();
      element.earmark = this.earmark;
      this.#elements.set(tool, element);
    }
    this.openTool = tool;
  }

  async #open(tool: Tool, scope: ToolOpening['scope']): Promise<void> {
    await this.#show(tool);
    const element = this.#elements.get(tool);
    if (scope === 'selection') element?.takeSelection?.();
    element?.focus();
  }

  readonly #onOpenTool = (event: Event): void => {
    const { name, scope } = (event as CustomEvent<ToolOpening>).detail;
    const tool = TOOLS.find((each) => each.name === name);
    if (tool) void this.#open(tool, scope);
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    const button = this.renderRoot.querySelector<HTMLElement>("[aria-expanded='true']");
    void this.#show(null);
    button?.focus();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-tools': ToolsElement;
  }
}
