import { translatable } from '../strings.js';

export const toolsStrings = translatable('tools', {
  bar: 'Tools',
  tools: {
    mask: 'Mask settings',
    identify: 'Identify',
    split: 'Split',
    separate: 'Separate',
    ucs: 'Category',
    project: 'Project',
    export: 'Export',
  },
  close: 'Close',
  jobProgress: (label: string, percent: string) => `${label} · ${percent}`,
  save: 'Save',
  dismiss: 'Dismiss',
  failed: (label: string) => `${label} could not be made.`,
});
