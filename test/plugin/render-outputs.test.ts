import { expect } from '@open-wc/testing';
import { gainAt } from '../../src/dsp/gain-envelope.js';
import type { Region } from '../../src/plugin/region.js';
import type { RenderState } from '../../src/plugin/render-drafts.js';
import { planRender, previewRender } from '../../src/plugin/render-outputs.js';
import { parseRenderSettings } from '../../src/plugin/render-settings.js';
import type { RenderSettings } from '../../src/plugin/render.js';
import type { SplitState } from '../../src/plugin/split.js';
import { EMPTY_STATE } from '../../src/plugin/store.js';
import { makePrompt } from '../helpers/fake-store.js';

const RATE = 48_000;
const DURATION = 10;

function region(id: string, start: number, end: number, more: Partial<Region> = {}): Region {
  const given = { id, start, end, label: 'dog bark', promptId: 'dog', ...more };
  return { sourceId: 's', score: 1, peak: 1, origin: 'detected', status: 'candidate', edited: false, ...given };
}

const SOURCE = { id: 's', name: 'street.take 1.flac', duration: DURATION, sampleRate: RATE, channelCount: 2 };

function stateOf(regions: readonly Region[], more: Partial<RenderState> = {}): RenderState {
  const prompts = [
    makePrompt({ id: 'dog', text: 'dog bark', ucs: 'ANMLDog' }),
    makePrompt({ id: 'door', text: 'door' }),
  ];
  return { ...EMPTY_STATE, source: SOURCE, prompts, regions, ...more };
}

const plan = (state: RenderState, settings: RenderSettings) =>
  planRender(state, parseRenderSettings(settings), DURATION * RATE);

const HITS = [
  region('a', 1, 2),
  region('b', 4, 4.5, { label: 'door', promptId: 'door' }),
  region('c', 6, 7),
  region('d', 8, 9, { status: 'rejected' }),
];

