import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { EMPTY_DOCUMENT, type DocumentEdit, type EditDocument } from '../../src/plugin/edit-document.js';
import type { Mask } from '../../src/plugin/mask.js';
import type { Prompt } from '../../src/plugin/prompt.js';
import { copyRegions } from '../../src/plugin/reduce-region-copy.js';
import { mergeIntoOne } from '../../src/plugin/reduce-region-merge.js';
import { silenceRegions } from '../../src/plugin/reduce-region-silence.js';
import { splitRegions } from '../../src/plugin/reduce-region-split.js';
import { nudgeRegions, snapRegions } from '../../src/plugin/reduce-region-times.js';
import {
  addRegion,
  deleteRegions,
  renameRegions,
  setStatus,
  type RegionContext,
} from '../../src/plugin/reduce-regions.js';
import { SHORTEST_REGION, type Region } from '../../src/plugin/region.js';
import { mergeRegions } from '../../src/plugin/regions.js';
import type { SourceState } from '../../src/plugin/state.js';

const BARK: Prompt = { id: 'p1', text: 'dog bark', polarity: 'target', color: 0, sensitivity: 0.5 };
const SPEECH: Prompt = { ...BARK, id: 'p2', text: 'speech' };
const SOURCE: SourceState = { id: 's', name: 'street', duration: 20, sampleRate: 1000, channelCount: 1 };
const DOCUMENT: EditDocument = { ...EMPTY_DOCUMENT, prompts: [BARK, SPEECH] };

const hit = (id: string, start: number, end: number, change: Partial<Region> = {}): Region => ({
  id,
  sourceId: 's',
  start,
  end,
  label: 'dog bark',
  score: 0.8,
  peak: 0.9,
  promptId: 'p1',
  origin: 'detected',
  status: 'candidate',
  edited: false,
  ...change,
});

const context = (regions: readonly Region[], document = DOCUMENT): RegionContext => ({
  document: { ...document, kept: regions.filter(({ status }) => status !== 'candidate') },
  regions,
  source: SOURCE,
});
const ids = (regions: readonly Region[]) => regions.map(({ id }) => id);
const times = (edit: DocumentEdit) => edit?.document.kept.map(({ start, end }) => [start, end]);
const fresh = () => {
  let count = 0;
  return () => `new-${(count += 1)}`;
};
const refused = (edit: () => unknown) => {
  try {
    edit();
  } catch (error) {
    return (error as Error).message;
  }
  return 'was not refused';
};

describe('splitting regions', () => {
  const regions = [hit('a', 1, 3), hit('b', 2, 5, { status: 'accepted' }), hit('c', 2, 4, { status: 'rejected' })];

  it('makes two of each that lies there, and of no rejected one; they are the user’s from then on', () => {
    const edit = splitRegions(context(regions), 2.5, undefined, fresh());
    const parts = edit?.document.kept.map(({ id, start, end, status, edited }) => [id, start, end, status, edited]);
    expect(parts).to.deep.equal([
      ['c', 2, 4, 'rejected', false],
      ['a', 1, 2.5, 'candidate', true],
      ['b', 2, 2.5, 'accepted', true],
      ['new-1', 2.5, 3, 'candidate', true],
      ['new-2', 2.5, 5, 'accepted', true],
    ]);
    expect(edit?.name).to.equal('Split 2 hits');
  });

  it('takes only those that are meant', () => {
    const edit = splitRegions(context(regions), 2.5, ['c'], fresh());
    expect(edit?.document.kept.map(({ id }) => id)).to.deep.equal(['b', 'c', 'new-1']);
  });

  it('cuts between samples, and leaves nothing of no length', () => {
    const [, [, start]] = times(splitRegions(context(regions.slice(0, 1)), 2.000_4, undefined, fresh())) as number[][];
    expect(start).to.equal(3);
    for (const time of [1, 1.005, 3, 2.995, 9, 99, -1]) {
      expect(refused(() => splitRegions(context(regions.slice(0, 1)), time, undefined, fresh()))).to.contain(
        'no region',
      );
    }
    expect(refused(() => splitRegions(context(regions), NaN, undefined, fresh()))).to.contain('no time');
  });

  it('keeps both parts masked', () => {
    const silenced = silenceRegions(context(regions), ['b'])!.document;
    const edit = splitRegions({ document: silenced, regions, source: SOURCE }, 3.5, ['b'], fresh());
    expect(edit?.document.mask?.regionIds).to.deep.equal(['b', 'new-1']);
  });
});

