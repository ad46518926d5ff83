/** What the project promises of its figures, in their units. */
export const GOALS: Readonly<Record<string, { readonly least: number } | { readonly most: number }>> = {
  logMelVsTransformers: { least: 15 },
  pocketRealTime: { least: 150 },
  newPromptOnHourMs: { most: 50 },
  mainThreadGapMs: { most: 20 },
  mainThreadTaskMs: { most: 20 },
  clapVsNaive: { least: 1.8 },
  clapFineVsNaive: { least: 5 },
  clapFirstCurveShare: { most: 0.2 },
  secondPromptVsNaive: { least: 1000 },
  clapMainThreadGapMs: { most: 20 },
  clapMainThreadTaskMs: { most: 20 },
  gzipPlugin: { most: 15 },
  gzipUi: { most: 25 },
  gzipDsp: { most: 10 },
  renderHourRealTime: { least: 100 },
  renderHourPeakMB: { most: 300 },
  fourHourPeakMB: { most: 600 },
  cancelMs: { most: 200 },
};

export function describeGoal(name: string): string {
  const goal = GOALS[name];
  if (goal === undefined) return '';
  return 'least' in goal ? `≥ ${goal.least}` : `≤ ${goal.most}`;
}

/** Whether the figure keeps its promise; true where there is none. */
export function meetsGoal(name: string, value: number): boolean {
  const goal = GOALS[name];
  if (goal === undefined) return true;
  return 'least' in goal ? value >= goal.least : value <= goal.most;
}
