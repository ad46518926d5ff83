import { expect } from '@open-wc/testing';
import { createEmbeddingEngine } from '../../src/engine/create-engine.js';
import { EarmarkError } from '../../src/engine/errors.js';
import { UCS_ENTRIES, UCS_VERSION, ucsEntry } from '../../src/tasks/ucs-catalog.js';
import { UcsSuggester, type EmbedText } from '../../src/tasks/ucs-suggestion.js';

const unreadable: EmbedText = () => Promise.reject(new EarmarkError('empty-prompt', 'Name a sound in words.'));
const first = async (suggester: UcsSuggester, label: string) => (await suggester.suggest(label))[0]?.catId;

const SYNONYMS: Readonly<Record<string, string>> = { puppy: 'dog' };
const coordinates = new Map<string, number>();

/** A model that reads words, knows that a puppy is a dog, and takes everything for "sound" above all. */
const embedWords: EmbedText = (text) => {
  const vector = new Float32Array(2000);
  vector[0] = 100;
  for (const word of text.toLowerCase().split(' ')) {
    const meaning = SYNONYMS[word] ?? word;
    if (!coordinates.has(meaning)) coordinates.set(meaning, 1 + coordinates.size);
    vector[coordinates.get(meaning)!] += 1;
  }
  const length = Math.hypot(...vector);
  return Promise.resolve({ vector: vector.map((value) => value / length) });
};

describe('the Universal Category System', () => {
  it('is there as a whole, each CatID once', () => {
    expect(UCS_VERSION).to.equal('8.2.1');
    expect(UCS_ENTRIES).to.have.length(752);
    expect(new Set(UCS_ENTRIES.map(({ catId }) => catId.toLowerCase()))).to.have.length(752);
    expect(new Set(UCS_ENTRIES.map(({ category }) => category))).to.have.length(82);
  });

  it('knows an entry by its CatID alone', () => {
    expect(ucsEntry('ANMLDog')).to.deep.equal({ catId: 'ANMLDog', category: 'ANIMALS', subCategory: 'DOG' });
    for (const stranger of ['anmldog', 'DOG', '', 'constructor'])
      expect(ucsEntry(stranger), stranger).to.equal(undefined);
  });
});

describe('a suggestion of UCS categories', () => {
  it('follows the words of the label where the model can read nothing', async () => {
    const suggester = new UcsSuggester(unreadable);
    expect(await first(suggester, 'Dog, barking')).to.equal('ANMLDog');
    expect(await first(suggester, 'falling coins')).to.equal('OBJCoin');
    expect(await suggester.suggest('💥')).to.deep.equal([]);
  });

  it('follows what the model makes of the label where no word is shared', async () => {
    const suggester = new UcsSuggester(embedWords);
    expect(await first(suggester, 'puppy')).to.equal('ANMLDog');
  });

  it('is never of how a sound was made or filed', async () => {
    const suggester = new UcsSuggester(embedWords);
    const label = 'archived test tone, foley feet, designed whoosh, designed wind';
    const suggestions = await suggester.suggest(label, { limit: 1000 });
    expect(suggestions).to.have.length.above(100);
    for (const { category, subCategory } of suggestions) {
      expect(['ARCHIVED', 'FOLEY', 'DESIGNED']).to.not.include(category);
      expect(subCategory).to.not.equal('DESIGNED');
    }
  });

  it('gives as many as are asked for, the best first', async () => {
    const suggester = new UcsSuggester(embedWords);
    expect(await suggester.suggest('church bell')).to.have.length(5);
    const scores = (await suggester.suggest('church bell', { limit: 40 })).map(({ score }) => score);
    expect(scores).to.have.length(40);
    expect(scores).to.deep.equal(scores.toSorted((a, b) => b - a));
  });

  it('can be cancelled while the names are encoded, which is not lost for the next', async () => {
    let encoded = 0;
    const suggester = new UcsSuggester(async (text) => {
      encoded += 1;
      await new Promise((resolve) => setTimeout(resolve, 1));
      return embedWords(text);
    });
    const controller = new AbortController();
    const cancelled = suggester.suggest('dog', { signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    const error: unknown = await cancelled.catch((reason: unknown) => reason);
    expect((error as Error).name).to.equal('AbortError');
    expect(await first(suggester, 'puppy')).to.equal('ANMLDog');
    expect(encoded).to.be.below(UCS_ENTRIES.length);
  });

  it('tells why the model failed, and tries again the next time', async () => {
    let isBroken = true;
    const suggester = new UcsSuggester((text) =>
      isBroken && text !== 'dog' ? Promise.reject(new EarmarkError('worker-crashed', 'Gone.')) : embedWords(text),
    );
    const error: unknown = await suggester.suggest('dog').catch((reason: unknown) => reason);
    expect((error as EarmarkError).code).to.equal('worker-crashed');
    isBroken = false;
    expect(await first(suggester, 'dog')).to.equal('ANMLDog');
  });

  it('is as good with the built-in model as docs/ucs.md says', async function () {
    this.timeout(120_000);
    const table = await (await fetch('/scripts/ucs/labels-reported.tsv')).text();
    const labels = table
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t') as [string, string]);
    const engine = createEmbeddingEngine({ assetBase: new URL('/dist/', location.href), model: 'pocket' });
    const suggester = new UcsSuggester((text) => engine.embedText(text));
    let right = 0;
    let rightOfFive = 0;
    for (const [label, catIds] of labels) {
      const suggested = (await suggester.suggest(label)).map(({ catId }) => catId);
      const fits = (catId: string | undefined) => catIds.split('|').some((other) => other === catId);
      if (fits(suggested[0])) right += 1;
      if (suggested.some(fits)) rightOfFive += 1;
    }
    engine.destroy();
    expect(right / labels.length).to.be.closeTo(0.85, 0.02);
    expect(rightOfFive / labels.length).to.be.closeTo(0.95, 0.02);
  });
});