describe('merging regions', () => {
  const regions = [
    hit('a', 1, 3, { score: 0.6 }),
    hit('b', 2, 7, { status: 'accepted' }),
    hit('c', 9, 10, { label: 'speech', promptId: 'p2' }),
  ];

  it('makes one from the first start to the last end, with the first one’s name', () => {
    const edit = mergeIntoOne(context(regions), ['c', 'a', 'b']);
    expect(edit?.document.kept).to.have.length(1);
    expect(edit?.document.kept[0]).to.include({ id: 'a', start: 1, end: 10, label: 'dog bark', promptId: 'p1' });
    expect(edit?.document.kept[0]).to.include({ status: 'accepted', score: 0.8, edited: true });
    expect(edit?.name).to.equal('Merge 3 hits');
  });

  it('does not offer what it took in again, of another prompt neither', () => {
    const { document } = mergeIntoOne(context(regions), ids(regions))!;
    const curve = { grid: { sampleRate: 10, offset: 0, hop: 1, frameCount: 200 }, values: new Float32Array(200) };
    const box = (start: number, end: number) => ({ start, end, confidence: 0.9 });
    const found = [
      { prompt: BARK, hits: [box(1, 3), box(2, 7)], curve },
      { prompt: SPEECH, hits: [box(9, 10)], curve },
    ];
    expect(ids(mergeRegions(document, 's', found, []))).to.deep.equal(['a']);
  });

  it('takes two', () => {
    expect(refused(() => mergeIntoOne(context(regions), ['a']))).to.contain('two regions');
    expect(refused(() => mergeIntoOne(context(regions), ['a', 'gone']))).to.contain('two regions');
  });

  it('is masked where a part was', () => {
    const silenced = silenceRegions(context(regions), ['b'])!.document;
    const edit = mergeIntoOne({ document: silenced, regions, source: SOURCE }, ['a', 'b']);
    expect(edit?.document.mask?.regionIds).to.deep.equal(['a']);
  });
});

describe('copying regions', () => {
  const regions = [hit('a', 1, 3), hit('b', 2, 5), hit('c', 2, 5, { label: 'speech', promptId: 'p2' })];

  it('puts accepted ones under another prompt, once', () => {
    const edit = copyRegions(context(regions), ['a', 'b'], 'Speech', fresh());
    expect(edit?.document.kept).to.have.length(1);
    expect(edit?.document.kept[0]).to.include({
      id: 'new-1',
      start: 1,
      end: 3,
      label: 'speech',
      promptId: 'p2',
      status: 'accepted',
      origin: 'user',
    });
    expect(edit?.name).to.equal('Copy hit to “speech”');
    expect(copyRegions(context(regions), ['b'], 'speech', fresh())).to.equal(null);
  });

  it('needs no prompt, but a name', () => {
    const edit = copyRegions(context(regions), ['a'], 'music', fresh());
    expect(edit?.document.kept[0]).to.include({ label: 'music' });
    expect(edit?.document.kept[0]).not.to.have.property('promptId');
    expect(refused(() => copyRegions(context(regions), ['a'], '  ', fresh()))).to.contain('needs a name');
  });
});

describe('naming regions', () => {
  it('after a prompt makes them its own, and the prompt that found them does not offer them again', () => {
    const edit = renameRegions(context([hit('p1@1.000-3.000', 1, 3)]), ['p1@1.000-3.000'], 'Speech');
    expect(edit?.document.kept[0]).to.include({ label: 'speech', promptId: 'p2' });
    const curve = { grid: { sampleRate: 10, offset: 0, hop: 1, frameCount: 200 }, values: new Float32Array(200) };
    const found = [{ prompt: BARK, hits: [{ start: 1, end: 3, confidence: 0.9 }], curve }];
    expect(mergeRegions(edit!.document, 's', found, [])).to.have.length(1);
  });

  it('otherwise leaves them with the prompt that found them', () => {
    const edit = renameRegions(context([hit('a', 1, 3)]), ['a'], 'Rex');
    expect(edit?.document.kept[0]).to.include({ label: 'Rex', promptId: 'p1' });
  });

  it('draws them for the prompt of that name', () => {
    const edit = addRegion(context([]), 'new', { start: 1, end: 2, label: 'dog bark' });
    expect(edit?.document.kept[0]).to.include({ promptId: 'p1', status: 'accepted' });
  });
});

