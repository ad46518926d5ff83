import { expect } from '@open-wc/testing';
import { gainAt, type GainEnvelope } from '../../src/dsp/gain-envelope.js';
import type { TimelineClip, TimelineMap } from '../../src/plugin/host/timeline-map.js';
import { timelineEnvelope } from '../../src/plugin/timeline-envelope.js';

/** Silent from second 2 to second 3 of the source. */
const BARK: GainEnvelope = [
  { time: 0, gain: 1 },
  { time: 1.9, gain: 1 },
  { time: 2, gain: 0 },
  { time: 3, gain: 0 },
  { time: 3.1, gain: 1 },
  { time: 10, gain: 1 },
];

function clip(sourceStart: number, timelineStart: number, duration: number, sourceId = 'street'): TimelineClip {
  return { trackId: 'main', sourceId, sourceStart, timelineStart, duration };
}

const gains = (map: TimelineMap, ...times: number[]) => {
  const envelope = timelineEnvelope(map, 'street', BARK);
  expect(envelope.every(({ time }, i) => time >= (envelope[i - 1]?.time ?? 0))).to.equal(true);
  return times.map((time) => gainAt(envelope, time));
};

describe('a gain envelope on a timeline of clips', () => {
  it('silences the sound wherever it is heard, in a clip that is used twice too', () => {
    const map = [clip(1, 20, 4), clip(1, 5, 4), clip(6, 10, 2)];
    expect(gains(map, 5.5, 6.5, 8.5, 10.5, 20.5, 21.5)).to.deep.equal([1, 0, 1, 1, 1, 0]);
    expect(gains(map, 5.95, 20.95).map((gain) => gain.toFixed(3))).to.deep.equal(['0.500', '0.500']);
  });

  it('leaves gaps and other recordings as they are', () => {
    const map = [clip(2.2, 1, 0.5), clip(0, 1.5, 5, 'music')];
    expect(gains(map, 0.5, 1.2, 1.6, 4, 9)).to.deep.equal([1, 0, 1, 1, 1]);
    expect(timelineEnvelope([], 'street', BARK)).to.deep.equal([{ time: 0, gain: 1 }]);
  });

  it('turns where one clip ends and the next begins, to the sample', () => {
    const map = [clip(2, 0, 0.5), clip(4, 0.5, 1), clip(2.5, 1.5, 0.5)];
    expect(gains(map, 0.499, 0.5, 1.499, 1.5)).to.deep.equal([0, 1, 1, 0]);
  });

  it('follows the clip on top where clips overlap', () => {
    const map = [clip(0, 0, 10), clip(2, 5, 0.5, 'street'), clip(0, 2.2, 0.3, 'music')];
    expect(gains(map, 2.1, 2.3, 2.6, 5.2, 5.6)).to.deep.equal([0, 1, 0, 0, 1]);
  });
});
