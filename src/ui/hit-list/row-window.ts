/** Up to this many rows all are in the document, above it only those near the viewport. */
export const WINDOWED_ABOVE = 200;
/** Rows kept beyond each end of the viewport, so that a fast scroll does not outrun the rendering. */
const OVERSCAN = 12;
/** The window moves in steps of this many rows, so that most scrolling renders nothing. */
const STEP = 6;

/** Rows `[first, end)` of a list that shall be in the document. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

/** All lengths in CSS pixels. */
export function rowWindow(rowCount: number, rowHeight: number, scrollTop: number, viewHeight: number): RowWindow {
  if (rowCount <= WINDOWED_ABOVE) return { first: 0, end: rowCount };
  const top = Math.floor(scrollTop / rowHeight / STEP) * STEP;
  const visible = Math.ceil(viewHeight / rowHeight) + STEP;
  return { first: Math.max(0, top - OVERSCAN), end: Math.min(rowCount, top + visible + OVERSCAN) };
}
