import type { Seconds } from '../dsp/units.js';
import type { TimeSpan } from './time-span.js';

/** What was found of sounds that are not there. */
export interface FalseAlarmCount {
  readonly falseAlarms: number;
  /** Added up over all pairs of a recording and a label that it does not contain. */
  readonly absentSeconds: Seconds;
}

export const NO_FALSE_ALARMS: FalseAlarmCount = { falseAlarms: 0, absentSeconds: 0 };

/** Counts one label in one recording; a recording that contains the label has nothing to say about false alarms. */
export function countFalseAlarms(
  reference: readonly TimeSpan[],
  found: readonly TimeSpan[],
  duration: Seconds,
): FalseAlarmCount {
  return reference.length > 0 ? NO_FALSE_ALARMS : { falseAlarms: found.length, absentSeconds: duration };
}

export function addFalseAlarms(a: FalseAlarmCount, b: FalseAlarmCount): FalseAlarmCount {
  return { falseAlarms: a.falseAlarms + b.falseAlarms, absentSeconds: a.absentSeconds + b.absentSeconds };
}

/** False alarms for one absent label in one minute; 0 where no label was absent anywhere. */
export function falseAlarmsPerMinute({ falseAlarms, absentSeconds }: FalseAlarmCount): number {
  return absentSeconds > 0 ? falseAlarms / (absentSeconds / 60) : 0;
}
