import { expect } from '@open-wc/testing';
import { gainAt, gainEnvelope, type GainEnvelope } from '../../src/dsp/gain-envelope.js';
import { GainSchedule } from '../../src/plugin/gain-schedule.js';

const RATE = 8_000;
/** Seconds between two looks at the playhead. */
const TICK = 0.064;
/** Seconds that the gain takes to follow a jump. */
const SETTLED = 0.006;

const SHAPE = { attack: 0.02, hold: 0, release: 0.03, padding: 0, floor: -Infinity };
const BARKS = gainEnvelope(
  [
    { start: 1, end: 1.5 },
    { start: 2, end: 2.2 },
    { start: 4, end: 7 },
  ],
  'mute',
  SHAPE,
  10,
);
const UNITY: GainEnvelope = [{ time: 0, gain: 1 }];

interface Moment {
  /** Where the playhead is at this second of the context, and how fast it goes. */
  readonly time: number;
  readonly rate: number;
  readonly envelope?: GainEnvelope;
}

/** Plays a script (context seconds to what happens then) and gives the gain of every sample. */
async function play(script: Readonly<Record<number, Moment>>, length: number): Promise<Float32Array> {
  const context = new OfflineAudioContext(1, length * RATE, RATE);
  const source = context.createConstantSource();
  const stage = context.createGain();
  source.connect(stage).connect(context.destination);
  source.start();
  const schedule = new GainSchedule(stage.gain);
  schedule.setEnvelope(BARKS);
  const look = (): void => {
    const now = context.currentTime;
    const [since, moment] = momentAt(script, now);
    if (moment.envelope) schedule.setEnvelope(moment.envelope);
    schedule.sync(now, moment.time + (now - since) * moment.rate, moment.rate);
  };
  look();
  for (let at = TICK; at < length; at += TICK) {
    void context.suspend(at).then(() => {
      look();
      return context.resume();
    });
  }
  return (await context.startRendering()).getChannelData(0);
}

function momentAt(script: Readonly<Record<number, Moment>>, now: number): [number, Moment] {
  const since = Math.max(
    ...Object.keys(script)
      .map(Number)
      .filter((at) => at <= now + 1e-9),
  );
  return [since, script[since]!];
}

/** The largest difference from what the script asks for, jumps aside. */
function worstError(gains: Float32Array, script: Readonly<Record<number, Moment>>, settled = SETTLED + TICK): number {
  let worst = 0;
  gains.forEach((gain, i) => {
    const now = i / RATE;
    const [since, { time, rate, envelope = BARKS }] = momentAt(script, now);
    if (since > 0 && now - since < settled) return;
    if (now < SETTLED) return;
    worst = Math.max(worst, Math.abs(gain - gainAt(envelope, time + (now - since) * rate)));
  });
  return worst;
}

describe('a scheduled gain', () => {
  const scripts: Record<string, Readonly<Record<number, Moment>>> = {
    'plays from the beginning': { 0: { time: 0, rate: 1 } },
    'plays from the middle of a fade': { 0: { time: 0.99, rate: 1 } },
    'follows a seek into a span and out of it': {
      0: { time: 0, rate: 1 },
      0.512: { time: 4.5, rate: 1 },
      1.024: { time: 3, rate: 1 },
    },
    'follows other speeds': { 0: { time: 0, rate: 2 }, 1.024: { time: 2.048, rate: 0.5 } },
    'waits while playback does': {
      0: { time: 0.5, rate: 1 },
      0.64: { time: 1.14, rate: 0 },
      2.56: { time: 1.14, rate: 1 },
    },
    'goes round a loop': {
      0: { time: 0.9, rate: 1 },
      1.024: { time: 0.9, rate: 1 },
      2.048: { time: 0.9, rate: 1 },
    },
    'changes when the mask does': {
      0: { time: 0.5, rate: 1 },
      0.64: { time: 1.14, rate: 1, envelope: UNITY },
      1.28: { time: 1.78, rate: 1, envelope: BARKS },
    },
  };
  for (const [name, script] of Object.entries(scripts)) {
    it(`${name}, to the sample`, async () => {
      const gains = await play(script, 6);
      expect(worstError(gains, script)).to.be.below(1e-3);
    });
  }

  it('turns within milliseconds after a jump, and never faster', async () => {
    const gains = await play({ 0: { time: 0, rate: 1 }, 0.512: { time: 4.5, rate: 1 } }, 1);
    const steepest = gains.reduce((most, gain, i) => Math.max(most, Math.abs(gain - (gains[i - 1] ?? gain))), 0);
    expect(steepest).to.be.within(1 / (0.0055 * RATE), 1 / (0.0045 * RATE));
    expect(gains[Math.round(0.52 * RATE)]).to.equal(0);
  });

  it('schedules no more than lies within the next seconds, however long the mask is', () => {
    const spans = Array.from({ length: 5_000 }, (_, i) => ({ start: 0.7 * i, end: 0.7 * i + 0.4 }));
    const envelope = gainEnvelope(spans, 'mute', SHAPE, 3_600);
    const param = new GainNode(new OfflineAudioContext(1, 1, RATE)).gain;
    let ramps = 0;
    param.linearRampToValueAtTime = () => {
      ramps += 1;
      return param;
    };
    const schedule = new GainSchedule(param);
    schedule.setEnvelope(envelope);
    for (const time of [0, 1_800, 900]) {
      ramps = 0;
      schedule.sync(0, time, 1);
      // Four points a span.
      expect(ramps).to.be.within(10, 4 * (3 / 0.7 + 2));
    }
    ramps = 0;
    for (let time = 0; time < 60; time += TICK) schedule.sync(time, 900 + time, 1);
    expect(ramps).to.be.below(4 * (66 / 0.7 + 2));
  });

  it('bears a playhead that tells its time roughly', async () => {
    const context = new OfflineAudioContext(1, 3 * RATE, RATE);
    const source = context.createConstantSource();
    const stage = context.createGain();
    source.connect(stage).connect(context.destination);
    source.start();
    const schedule = new GainSchedule(stage.gain);
    schedule.setEnvelope(BARKS);
    let look = 0;
    for (let at = 0; at < 3; at += TICK) {
      void context.suspend(at).then(() => {
        look += 1;
        const now = context.currentTime;
        schedule.sync(now, now + (look > 1 ? 0.004 * Math.sin(look) : 0), 1);
        return context.resume();
      });
    }
    const gains = (await context.startRendering()).getChannelData(0);
    expect(worstError(gains, { 0: { time: 0, rate: 1 } })).to.be.below(1e-3);
  });
});
