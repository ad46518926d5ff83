import type { Seconds } from '../dsp/units.js';
import type { SoundEventBox } from '../detection/sound-event-box.js';
import type { TimeSpan } from './time-span.js';

/** What is in a recording and what was found in it, by label. A label that a map lacks has no events there. */
export interface LabelledRecording<Found extends TimeSpan = SoundEventBox> {
  readonly duration: Seconds;
  readonly reference: ReadonlyMap<string, readonly TimeSpan[]>;
  readonly found: ReadonlyMap<string, readonly Found[]>;
}

export function spansOf<Span>(spans: ReadonlyMap<string, readonly Span[]>, label: string): readonly Span[] {
  return spans.get(label) ?? [];
}
