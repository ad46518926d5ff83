import type { TimeSpan } from './time-span.js';

/** An event of the ground truth: which recording, when, what. */
export interface LabelledEvent extends TimeSpan {
  readonly filename: string;
  /** The file's label with `_` read as a space, so that it can be asked as a prompt. */
  readonly label: string;
}

/** What a ground truth file says. */
export interface GroundTruth {
  /** Recordings in the order of their first mention, those without events included. */
  readonly filenames: readonly string[];
  /** All labels, sorted. */
  readonly labels: readonly string[];
  readonly events: readonly LabelledEvent[];
}

/** A ground truth file that cannot be read; the message names the line. */
export class DcaseTsvError extends Error {
  override readonly name = 'DcaseTsvError';
  constructor(
    /** Counted from 1. */
    readonly line: number,
    problem: string,
  ) {
    super(`line ${line}: ${problem}`);
  }
}

const COLUMNS = ['filename', 'onset', 'offset', 'event_label'] as const;
type Column = (typeof COLUMNS)[number];

/**
 * Reads the ground truth format of the DCASE challenges: tab-separated, a header with `filename`, `onset`, `offset`
 * (seconds) and `event_label` in any order, further columns ignored. A row with nothing but a file name says that the
 * recording has no events.
 *
 * @throws DcaseTsvError
 */
export function parseDcaseTsv(text: string): GroundTruth {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const header = (lines[0] ?? '').split('\t').map((name) => name.trim());
  const missing = COLUMNS.filter((name) => !header.includes(name));
  if (missing.length > 0) {
    const wanted = 'the first line has to name the columns filename, onset, offset and event_label, separated by tabs';
    throw new DcaseTsvError(1, `${wanted}; ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`);
  }
  const filenames = new Set<string>();
  const events: LabelledEvent[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const cells = line.split('\t').map((cell) => cell.trim());
    const row = (column: Column) => cells[header.indexOf(column)] ?? '';
    const event = readEvent(row, index + 1);
    filenames.add(row('filename'));
    if (event !== null) events.push(event);
  }
  return {
    filenames: [...filenames],
    labels: [...new Set(events.map(({ label }) => label))].sort(),
    events,
  };
}

function readEvent(row: (column: Column) => string, line: number): LabelledEvent | null {
  const filename = row('filename');
  if (filename === '') throw new DcaseTsvError(line, 'the file name is missing');
  const label = row('event_label').replaceAll('_', ' ').trim();
  if (row('onset') === '' && row('offset') === '' && label === '') return null;
  const start = readTime(row('onset'), 'onset', line);
  const end = readTime(row('offset'), 'offset', line);
  if (end <= start) throw new DcaseTsvError(line, `the event ends at ${end} s but starts at ${start} s`);
  if (label === '') throw new DcaseTsvError(line, 'the event label is missing');
  return { filename, start, end, label };
}

function readTime(cell: string, column: Column, line: number): number {
  const time = cell === '' ? NaN : Number(cell);
  if (!Number.isFinite(time) || time < 0) {
    throw new DcaseTsvError(line, `the ${column} has to be a time in seconds from 0 on, not "${cell}"`);
  }
  return time;
}
