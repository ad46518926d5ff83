import { firstAfter, gainAt, type GainEnvelope, type GainPoint } from '../dsp/gain-envelope.js';
import type { TimelineClip, TimelineMap } from './host/timeline-map.js';

/**
 * The envelope of a source where its clips are on the timeline. What lies between clips, and clips of other sources, is
 * left as it is; where clips overlap, the later one is heard, as in {@link timelineToSource}.
 */
export function timelineEnvelope(map: TimelineMap, sourceId: string, envelope: GainEnvelope): GainEnvelope {
  const points = heardParts(map)
    .filter((clip) => clip.sourceId === sourceId)
    .flatMap(({ sourceStart: start, timelineStart, duration }): GainPoint[] => {
      const end = start + duration;
      const inside = envelope
        .slice(firstAfter(envelope, start), firstAfter(envelope, end))
        .filter(({ time }) => time < end);
      const moved = inside.map(({ time, gain }) => ({ time: time - start + timelineStart, gain }));
      const timelineEnd = timelineStart + duration;
      return [
        { time: timelineStart, gain: 1 },
        { time: timelineStart, gain: gainAt(envelope, start) },
        ...moved,
        { time: timelineEnd, gain: gainAt(envelope, end) },
        { time: timelineEnd, gain: 1 },
      ];
    });
  return points.length > 0 ? points : [{ time: 0, gain: 1 }];
}

/** The clips without what later ones cover of them, in the order of the timeline. */
function heardParts(map: TimelineMap): TimelineClip[] {
  const parts = map.reduce<TimelineClip[]>((below, top) => [...below.flatMap((clip) => outside(clip, top)), top], []);
  return parts.sort((a, b) => a.timelineStart - b.timelineStart);
}

/** What of a clip lies before and after another one. */
function outside(clip: TimelineClip, cover: TimelineClip): TimelineClip[] {
  const end = clip.timelineStart + clip.duration;
  const coverEnd = cover.timelineStart + cover.duration;
  if (coverEnd <= clip.timelineStart || cover.timelineStart >= end) return [clip];
  const before = cover.timelineStart - clip.timelineStart;
  const skipped = coverEnd - clip.timelineStart;
  return [
    ...(before > 0 ? [{ ...clip, duration: before }] : []),
    ...(coverEnd < end
      ? [{ ...clip, sourceStart: clip.sourceStart + skipped, timelineStart: coverEnd, duration: end - coverEnd }]
      : []),
  ];
}
