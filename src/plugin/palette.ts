/**
 * The eight prompt colours, for light and dark pages; `--earmark-color-1` … `-8` override them.
 * Distinct in lightness order too, and each at least 3:1 on white and on #111316 (WCAG 1.4.11).
 */
export const PALETTE: readonly string[] = [
  ['#2f6fde', '#6ea0ff'],
  ['#b8610b', '#f0a24a'],
  ['#0e8273', '#3cc4b0'],
  ['#a83f86', '#e07fbf'],
  ['#5b7f0e', '#a3cc4a'],
  ['#7a54cf', '#b095f5'],
  ['#c23b3b', '#ff8a80'],
  ['#16799a', '#5cc3e6'],
].map(([light, dark], i) => `var(--earmark-color-${i + 1}, light-dark(${light}, ${dark}))`);
