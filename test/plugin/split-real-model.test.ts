import { expect } from '@open-wc/testing';
import { createEarmark } from '../../src/plugin/index.js';

const RATE = 48_000;
const SECONDS = 22;
const assetBase = new URL('/dist/', location.href);

/** What is heard when, in seconds. */
const PIECES = [
  { label: 'dog bark', clip: 'dog-bark-1', start: 1 },
  { label: 'dog bark', clip: 'dog-bark-2', start: 2.1 },
  { label: 'speech', clip: 'speech-1', start: 4 },
  { label: 'sheep bleating', clip: 'sheep-bleating-2', start: 8 },
  { label: 'speech', clip: 'speech-1', start: 12 },
  { label: 'dog bark', clip: 'dog-bark-1', start: 14.5 },
  { label: 'speech', clip: 'speech-1', start: 17 },
  { label: 'dog bark', clip: 'dog-bark-2', start: 20.5 },
];

/** The pieces over a faint hiss. */
async function buildTrack() {
  const context = new OfflineAudioContext(1, SECONDS * RATE, RATE);
  const audio = context.createBuffer(1, SECONDS * RATE, RATE);
  let seed = 1;
  const hiss = () => ((seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5) / 500;
  const samples = audio.getChannelData(0).map(hiss);
  const truth: { label: string; start: number; end: number }[] = [];
  for (const { label, clip, start } of PIECES) {
    const bytes = await (await fetch(`/test/fixtures/clips/${clip}.flac`)).arrayBuffer();
    const piece = (await context.decodeAudioData(bytes)).getChannelData(0);
    for (const [i, sample] of piece.entries()) samples[start * RATE + i]! += sample / 2;
    truth.push({ label, start, end: start + piece.length / RATE });
  }
  audio.copyToChannel(samples, 0);
  return { audio, truth };
}

describe('a split with the built-in model', function () {
  this.timeout(120_000);

  it('gives most of a track of known pieces to the right class', async () => {
    const { audio, truth } = await buildTrack();
    const earmark = createEarmark({ assetBase, backend: 'wasm', cache: false });
    await earmark.open(audio);
    const segments = await earmark.split({ classes: ['speech', 'dog bark', 'sheep bleating', 'church bell'] });
    const labels = new Map(earmark.getState().split!.classes.map(({ id, label }) => [id, label]));
    earmark.destroy();
    const times = Array.from({ length: SECONDS * 100 }, (_, i) => (i + 0.5) / 100);
    const right = times.filter((time) => {
      const covers = ({ start, end }: { start: number; end: number }) => start <= time && time < end;
      return labels.get(segments.find(covers)?.classId ?? '') === truth.find(covers)?.label;
    });
    expect(right.length / times.length).to.be.above(0.8);
    const heard = new Set(segments.map(({ classId }) => labels.get(classId)));
    expect([...heard], 'and no church bell').to.have.members(['dog bark', 'sheep bleating', 'speech']);
  });
});
