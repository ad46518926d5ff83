import type { TextEmbedding } from '../engine/embedding-engine.js';
import { EarmarkError } from '../engine/errors.js';
import { labelEvidence, rankLabels, type LabelEvidence, type Stretch } from '../tasks/classification.js';
import { embedPrompt } from '../tasks/prompt-template.js';
import type { ActionContext } from './actions.js';
import { breathe } from './breathe.js';
import type { Classification, ClassifyOptions } from './classification.js';
import type { EarmarkState } from './state.js';

/** More would keep the page busy for long, and nobody reads them. */
const MOST_LABELS = 1000;
/** Labels that are encoded together: a prompt that is typed meanwhile waits for no more than these. */
const ENCODED_AT_ONCE = 32;
/** Two labels whose shares of the model's classes overlap by this much are the same to it. */
const ALIKE = 0.9;

/** As `EarmarkStore.classify`. */
export async function classify(context: ActionContext, options: ClassifyOptions): Promise<Classification> {
  const { exclusive = true, signal } = options;
  signal?.throwIfAborted();
  const labels = differentLabels(options.labels);
  await context.analysed(signal);
  const stretches = stretchesOf(options, context.store.state);
  const engine = await context.engine();
  const heard = context.heard();
  if (!heard) throw new EarmarkError('no-source', 'There is no recording yet. Open one first.');
  const texts: TextEmbedding[] = [];
  for (let i = 0; i < labels.length; i += ENCODED_AT_ONCE) {
    const some = labels.slice(i, i + ENCODED_AT_ONCE);
    texts.push(...(await Promise.all(some.map((label) => embedPrompt(engine, label, signal ? { signal } : {})))));
  }
  const evidence: LabelEvidence[] = [];
  const slice = { start: performance.now() };
  for (const text of texts) {
    evidence.push(labelEvidence(heard, text, stretches));
    await breathe(slice);
    signal?.throwIfAborted();
  }
  return Object.freeze({
    labels: rankLabels(labels, evidence, exclusive),
    alike: alikeLabels(labels, texts),
  });
}

/** @throws EarmarkError `bad-option` */
function differentLabels(given: readonly string[]): string[] {
  const labels = [...new Set(given.map((label) => label.trim()))];
  if (labels.length < 2 || labels.length > MOST_LABELS)
    throw new EarmarkError('bad-option', `“labels” has to name 2 to ${MOST_LABELS} different things.`);
  return labels;
}

/**
 * @returns null for the whole recording
 * @throws EarmarkError `bad-option`
 */
function stretchesOf({ regions, stretches }: ClassifyOptions, state: EarmarkState): readonly Stretch[] | null {
  if (regions !== undefined) {
    const ids = new Set(regions);
    const asked = state.regions.filter(({ id }) => ids.has(id));
    if (asked.length === 0) throw new EarmarkError('bad-option', 'None of these regions is there any more.');
    return asked;
  }
  if (stretches === undefined) return null;
  const duration = state.source?.duration ?? 0;
  const isWithin = ({ start, end }: Stretch) => start >= 0 && start < end && start < duration;
  if (stretches.length === 0 || !stretches.every(isWithin))
    throw new EarmarkError(
      'bad-option',
      '“stretches” is a list of { start, end } within the recording, in seconds, each with the end after the start.',
    );
  return stretches;
}

/** Groups of labels that the model takes for the same mixture of its classes; none for models that have no classes. */
function alikeLabels(labels: readonly string[], texts: readonly TextEmbedding[]): string[][] {
  const groups: number[][] = [];
  for (const [i, text] of texts.entries()) {
    const group = groups.find(([first]) => overlap(texts[first], text) >= ALIKE);
    if (group) group.push(i);
    else groups.push([i]);
  }
  return groups.filter(({ length }) => length > 1).map((group) => group.map((i) => labels[i]));
}

/** 0…1: the part of their meaning that two texts share. */
function overlap(a: TextEmbedding, b: TextEmbedding): number {
  const shares = new Map(a.understood.map(({ label, share }) => [label, share]));
  return b.understood.reduce((sum, { label, share }) => sum + Math.min(share, shares.get(label) ?? 0), 0);
}
