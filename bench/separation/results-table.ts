import { readFileSync, writeFileSync } from 'node:fs';
import { format as prettify, resolveConfig } from 'prettier';
import type { MeasuredMixes } from './measure.js';
import { CHOICES, STEPS, type CoincidentResult, type MixResult, type Step } from './page-contract.js';
import { median } from '../spread.js';

const BEGIN = '<!-- separation:begin -->';
const END = '<!-- separation:end -->';

/** The mean of the worst tenth of the values, at least one of them. */
export function worstTenth(values: readonly number[]): number {
  const worst = [...values].sort((a, b) => a - b).slice(0, Math.max(1, Math.round(values.length / 10)));
  return worst.reduce((sum, value) => sum + value, 0) / worst.length;
}

/** What gating can give at most where the interferer is steady. */
export function gatingBound({ activeFraction }: MixResult): number {
  return -10 * Math.log10(activeFraction);
}

/** Improvements of a step over all mixes; 0 dB where the product found nothing. */
export function improvements(results: readonly MixResult[], events: 'oracle' | 'found', step: Step): number[] {
  return results.map((result) => result[events]?.[step] ?? 0);
}

const dB = (value: number): string => value.toFixed(1).replace('-', '−');
const percent = (value: number): string => `${Math.round(100 * value)} %`;

function markdown(rows: readonly (readonly string[])[]): string {
  const [head, ...body] = rows;
  return [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...body]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

function summary(results: readonly MixResult[]): string {
  const at = (level: string) => results.filter(({ name }) => name.endsWith(level));
  const row = (name: string, of: (some: readonly MixResult[]) => number[]): string[] => [
    name,
    dB(median(of(results))),
    dB(worstTenth(of(results))),
    dB(median(of(at('_mix')))),
    dB(median(of(at('_events')))),
  ];
  const heard = results.filter(({ found }) => found !== null);
  return markdown([
    ['SI-SDR improvement, dB', 'median', 'worst tenth', 'median, 0 dB over the mix', 'median, 0 dB over the events'],
    row('bound of time gating', (some) => some.map(gatingBound)),
    ...STEPS.map((step) => row(`${step}, true events`, (some) => improvements(some, 'oracle', step))),
    ...STEPS.map((step) => row(`${step}, found events`, (some) => improvements(some, 'found', step))),
    ...STEPS.map((step) => [
      `${step}, found events, the ${heard.length} mixes with any`,
      dB(median(improvements(heard, 'found', step))),
      dB(worstTenth(improvements(heard, 'found', step))),
      '',
      '',
    ]),
  ]);
}

function details(results: readonly MixResult[]): string {
  return markdown([
    ['mix', 'active', 'bound', ...STEPS, 'found of it', 'true of found', ...STEPS.map((step) => `${step}, found`)],
    ...results.map((result) => [
      result.name,
      percent(result.activeFraction),
      dB(gatingBound(result)),
      ...STEPS.map((step) => dB(result.oracle[step])),
      percent(result.foundRecall),
      result.found ? percent(result.foundPrecision) : '–',
      ...STEPS.map((step) => (result.found ? dB(result.found[step]) : '–')),
    ]),
  ]);
}

function coincidence(results: readonly CoincidentResult[]): string {
  const row = (name: string, of: (values: readonly number[]) => number): string[] => [
    name,
    ...CHOICES.map((choice) => dB(of(results.map(({ gained }) => gained[choice])))),
  ];
  return markdown([
    ['sounds that coincide: improvement, dB', ...CHOICES],
    row('median', median),
    row('worst tenth', worstTenth),
    ...results.map(({ name, gained }) => [name, ...CHOICES.map((choice) => dB(gained[choice]))]),
  ]);
}

/** All tables, as Markdown. */
export function describeResults({ mixes, coincident }: MeasuredMixes): string {
  return `${summary(mixes)}\n\n${details(mixes)}\n\n${coincidence(coincident)}`;
}

/** For views that say what to expect: each method as the product has it, with true events. */
export function expectations(results: readonly MixResult[]) {
  const of = (step: Step) => {
    const values = improvements(results, 'oracle', step);
    const rounded = (value: number): number => Math.round(10 * value) / 10;
    return { median: rounded(median(values)), worstTenth: rounded(worstTenth(values)) };
  };
  return { gate: of('gate'), band: of('band'), nmf: of('nmf-occlusion') };
}

/** Replaces what stands between the markers of a document. */
export async function writeResults(file: string, results: MeasuredMixes): Promise<void> {
  const text = readFileSync(file, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${file} lacks the markers ${BEGIN} and ${END}`);
  const filled = `${text.slice(0, begin)}${BEGIN}\n\n${describeResults(results)}\n\n${text.slice(end)}`;
  writeFileSync(file, await prettify(filled, { ...(await resolveConfig(file)), filepath: file }));
}
