// How far found events reach beyond their boxes, and what covering them costs: the figures of docs/masking.md.
//
//   npm run evaluate -- --audio DIR --truth truth.tsv --detections found.json
//   node scripts/run.mjs scripts/mask-padding.ts found.json truth.tsv
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { selectHits } from '../src/detection/sensitivity.js';
import { parseDcaseTsv } from '../src/evaluation/dcase-tsv.js';
import { isBackground, matchEvents } from '../src/evaluation/event-matching.js';
import { mergeSpans, overlapSeconds, type TimeSpan } from '../src/evaluation/time-span.js';
import type { DetectionsByFile } from './evaluate-page/page-contract.js';

/** What has to be silent: the event and this much on both sides, in seconds. */
const MARGIN = 0.02;
const PADDINGS = [0, 0.02, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4];

/** The hits of one label in one recording that contains it, at the default sensitivity. */
interface Search {
  readonly name: string;
  readonly duration: number;
  readonly hits: readonly TimeSpan[];
  readonly events: readonly TimeSpan[];
}

/** An event and the hits that found it. */
interface Found {
  readonly search: Search;
  readonly event: TimeSpan;
}

const total = (spans: readonly TimeSpan[]) => mergeSpans(spans).reduce((sum, { start, end }) => sum + end - start, 0);

/** The stretches that a mask silences, apart from its fades. */
function silenced({ hits, duration }: Search, before: number, after: number): TimeSpan[] {
  return mergeSpans(
    hits.map(({ start, end }) => ({ start: Math.max(0, start - before), end: Math.min(duration, end + after) })),
  );
}

function isCovered({ search, event }: Found, before: number, after: number): boolean {
  const start = Math.max(0, event.start - MARGIN);
  const end = Math.min(search.duration, event.end + MARGIN);
  // Times are decimals; what differs by rounding alone is no gap.
  return silenced(search, before, after).some((span) => span.start <= start + 1e-9 && span.end >= end - 1e-9);
}

function readSearches(detectionsFile: string, truthFile: string): Search[] {
  const recordings = JSON.parse(readFileSync(detectionsFile, 'utf8')) as DetectionsByFile;
  const { events } = parseDcaseTsv(readFileSync(truthFile, 'utf8'));
  return Object.entries(recordings).flatMap(([filename, { duration, detections }]) =>
    Object.entries(detections).flatMap(([label, detection]) => {
      const ofLabel = events.filter((event) => event.filename === filename && event.label === label);
      if (ofLabel.length === 0 || isBackground(ofLabel, duration)) return [];
      const { hits } = selectHits(detection);
      return [{ name: `${filename} ${label}`, duration, hits, events: ofLabel }];
    }),
  );
}

/** Events of which hits cover at least half. */
function halfCovered(search: Search): Found[] {
  const hits = mergeSpans(search.hits);
  return search.events
    .filter((event) => 2 * hits.reduce((sum, hit) => sum + overlapSeconds(event, hit), 0) >= event.end - event.start)
    .map((event) => ({ search, event }));
}

/** Events that count as found in docs/quality.md: onset and offset within their collars. */
function matched(search: Search): Found[] {
  return matchEvents(search.events, search.hits).matches.map(({ reference }) => ({ search, event: reference }));
}

function printTable(name: string, found: readonly Found[]): void {
  const searches = [...new Set(found.map(({ search }) => search))];
  const count = searches.reduce((sum, { hits }) => sum + hits.length, 0);
  const base = searches.reduce((sum, search) => sum + total(silenced(search, 0, 0)), 0);
  const share = (before: number, after: number) =>
    found.filter((each) => isCovered(each, before, after)).length / found.length;
  const extra = (padding: number) =>
    (searches.reduce((sum, search) => sum + total(silenced(search, padding, padding)), 0) - base) / count;
  const row = (head: string, values: readonly number[]) =>
    console.log([head.padStart(9), ...values.map((value) => value.toFixed(3))].join('  '));
  console.log(`\n${name}: ${found.length} events, ${count} hits`);
  console.log('Share of the events that are covered, by seconds before (rows) and after (columns)');
  row('', PADDINGS);
  for (const before of PADDINGS)
    row(
      before.toFixed(2),
      PADDINGS.map((after) => share(before, after)),
    );
  row('extra s', PADDINGS.map(extra));
}

const [detectionsFile, truthFile] = process.argv.slice(2);
if (detectionsFile === undefined || truthFile === undefined) {
  throw new Error('usage: node scripts/run.mjs scripts/mask-padding.ts found.json truth.tsv');
}
const base = process.env['INIT_CWD'] ?? process.cwd();
const searches = readSearches(path.resolve(base, detectionsFile), path.resolve(base, truthFile));
const eventCount = searches.reduce((sum, { events }) => sum + events.length, 0);
console.log(
  `${eventCount} events. "extra s": seconds that are silenced beside the hits, for each, with as much on both sides`,
);
const found = searches.flatMap(halfCovered);
printTable('Half of it or more lies in hits', found);
printTable(
  'Of these, shorter than a second',
  found.filter(({ event }) => event.end - event.start < 1),
);
printTable('Onset and offset within the collars', searches.flatMap(matched));
