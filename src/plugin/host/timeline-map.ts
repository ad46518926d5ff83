/** One stretch of a source on the host's timeline. All times in seconds. */
export interface TimelineClip {
  readonly trackId: string;
  readonly sourceId: string;
  readonly sourceStart: number;
  readonly timelineStart: number;
  readonly duration: number;
}

/** The host's arrangement. One file from 0 is the identity: a single clip. */
export type TimelineMap = readonly TimelineClip[];

/** The map of a host that plays one file from its beginning. */
export function identityMap(sourceId: string, duration: number): TimelineMap {
  return [{ trackId: 'main', sourceId, sourceStart: 0, timelineStart: 0, duration }];
}

/** The source and its time under a moment of the timeline, or null in a gap. Later clips lie on top. */
export function timelineToSource(map: TimelineMap, time: number): { sourceId: string; time: number } | null {
  const clip = map.findLast((c) => time >= c.timelineStart && time < c.timelineStart + c.duration);
  return clip ? { sourceId: clip.sourceId, time: clip.sourceStart + (time - clip.timelineStart) } : null;
}

/** Every stretch of the timeline on which `[start, end)` of the source is heard, cut off where its clips are. */
export function stretchesOnTimeline(
  map: TimelineMap,
  sourceId: string,
  start: number,
  end: number,
): { start: number; end: number }[] {
  return map
    .filter((c) => c.sourceId === sourceId && start < c.sourceStart + c.duration && end > c.sourceStart)
    .map((c) => ({
      start: c.timelineStart + Math.max(0, start - c.sourceStart),
      end: c.timelineStart + Math.min(c.duration, end - c.sourceStart),
    }))
    .sort((a, b) => a.start - b.start);
}
