/** From this size on it is worth to ask where to save before, instead of copying afterwards: 1 GB. */
const ASK_FIRST_BYTES = 1e9;

interface SavePickerWindow {
  showSaveFilePicker(options: {
    suggestedName: string;
    types: readonly { description: string; accept: Readonly<Record<string, readonly string[]>> }[];
  }): Promise<FileSystemFileHandle>;
}

/**
 * Asks where to save what is going to be large, so that it is written there at once.
 *
 * @param description of the kind of file
 * @returns undefined where that is not worth it, or not possible here
 * @throws DOMException `AbortError` when the user thinks better of it
 */
export async function askWhereToSave(
  fileName: string,
  bytes: number,
  description: string,
): Promise<FileSystemFileHandle | undefined> {
  if (bytes < ASK_FIRST_BYTES || !('showSaveFilePicker' in window)) return undefined;
  const isZip = fileName.endsWith('.zip');
  const accept = isZip ? { 'application/zip': ['.zip'] } : { 'audio/wav': ['.wav'] };
  const picker = window as unknown as SavePickerWindow;
  return picker.showSaveFilePicker({ suggestedName: fileName, types: [{ description, accept }] });
}
