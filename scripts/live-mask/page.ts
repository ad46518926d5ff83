// Runs in the browser: plays a recording whose samples tell their own time through a mask of steps, and listens.
import WaveSurfer from 'wavesurfer.js';
import { GainMask } from '../../src/plugin/gain-mask.js';
import { mediaElementHost } from '../../src/plugin/host/media-element.js';
import type { TimelineHost } from '../../src/plugin/host/timeline-host.js';
import { identityMap } from '../../src/plugin/host/timeline-map.js';
import { wavesurferHost } from '../../src/plugin/host/wavesurfer-host.js';
import type { Region } from '../../src/plugin/region.js';
import { StateStore } from '../../src/plugin/store.js';
import { OutputTap } from '../../test/helpers/output-tap.js';
import { waitUntil } from '../../test/helpers/wait-until.js';
import { wavBlob } from '../../test/helpers/wav.js';
import type { Player, Playing } from './page-contract.js';

const SAMPLE_RATE = 48_000;
const DURATION = 40;
/** Seconds from one masked span to the next; half of it is masked. */
const PERIOD = 0.5;
/** Seconds between two seeks. */
const SEEK_EVERY = 1.3;

/** A sample's value at a time, and back. */
const valueAt = (time: number) => 0.1 + 0.02 * time;
const timeOf = (value: number) => (value - 0.1) / 0.02;

const SILENT = 1e-4;
const LOUD = 0.09;

const url = URL.createObjectURL(
  wavBlob(
    [Float32Array.from({ length: DURATION * SAMPLE_RATE }, (_, i) => valueAt(i / SAMPLE_RATE))],
    SAMPLE_RATE,
    'float32',
  ),
);

const regions = Array.from({ length: DURATION / PERIOD }, (_, i): Region => {
  const start = i * PERIOD + PERIOD / 4;
  const known = {
    sourceId: 'coded',
    label: 'span',
    score: 1,
    peak: 1,
    origin: 'user',
    status: 'accepted',
    edited: false,
  } as const;
  return { ...known, id: String(i), start, end: start + PERIOD / 2 };
});

function createHost(player: Player): { host: TimelineHost; setRate: (rate: number) => void; release: () => void } {
  if (player.startsWith('wavesurfer')) {
    const container = document.createElement('div');
    document.body.append(container);
    const backend = player === 'wavesurfer, WebAudio' ? 'WebAudio' : 'MediaElement';
    const ws = WaveSurfer.create({ container, backend, url });
    return {
      host: wavesurferHost(ws),
      setRate: (rate) => ws.setPlaybackRate(rate, false),
      release: () => {
        ws.destroy();
        container.remove();
      },
    };
  }
  const audio = document.createElement('audio');
  audio.src = url;
  audio.preservesPitch = false;
  const release = (): void => {
    audio.removeAttribute('src');
    audio.load();
  };
  const setRate = (rate: number): void => {
    audio.playbackRate = rate;
  };
  if (player === 'audio element') return { host: mediaElementHost(audio), setRate, release };
  const context = new AudioContext();
  const output = context.createMediaElementSource(audio);
  output.connect(context.destination);
  return {
    host: mediaElementHost(audio, { output }),
    setRate,
    release: () => {
      release();
      void context.close();
    },
  };
}

/** The edge of a masked span that is nearest to a time: they are at the odd quarters of the period. */
const edgeNear = (time: number) => (Math.round((time / PERIOD) * 2 - 0.5) / 2 + 0.25) * PERIOD;

/**
 * How late every step of the gain came. Silence that the player itself makes, while it seeks, does not count: there the
 * recording goes on from elsewhere.
 *
 * @param step seconds of the recording a sample
 */
function lateness(samples: Float32Array, step: number): number[] {
  const late: number[] = [];
  let began = 0;
  for (let i = 1; i < samples.length; i += 1) {
    const [before, after] = [samples[i - 1], samples[i]];
    if (before > LOUD && after < SILENT) began = i;
    if (began === 0 || before >= SILENT || after < SILENT) continue;
    const [from, to] = [timeOf(samples[began - 1]), timeOf(after)];
    const isOnePiece = Math.abs(to - from - (i - began + 1) * step) < 1e-3;
    if (after > LOUD && isOnePiece) late.push(from - edgeNear(from), to - edgeNear(to));
    began = 0;
  }
  return late;
}

window.liveMask = {
  async measure({ player, rate, seeks, seconds }: Playing) {
    const tap = new OutputTap();
    const { host, setRate, release } = createHost(player);
    const store = new StateStore();
    const failures: unknown[] = [];
    const gainMask = new GainMask({
      host,
      store,
      map: () => identityMap('coded', DURATION),
      onFailure: (error) => failures.push(error),
    });
    try {
      await waitUntil('the recording is there', () => host.getDuration() > DURATION - 1);
      const before = tap.node;
      store.update({
        source: { id: 'coded', name: 'coded', duration: DURATION, sampleRate: SAMPLE_RATE, channelCount: 1 },
        regions,
        mask: {
          mode: 'mute',
          everything: true,
          promptIds: [],
          regionIds: [],
          inverted: false,
          drawn: [],
          attack: 0,
          hold: 0,
          release: 0,
          padding: 0,
          floor: -Infinity,
        },
      });
      await waitUntil('the way is there', () => failures.length > 0 || (tap.node !== null && tap.node !== before));
      if (failures.length > 0) throw failures[0];
      await tap.listen();
      setRate(rate);
      await host.play(0.4);
      const end = performance.now() + 1000 * seconds;
      let seeked = 0;
      while (performance.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 1000 * (seeks ? SEEK_EVERY : 0.2)));
        if (seeks) host.seek((7.37 * (seeked += 1)) % (DURATION - 5));
      }
      host.pause();
      return lateness(tap.samples, rate / tap.node!.context.sampleRate);
    } finally {
      gainMask.destroy();
      release();
      tap.remove();
    }
  },
};