describe('nudging regions', () => {
  const regions = [hit('a', 1, 3), hit('b', 10, 20, { status: 'accepted' })];
  const nudge = (part: 'start' | 'end' | 'whole', by: number, meant = ['a', 'b']) =>
    nudgeRegions(context(regions), meant, () => by, { part, transient: false });

  it('moves one side, or all, of several', () => {
    expect(times(nudge('start', 0.5))).to.deep.equal([
      [1.5, 3],
      [10.5, 20],
    ]);
    expect(times(nudge('end', -0.5))).to.deep.equal([
      [1, 2.5],
      [10, 19.5],
    ]);
    expect(times(nudge('whole', -0.5))).to.deep.equal([
      [0.5, 2.5],
      [9.5, 19.5],
    ]);
    expect(nudge('whole', -0.5)?.name).to.equal('Nudge 2 hits');
  });

  it('keeps the length of what it moves to an end of the recording', () => {
    expect(times(nudge('whole', 5))).to.deep.equal([
      [10, 20],
      [6, 8],
    ]);
    expect(times(nudge('whole', -5))).to.deep.equal([
      [0, 2],
      [5, 15],
    ]);
  });

  it('refuses what is no distance', () => {
    expect(refused(() => nudge('start', NaN))).to.contain('cannot be moved');
    expect(refused(() => nudge('start', 1, ['gone']))).to.contain('not there any more');
  });

  it('leaves every region inside the recording, of some length, on whole samples, whatever is asked', () => {
    const bounds = fc.tuple(fc.double({ min: 0, max: 20, noNaN: true }), fc.double({ min: 0, max: 20, noNaN: true }));
    fc.assert(
      fc.property(
        bounds,
        fc.constantFrom('start', 'end', 'whole'),
        fc.double({ min: -30, max: 30, noNaN: true }),
        ([a, b], part, by) => {
          const [start, end] = [Math.floor(Math.min(a, b) * 1000) / 1000, Math.ceil(Math.max(a, b) * 1000 + 1) / 1000];
          fc.pre(end <= 20);
          const before = hit('a', start, end);
          const edit = nudgeRegions(context([before]), ['a'], () => by, { part, transient: false });
          const after = edit?.document.kept[0] ?? before;
          expect(after.start).to.be.at.least(0);
          expect(after.end).to.be.at.most(20);
          expect(after.end - after.start).to.be.at.least(Math.min(SHORTEST_REGION, end - start) - 1e-9);
          expect(Math.round(after.start * 1000) / 1000).to.equal(after.start);
        },
      ),
    );
  });
});

describe('snapping regions', () => {
  it('moves each edge to its place, and leaves one that has none or would pass the other', () => {
    const regions = [hit('a', 1, 3), hit('b', 6, 8), hit('c', 10, 11)];
    const places = new Map([
      [1, 0.8],
      [3, 3.3],
      [6, 9],
      [8, 8.5],
      [10, 10.4],
      [11, 10.2],
    ]);
    const edit = snapRegions(context(regions), ids(regions), (_, edge) => places.get(edge) ?? null);
    expect(times(edit)).to.deep.equal([
      [0.8, 3.3],
      [6, 8.5],
      [10.4, 11],
    ]);
    expect(edit?.name).to.equal('Snap 3 hits');
    expect(snapRegions(context(regions), ['a'], () => null)).to.equal(null);
  });
});

