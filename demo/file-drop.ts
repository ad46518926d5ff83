/**
 * Takes files that are dropped anywhere on the page. While files are dragged over it the root element has the class
 * `dropping`.
 */
export function acceptDroppedFiles(onFiles: (files: File[]) => void): void {
  const root = document.documentElement;
  let depth = 0;
  const setDepth = (next: number) => {
    depth = Math.max(0, next);
    root.classList.toggle('dropping', depth > 0);
  };
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
  document.addEventListener('dragenter', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    setDepth(depth + 1);
  });
  document.addEventListener('dragover', (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  document.addEventListener('dragleave', (event) => {
    if (carriesFiles(event)) setDepth(depth - 1);
  });
  document.addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    setDepth(0);
    onFiles([...(event.dataTransfer?.files ?? [])]);
  });
}
