// Minifiers keep the white space of template literals; in the templates and styles of src/ui it means nothing. Line
// breaks stay, so that source maps point to the right lines.
import { readFile } from 'node:fs/promises';

/** An esbuild plugin that takes the indentation out of src/ui. */
export const stripIndent = {
  name: 'strip-indent',
  setup: (builder) =>
    builder.onLoad({ filter: /[\\/]src[\\/]ui[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/^[ \t]+/gm, ''),
      loader: 'ts',
    })),
};