describe('planRender', () => {
  it('makes a file of each region that is not rejected, named by what it is', () => {
    const { plan: made, fileName } = plan(stateOf(HITS), { what: 'regions' });
    expect(made.outputs.map(({ name, start, end }) => [name, start, end])).to.deep.equal([
      ['ANMLDog_dog bark 01_street.take 1.wav', RATE, 2 * RATE],
      ['door 01_street.take 1.wav', 4 * RATE, 4.5 * RATE],
      ['ANMLDog_dog bark 02_street.take 1.wav', 6 * RATE, 7 * RATE],
    ]);
    expect(made).to.include({ zip: true, sampleFormat: 'source' });
    expect(fileName).to.equal('street.take 1 regions.zip');
  });

  it('takes handles as far as the recording has them, and fades inside the file', () => {
    const state = stateOf([region('a', 0.1, 2), region('b', 9, 9.95)]);
    const { outputs } = plan(state, { what: 'regions', handles: 0.5, fade: 0.1 }).plan;
    expect(outputs.map(({ start, end }) => [start / RATE, end / RATE])).to.deep.equal([
      [0, 2.5],
      [8.5, 10],
    ]);
    const gains = [8.5, 8.55, 8.6, 9.9, 9.95].map((time) => gainAt(outputs[1].envelope, time).toFixed(3));
    expect(gains).to.deep.equal(['0.000', '0.500', '1.000', '1.000', '0.500']);
  });

  it('cuts without any fade when none is asked for', () => {
    const { outputs } = plan(stateOf(HITS), { what: 'regions', fade: 0 }).plan;
    expect(outputs[0].envelope).to.deep.equal([{ time: 0, gain: 1 }]);
  });

  it('leaves out what has no length or lies outside, and tells how many', () => {
    const broken = [
      region('zero', 3, 3),
      region('nan', NaN, 4),
      region('turned', 5, 4),
      region('past', 11, 12),
      region('over', 9, 30),
    ];
    const { plan: made, droppedRegions } = plan(stateOf(broken), { what: 'regions', handles: 5, format: 'zip' });
    expect(made.outputs.map(({ start, end }) => [start / RATE, end / RATE])).to.deep.equal([[4, 10]]);
    expect(droppedRegions).to.equal(4);
  });

  it('makes one WAV of one region, an archive when that is asked for', () => {
    const one = { what: 'regions', regions: [{ id: 'b' }] } as const;
    expect(plan(stateOf(HITS), one)).to.deep.include({ fileName: 'door 01_street.take 1.wav' });
    expect(plan(stateOf(HITS), { ...one, format: 'zip' }).plan.zip).to.equal(true);
  });

  it('takes the regions of prompts by text or id', () => {
    const names = (prompts: string[]) =>
      plan(stateOf(HITS), { what: 'regions', prompts, template: '{n}', format: 'zip' }).plan.outputs.length;
    expect([names(['Dog Bark']), names(['door']), names(['dog', 'door'])]).to.deep.equal([2, 1, 3]);
  });

  it('renders the mask into one file that says what was done', () => {
    const shape = { attack: 0.01, hold: 0, release: 0.01, padding: 0.05, floor: -Infinity };
    const scope = { everything: false, promptIds: ['dog'], regionIds: [], inverted: false, drawn: [] };
    const state = stateOf(HITS, { mask: { mode: 'mute', ...shape, ...scope } });
    const { plan: made, fileName } = plan(state, {});
    expect(fileName).to.equal('street.take 1_dog bark muted.wav');
    expect(made.outputs).to.have.length(1);
    const [{ envelope, start, end }] = made.outputs;
    expect([start, end]).to.deep.equal([0, DURATION * RATE]);
    expect([0.5, 1.5, 4.2, 6.5, 8.5].map((time) => gainAt(envelope, time))).to.deep.equal([1, 0, 1, 0, 1]);
  });

  it('splits what was found from what is left', () => {
    const { outputs } = plan(stateOf(HITS), { what: 'target-residual', prompts: ['dog'] }).plan;
    expect(outputs.map(({ name, minus }) => [name, minus])).to.deep.equal([
      ['street.take 1_dog bark target.wav', undefined],
      ['street.take 1_dog bark residual.wav', [0]],
    ]);
    expect([1.5, 3, 4.2].map((time) => gainAt(outputs[0].envelope, time))).to.deep.equal([1, 0, 0]);
  });

  it('lets the stems of an exclusive split and their rest add up to the recording', () => {
    const classes = ['speech', 'music'].map((label, color) => ({
      id: label,
      label,
      texts: [label],
      silence: false,
      color,
      hidden: false,
      phase: 'ready' as const,
    }));
    const segments = [
      { classId: 'speech', start: 0, end: 3, score: 1 },
      { classId: 'music', start: 3, end: 7, score: 1 },
      { classId: 'speech', start: 7, end: 10, score: 1 },
    ];
    const split: SplitState = { classes, segments, mode: 'exclusive', switchingCost: 0.4, complete: true };
    const { outputs } = plan(stateOf([], { split }), { what: 'stems', rest: true, fade: 0.02 }).plan;
    expect(outputs.map(({ name }) => name)).to.deep.equal([
      'speech_street.take 1.wav',
      'music_street.take 1.wav',
      'rest_street.take 1.wav',
    ]);
    expect(outputs[2].minus).to.deep.equal([0, 1]);
    const unheard = stateOf([], { split: { ...split, complete: false } });
    expect(() => plan(unheard, { what: 'stems' })).to.throw(/not complete yet/);
    for (const time of [0, 1, 2.991, 3, 3.007, 5, 7, 9.999]) {
      expect(gainAt(outputs[0].envelope, time) + gainAt(outputs[1].envelope, time)).to.be.closeTo(1, 1e-9);
    }
  });

  it('makes a stem of each prompt where there is no split', () => {
    const { outputs } = plan(stateOf(HITS), { what: 'stems' }).plan;
    expect(outputs.map(({ name }) => name)).to.deep.equal([
      'ANMLDog_dog bark_street.take 1.wav',
      'door_street.take 1.wav',
    ]);
  });

  it('marks the regions in files of the whole recording', () => {
    const { outputs } = plan(stateOf(HITS), { what: 'stems', markers: true, prompts: ['door'] }).plan;
    expect(outputs[0].markers).to.deep.equal([
      { start: RATE, length: RATE, label: 'dog bark' },
      { start: 4 * RATE, length: 0.5 * RATE, label: 'door' },
      { start: 6 * RATE, length: RATE, label: 'dog bark' },
    ]);
  });

  it('is previewed with the names and the size that it will have', () => {
    const many = Array.from({ length: 120 }, (_, i) => region(`${i}`, i / 100, i / 100 + 0.5));
    for (const [regions, settings] of [
      [HITS, { what: 'regions' }],
      [HITS, { what: 'regions', regions: ['b'], depth: 16 }],
      [many, { what: 'regions', depth: 24 }],
      [HITS, { what: 'stems', rest: true, format: 'zip' }],
    ] as [Region[], RenderSettings][]) {
      const { plan: made, fileName } = plan(stateOf(regions), settings);
      const preview = previewRender(stateOf(regions), parseRenderSettings(settings));
      const samples = made.outputs.reduce((sum, { start, end }) => sum + end - start, 0);
      const bytes = { source: 4, pcm16: 2, pcm24: 3, float32: 4 }[made.sampleFormat];
      expect(preview).to.deep.equal({
        fileCount: made.outputs.length,
        example: made.outputs[0].name,
        fileName,
        bytes: samples * 2 * bytes,
      });
    }
  });

  const refused: Record<string, [RenderSettings, RegExp]> = {
    'a mix without a mask': [{}, /muted, ducked or soloed/],
    'no regions': [{ what: 'regions', regions: ['gone'] }, /nothing to export/],
    'a prompt that is none': [{ what: 'regions', prompts: ['cow'] }, /no prompt “cow”/],
    'handles that are no number': [{ what: 'regions', handles: NaN }, /“handles” has to be a number of seconds, 0…60/],
    'a fade of hours': [{ what: 'regions', fade: 7200 }, /“fade”/],
    'a place that is none': [{ what: 'regions', template: '{size}' }, /cannot have \{size\}/],
  };
  for (const [name, [settings, message]] of Object.entries(refused)) {
    it(`refuses ${name}, and says so`, () => {
      expect(() => plan(stateOf(HITS), settings))
        .to.throw(message)
        .with.property('code', 'bad-option');
    });
  }
});
