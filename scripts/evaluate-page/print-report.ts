import type { DetectionReport, PromptReport } from '../../src/evaluation/detection-report.js';

/** Prints one row a prompt, the total, and the sweep of the sensitivity. */
export function printReport(report: DetectionReport): void {
  const names = Object.keys(report.prompts);
  const width = Math.max(11, ...names.map((name) => name.length));
  const head = ['event F1', 'segment F1', 'PSDS1', 'false/min', 'onset ms', 'found', 'false found'];
  const row = (name: string, cells: readonly string[]) =>
    console.log([name.padEnd(width), ...cells.map((cell, i) => cell.padStart(head[i]?.length ?? 0))].join('  '));
  row('prompt', head);
  const cells = (prompt: PromptReport) => [
    part(prompt.eventF1),
    part(prompt.segmentF1),
    part(prompt.psds1),
    prompt.falseAlarmsPerMinute.toFixed(2),
    prompt.onsetErrorMs?.toFixed(0) ?? '-',
    part(prompt.presence.recall),
    part(prompt.presence.falsePresence),
  ];
  for (const [name, prompt] of Object.entries(report.prompts)) row(name, cells(prompt));
  row('all prompts', cells(report));
  console.log(`\nPSDS1 without the spread penalty ${part(report.psds1NoPenalty)}, PSDS2 ${part(report.psds2)}`);
  console.log('"found": recordings with the sound that are said to have it; "false found": those without it\n');
  const sweepHead = [
    'sensitivity',
    'event F1',
    'precision',
    'recall',
    'segment F1',
    'precision',
    'recall',
    'false/min',
  ];
  console.log(sweepHead.join('  '));
  for (const point of report.sweep) {
    const values = [
      part(point.sensitivity),
      part(point.eventF1),
      part(point.eventPrecision),
      part(point.eventRecall),
      part(point.segmentF1),
      part(point.segmentPrecision),
      part(point.segmentRecall),
      point.falseAlarmsPerMinute.toFixed(2),
    ];
    console.log(values.map((value, i) => value.padStart(sweepHead[i]?.length ?? 0)).join('  '));
  }
}

function part(value: number | null): string {
  return value?.toFixed(3) ?? '-';
}
