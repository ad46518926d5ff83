import { abortable } from '../engine/abortable.js';
import { EarmarkError } from '../engine/errors.js';
import type { TextEmbedding } from '../engine/embedding-engine.js';
import { UCS_ENTRIES, type UcsEntry } from './ucs-catalog.js';

/** An entry of UCS that may fit a label. */
export interface UcsSuggestion extends UcsEntry {
  /** 0…2.5, for sorting the suggestions of one label; it says nothing beyond that. */
  readonly score: number;
}

export interface SuggestUcsOptions {
  /** How many, best first. Default 5. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** Encodes a text, as `EmbeddingEngine.embedText` does. */
export type EmbedText = (text: string, signal?: AbortSignal) => Promise<Pick<TextEmbedding, 'vector'>>;

/** These say how a sound was made or filed, not what can be heard in it. */
const NEVER_SUGGESTED: ReadonlySet<string> = new Set(['ARCHIVED', 'FOLEY', 'DESIGNED']);
/** Subcategories that add nothing to the name of their category. */
const UNNAMED: ReadonlySet<string> = new Set(['MISC', 'GENERAL']);
const DEFAULT_LIMIT = 5;
/** Phrases that are asked for together: a prompt that is typed meanwhile waits for no more than these. */
const SLICE = 32;

/**
 * What a label gains by naming a SubCategory or a Category, as a cosine. Chosen on scripts/ucs/labels-tuned.tsv, where
 * less of either does worse; see docs/ucs.md.
 */
const NAMED_SUBCATEGORY = 1;
const NAMED_CATEGORY = 0.5;

interface Candidate {
  readonly entry: UcsEntry;
  readonly phrase: string;
  readonly category: ReadonlySet<string>;
  readonly subCategory: ReadonlySet<string>;
}

interface Phrases {
  /** `[D]`: what all phrases have in common, which would hide what sets them apart. */
  readonly mean: Float32Array;
  /** Of each candidate, `[D]`: the phrase's embedding less the mean, unit L2 norm. */
  readonly directions: readonly Float32Array[];
}

const candidates: readonly Candidate[] = UCS_ENTRIES.filter(
  ({ category, subCategory }) => !NEVER_SUGGESTED.has(category) && !NEVER_SUGGESTED.has(subCategory),
).map((entry) => {
  const subCategory = UNNAMED.has(entry.subCategory) ? [] : words(entry.subCategory);
  const category = words(entry.category);
  return {
    entry,
    phrase: [...category, ...subCategory].join(' '),
    category: new Set(category.map(singular)),
    subCategory: new Set(subCategory.map(singular)),
  };
});

/**
 * Tells which entries of UCS fit a label, by what the text model makes of both and by the words they share.
 *
 * The first call encodes the names of all entries, about 700 short phrases.
 */
export class UcsSuggester {
  readonly #embed: EmbedText;
  #phrases: Promise<Phrases> | null = null;

  /** @param embed of one model; another model needs another suggester */
  constructor(embed: EmbedText) {
    this.#embed = embed;
  }

  /**
   * @returns sorted by score, the best first; by shared words alone where the model can read nothing of the label
   * @throws what `embed` throws, except for a label that it cannot read
   * @throws DOMException `AbortError`
   */
  async suggest(label: string, { limit = DEFAULT_LIMIT, signal }: SuggestUcsOptions = {}): Promise<UcsSuggestion[]> {
    signal?.throwIfAborted();
    const meaning = await this.#closeness(label, signal);
    const said = new Set(words(label).map(singular));
    return candidates
      .map(({ entry, category, subCategory }, index) => {
        const named = NAMED_SUBCATEGORY * shareOf(subCategory, said) + NAMED_CATEGORY * shareOf(category, said);
        return { ...entry, score: (meaning?.[index] ?? 0) + named };
      })
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, limit);
  }

  /** Cosines of the label with all candidates, apart from what all texts have in common; null for an unreadable label. */
  async #closeness(label: string, signal: AbortSignal | undefined): Promise<Float32Array | null> {
    let vector: Float32Array;
    try {
      ({ vector } = await this.#embed(label, signal));
    } catch (error) {
      if (error instanceof EarmarkError && error.code === 'empty-prompt') return null;
      throw error;
    }
    const { mean, directions } = await abortable(this.#encodedPhrases(), signal);
    const direction = directionFrom(mean, vector);
    return Float32Array.from(directions, (other) => dot(direction, other));
  }

  /** Whoever cancels stops waiting; the phrases are for all who come after. */
  #encodedPhrases(): Promise<Phrases> {
    if (this.#phrases) return this.#phrases;
    const phrases = encodePhrases(this.#embed);
    this.#phrases = phrases;
    phrases.catch(() => (this.#phrases = null));
    return phrases;
  }
}

async function encodePhrases(embed: EmbedText): Promise<Phrases> {
  const vectors: Float32Array[] = [];
  for (let start = 0; start < candidates.length; start += SLICE) {
    const slice = candidates.slice(start, start + SLICE);
    const embeddings = await Promise.all(slice.map(({ phrase }) => embed(phrase)));
    for (const { vector } of embeddings) vectors.push(vector);
  }
  const mean = new Float32Array(vectors[0].length);
  for (const vector of vectors) for (let i = 0; i < mean.length; i += 1) mean[i] += vector[i] / vectors.length;
  return { mean, directions: vectors.map((vector) => directionFrom(mean, vector)) };
}

/** The unit vector from one point to another; zero if they are the same. */
function directionFrom(origin: Float32Array, point: Float32Array): Float32Array {
  const direction = point.map((value, i) => value - origin[i]);
  const length = Math.sqrt(dot(direction, direction));
  return length === 0 ? direction : direction.map((value) => value / length);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}

/** 0…1: the part of these words that is among those. */
function shareOf(names: ReadonlySet<string>, said: ReadonlySet<string>): number {
  let shared = 0;
  for (const name of names) if (said.has(name)) shared += 1;
  return names.size === 0 ? 0 : shared / names.size;
}

function words(text: string): string[] {
  return text.toLowerCase().match(/\p{L}+/gu) ?? [];
}

/** The same for one and for many: "bell", "bells". Words as short as "gas" and those that end on "ss" stay. */
function singular(word: string): string {
  return /[^s]s$/.test(word) && word.length > 3 ? word.slice(0, -1) : word;
}
