// Runs in the browser, with the text model as the plugin runs it.
import { createEmbeddingEngine } from '../../src/engine/create-engine.js';
import type { EmbeddingEngine } from '../../src/engine/embedding-engine.js';
import { EarmarkError } from '../../src/engine/errors.js';
import { UCS_ENTRIES } from '../../src/tasks/ucs-catalog.js';
import { UcsSuggester } from '../../src/tasks/ucs-suggestion.js';
import type { Method } from './page-contract.js';

const engineAt = (assetBase: string) => createEmbeddingEngine({ assetBase: new URL(assetBase), model: 'pocket' });

/** Finds the best five by nothing but the cosine of the label with "Category SubCategory". */
async function suggestByCosine(engine: EmbeddingEngine, label: string): Promise<string[]> {
  const { vector } = await engine.embedText(label);
  const scored = await Promise.all(
    UCS_ENTRIES.map(async ({ catId, category, subCategory }) => {
      const phrase = await engine.embedText(`${category} ${subCategory}`.toLowerCase());
      return { catId, cosine: phrase.vector.reduce((sum, value, i) => sum + value * vector[i], 0) };
    }),
  );
  return scored
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, 5)
    .map(({ catId }) => catId);
}

function suggesterFor(engine: EmbeddingEngine, method: Method): (label: string) => Promise<string[]> {
  if (method === 'cosine') return (label) => suggestByCosine(engine, label);
  const unreadable = () => Promise.reject(new EarmarkError('empty-prompt', 'The model is left out.'));
  const suggester = new UcsSuggester(method === 'both' ? (text) => engine.embedText(text) : unreadable);
  return async (label) => (await suggester.suggest(label)).map(({ catId }) => catId);
}

window.ucs = {
  async suggest(assetBase, labels, method) {
    const engine = engineAt(assetBase);
    try {
      const suggest = suggesterFor(engine, method);
      const lists: string[][] = [];
      for (const label of labels) lists.push(await suggest(label));
      return lists;
    } finally {
      engine.destroy();
    }
  },
  async time(assetBase) {
    const engine = engineAt(assetBase);
    try {
      await engine.embedText('warm up');
      const suggest = suggesterFor(engine, 'both');
      const start = performance.now();
      await suggest('dog bark');
      const middle = performance.now();
      await suggest('church bell');
      return { first: middle - start, second: performance.now() - middle };
    } finally {
      engine.destroy();
    }
  },
};
