import type { JobFile } from '../../../plugin/job.js';

/** Lets the browser save a file under its name. */
export function saveFile({ blob, name }: JobFile): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has the file by then; a long one is read from the blob, not from its address.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
