import type { EarmarkState } from '../../plugin/state.js';
import type { EarmarkElement } from '../earmark-element.js';
import type { toolsStrings } from './tools-strings.js';

/** What a tool shows. */
export interface ToolElement extends EarmarkElement {
  /** Sets it to what is selected. */
  takeSelection?(): void;
}

/** A tool: what opens under the bar. */
export interface Tool {
  readonly name: keyof typeof toolsStrings.tools;
  /** Defines the tool's element and makes one; called once. */
  readonly create: () => Promise<ToolElement>;
  /** Whether there is anything for it to work on. */
  readonly isReady: (state: EarmarkState) => boolean;
}

/** In the order of the bar. */
export const TOOLS: readonly Tool[] = [
  {
    name: 'mask',
    create: async () => new (await import('./mask/mask-settings.js')).MaskSettingsElement(),
    isReady: ({ mask }) => mask !== null,
  },
  {
    name: 'identify',
    create: async () => new (await import('./identify/identify-tool.js')).IdentifyToolElement(),
    isReady: () => true,
  },
  {
    name: 'split',
    create: async () => new (await import('./split/split-tool.js')).SplitToolElement(),
    isReady: () => true,
  },
  {
    name: 'separate',
    create: async () => new (await import('./separate/separate-tool.js')).SeparateToolElement(),
    isReady: ({ prompts }) => prompts.some(({ polarity }) => polarity === 'target'),
  },
  {
    name: 'ucs',
    create: async () => new (await import('./ucs/ucs-tool.js')).UcsToolElement(),
    isReady: ({ prompts, regions, split }) => prompts.length + regions.length > 0 || split !== null,
  },
  {
    name: 'project',
    create: async () => new (await import('./project/project-tool.js')).ProjectToolElement(),
    isReady: () => true,
  },
  {
    name: 'export',
    create: async () => new (await import('./export/export-tool.js')).ExportToolElement(),
    isReady: ({ mask, regions, split }) => mask !== null || split !== null || regions.length > 0,
  },
];
