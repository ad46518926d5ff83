import type { Tool } from './tool-list.js';

/** The event that opens a tool from anywhere in a panel. */
export const OPEN_TOOL = 'earmark-open-tool';

/** What {@link OPEN_TOOL} says. */
export interface ToolOpening {
  readonly name: Tool['name'];
  /** What the tool is set to; as it was left where nothing is said. */
  readonly scope?: 'selection';
}

/** Opens a tool in the panel that an element belongs to, as if its button had been pressed. */
export function openTool(from: Element, name: Tool['name'], scope?: 'selection'): void {
  const detail: ToolOpening = { name, ...(scope ? { scope } : {}) };
  from.dispatchEvent(new CustomEvent(OPEN_TOOL, { detail, bubbles: true, composed: true }));
}