describe('silencing regions', () => {
  const regions = [hit('a', 1, 3), hit('b', 6, 8), hit('c', 10, 11, { status: 'rejected' })];
  const duck: Mask = {
    mode: 'duck',
    everything: false,
    promptIds: ['p1'],
    regionIds: [],
    inverted: false,
    drawn: [],
    floor: -12,
    attack: 0.01,
    hold: 0.02,
    release: 0.05,
    padding: 0.05,
  };

  it('mutes them, and accepts them, in one step', () => {
    const edit = silenceRegions(context(regions), ['a', 'c']);
    expect(edit?.document.mask)
      .to.include({ mode: 'mute' })
      .and.deep.include({ regionIds: ['a', 'c'], promptIds: [] });
    expect(edit?.document.kept.map(({ id, status }) => [id, status])).to.deep.equal([
      ['a', 'accepted'],
      ['c', 'accepted'],
    ]);
    expect(edit?.name).to.equal('Silence 2 hits');
  });

  it('adds to what is muted, with its fades, and takes out again', () => {
    const muted = { ...DOCUMENT, mask: { ...duck, mode: 'mute' as const } };
    const added = silenceRegions(context(regions, muted), ['b'])!;
    expect(added.document.mask).to.deep.equal({ ...muted.mask, regionIds: ['b'] });
    const again = silenceRegions({ document: added.document, regions, source: SOURCE }, ['b']);
    expect(again?.document.mask).to.deep.equal(muted.mask);
    expect(again?.name).to.equal('Unsilence hit');
  });

  it('takes the mask off with its last region', () => {
    const { document } = silenceRegions(context(regions), ['a'])!;
    expect(silenceRegions({ document, regions, source: SOURCE }, ['a'])?.document.mask).to.equal(null);
  });

  it('adds nothing to a mask of everything, and takes the place of one that mutes all but some', () => {
    const everything = { ...duck, mode: 'mute' as const, everything: true, promptIds: [] };
    const muted = silenceRegions(context(regions, { ...DOCUMENT, mask: everything }), ['a']);
    expect(muted?.document.mask).to.equal(everything);
    const allBut = { ...everything, everything: false, inverted: true };
    const edit = silenceRegions(context(regions, { ...DOCUMENT, mask: allBut }), ['a']);
    expect(edit?.document.mask).to.deep.include({ regionIds: ['a'], inverted: false });
  });

  it('takes the place of a mask that does not mute', () => {
    const edit = silenceRegions(context(regions, { ...DOCUMENT, mask: duck }), ['a']);
    expect(edit?.document.mask).to.deep.include({ mode: 'mute', regionIds: ['a'], promptIds: [] });
  });
});

describe('5,000 overlapping regions', () => {
  const regions = Array.from({ length: 5000 }, (_, i) =>
    hit(`h${i}`, (i % 1000) / 100, 10 + (i % 997) / 100, { status: i % 2 ? 'accepted' : 'candidate' }),
  );
  const all = ids(regions);
  const within = context(regions);

  it('are split, merged, moved, copied, named, silenced and deleted in a blink', () => {
    const edits: Record<string, () => unknown> = {
      split: () => splitRegions(within, 9.995, undefined, fresh()),
      merge: () => mergeIntoOne(within, all),
      copy: () => copyRegions(within, all, 'speech', fresh()),
      nudge: () => nudgeRegions(within, all, () => 0.01, { part: 'whole', transient: true }),
      snap: () => snapRegions(within, all, (_, edge) => edge + 0.01),
      silence: () => silenceRegions(within, all),
      rename: () => renameRegions(within, all, 'speech'),
      accept: () => setStatus(within, all, 'accepted'),
      remove: () => deleteRegions(within, all),
    };
    for (const [name, edit] of Object.entries(edits)) {
      const start = performance.now();
      edit();
      expect(performance.now() - start, name).to.be.below(250);
    }
  });

  it('are derived anew in a blink, with as many candidates beside them', () => {
    const kept = regions.map((region, i) => ({ ...region, start: i / 250, end: i / 250 + 0.001 }));
    const document = { ...DOCUMENT, kept };
    const hits = Array.from({ length: 5000 }, (_, i) => ({ start: i / 300, end: i / 300 + 5, confidence: 0.9 }));
    const curve = { grid: { sampleRate: 10, offset: 0, hop: 1, frameCount: 200 }, values: new Float32Array(200) };
    const start = performance.now();
    const merged = mergeRegions(document, 's', [{ prompt: BARK, hits, curve }], []);
    expect(performance.now() - start).to.be.below(250);
    expect(merged).to.have.length(10_000);
  });
});
