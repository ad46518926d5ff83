import { readFileSync, writeFileSync } from 'node:fs';
import { format as prettify, resolveConfig } from 'prettier';
import { describeGoal, meetsGoal } from './goals.js';
import type { Measurements } from './measurement.js';

const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';

function format(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function rows(measurements: Measurements): string[][] {
  return Object.entries(measurements).map(([name, { value, unit, against }]) => [
    name,
    `${format(value)} ${unit}`,
    `${describeGoal(name)}${meetsGoal(name, value) ? '' : ' missed'}`,
    against,
  ]);
}

export function printTable(measurements: Measurements): void {
  const table = rows(measurements);
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)));
  for (const [name, value, goal, against] of table) {
    console.log(`${name.padEnd(widths[0])}  ${value.padStart(widths[1])}  ${goal.padEnd(widths[2])}  ${against}`);
  }
}

/** Replaces what stands between the markers of a document. */
export async function writeTable(file: string, machine: string, measurements: Measurements): Promise<void> {
  const text = readFileSync(file, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${file} lacks the markers ${BEGIN} and ${END}`);
  const head = ['figure', 'value', 'goal', 'against'];
  const lines = [head, head.map(() => '---'), ...rows(measurements)].map((cells) => `| ${cells.join(' | ')} |`);
  const filled = `${text.slice(0, begin)}${BEGIN}\n\n${machine}\n\n${lines.join('\n')}\n\n${text.slice(end)}`;
  writeFileSync(file, await prettify(filled, { ...(await resolveConfig(file)), filepath: file }));
}
