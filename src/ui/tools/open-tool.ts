import type { Tool } from './tool-list.js';

/** The event that opens a tool from anywhere in a panel. */
export const OPEN_TOOL = 'earmark-open-tool';

/** Opens a tool in the panel that an element belongs to, as if its button had been pressed. */
export function openTool(from: Element, name: Tool['name']): void {
  from.dispatchEvent(new CustomEvent(OPEN_TOOL, { detail: name, bubbles: true, composed: true }));
}
