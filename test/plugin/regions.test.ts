import { expect } from '@open-wc/testing';
import type { SoundEventBox } from '../../src/detection/sound-event-box.js';
import { EMPTY_DOCUMENT, type EditDocument } from '../../src/plugin/edit-document.js';
import type { Prompt } from '../../src/plugin/prompt.js';
import { deleteRegions, moveRegion, setStatus, type RegionContext } from '../../src/plugin/reduce-regions.js';
import type { Region } from '../../src/plugin/region.js';
import { mergeRegions } from '../../src/plugin/regions.js';
import type { SourceState } from '../../src/plugin/state.js';

const BARK: Prompt = { id: 'p1', text: 'dog bark', polarity: 'target', color: 0, sensitivity: 0.5 };
const SOURCE: SourceState = { id: 's', name: 'street', duration: 20, sampleRate: 48_000, channelCount: 2 };
const GRID = { sampleRate: 10, offset: 0, hop: 1, frameCount: 200 };

const box = (start: number, end: number, confidence = 0.8): SoundEventBox => ({ start, end, confidence });

/** The regions shown for these hits, after those that were shown before. */
function shown(document: EditDocument, hits: SoundEventBox[], previous: readonly Region[] = []): readonly Region[] {
  const values = new Float32Array(GRID.frameCount).fill(0.1);
  for (const hit of hits) values.fill(hit.confidence, Math.floor(hit.start * 10), Math.ceil(hit.end * 10));
  return mergeRegions(document, 's', [{ prompt: BARK, hits, curve: { grid: GRID, values } }], previous);
}

const context = (regions: readonly Region[], document = EMPTY_DOCUMENT): RegionContext => ({
  document,
  regions,
  source: SOURCE,
});
const times = (regions: readonly Region[]) => regions.map(({ start, end, status }) => [start, end, status]);

/** The document after one decision about the regions that `hits` give. */
function decided(
  hits: SoundEventBox[],
  decide: (context: RegionContext, ids: string[]) => { document: EditDocument } | null,
) {
  const regions = shown(EMPTY_DOCUMENT, hits);
  const edit = decide(
    context(regions),
    regions.map((region) => region.id),
  );
  return edit?.document ?? EMPTY_DOCUMENT;
}

const accept = (c: RegionContext, ids: string[]) => setStatus(c, ids, 'accepted');
const reject = (c: RegionContext, ids: string[]) => setStatus(c, ids, 'rejected');

describe('regions', () => {
  it('are the hits, sorted by start, with the score of the box and the peak of the curve', () => {
    const [first, second] = shown(EMPTY_DOCUMENT, [box(5, 6, 0.7), box(1, 2, 0.9)]);
    expect(first).to.include({ start: 1, end: 2, score: 0.9, label: 'dog bark', promptId: 'p1', sourceId: 's' });
    expect(second?.peak).to.be.closeTo(0.7, 1e-6);
  });

  it('keep their ids, and their identity, while their boxes stay', () => {
    const before = shown(EMPTY_DOCUMENT, [box(1, 2), box(5, 6)]);
    expect(shown(EMPTY_DOCUMENT, [box(1, 2), box(5, 6)], before)).to.equal(before);
    const after = shown(EMPTY_DOCUMENT, [box(1, 2)], before);
    expect(after[0]).to.equal(before[0]);
  });

  it('that are untouched make way for a new detection', () => {
    const before = shown(EMPTY_DOCUMENT, [box(1, 2)]);
    expect(times(shown(EMPTY_DOCUMENT, [box(8, 9)], before))).to.deep.equal([[8, 9, 'candidate']]);
  });

  it('that were accepted or rejected stay, whatever is detected', () => {
    expect(times(shown(decided([box(1, 2)], accept), []))).to.deep.equal([[1, 2, 'accepted']]);
    expect(times(shown(decided([box(1, 2)], reject), [box(8, 9)]))).to.deep.equal([
      [1, 2, 'rejected'],
      [8, 9, 'candidate'],
    ]);
  });

  it('are not offered again where more than half is decided', () => {
    for (const decide of [accept, reject, deleteRegions]) {
      const document = decided([box(1, 2)], decide);
      const offered = (hit: SoundEventBox) => shown(document, [hit]).filter((r) => r.status === 'candidate').length;
      expect(offered(box(1.4, 2.4))).to.equal(0);
      expect(offered(box(1.5, 2.5))).to.equal(1);
      expect(offered(box(0, 3))).to.equal(1);
    }
  });

  it('count what several decisions cover together, once', () => {
    const document = decided([box(1, 2), box(2, 3), box(1, 2.2)], accept);
    const candidates = (hit: SoundEventBox) => shown(document, [hit]).filter((r) => r.status === 'candidate').length;
    expect(candidates(box(1, 4.9))).to.equal(0);
    expect(candidates(box(1, 5.1))).to.equal(1);
  });

  it('are offered beside the decisions about another prompt', () => {
    const document = decided([box(1, 2)], accept);
    const speech = { ...BARK, id: 'p2', text: 'speech' };
    const curve = { grid: GRID, values: new Float32Array(GRID.frameCount) };
    const regions = mergeRegions(document, 's', [{ prompt: speech, hits: [box(1, 2)], curve }], []);
    expect(regions.map((region) => region.label).sort()).to.deep.equal(['dog bark', 'speech']);
  });

  it('that were moved away are not offered again where they came from', () => {
    const document = decided([box(1, 2)], (c, [id = '']) => moveRegion(c, id, { start: 7, end: 8 }));
    expect(times(shown(document, [box(1, 2)]))).to.deep.equal([[7, 8, 'candidate']]);
  });

  it('that are given back are the detection’s again, unless they were edited', () => {
    const accepted = decided([box(1, 2)], accept);
    const regions = shown(accepted, [box(1, 2)]);
    const back = setStatus(context(regions, accepted), [regions[0]?.id ?? ''], 'candidate');
    expect(back?.document.kept).to.deep.equal([]);
    const edited = decided([box(1, 2)], (c, [id = '']) => moveRegion(c, id, { start: 1, end: 2.5 }));
    const [moved] = shown(edited, []);
    const acceptedMove = setStatus(context([moved as Region], edited), [moved?.id ?? ''], 'accepted');
    const given = setStatus(
      context(acceptedMove?.document.kept ?? [], acceptedMove?.document),
      [moved?.id ?? ''],
      'candidate',
    );
    expect(times(given?.document.kept ?? [])).to.deep.equal([[1, 2.5, 'candidate']]);
  });

  it('stay inside the recording when they are moved', () => {
    const [region] = shown(EMPTY_DOCUMENT, [box(1, 2)]);
    const moved = moveRegion(context([region as Region]), region?.id ?? '', { start: -3, end: 99 });
    expect(times(moved?.document.kept ?? [])).to.deep.equal([[0, 20, 'candidate']]);
  });

  it('name what undo would take back', () => {
    const regions = shown(EMPTY_DOCUMENT, [box(1, 2), box(3, 4), box(5, 6)]);
    const ids = regions.map((region) => region.id);
    expect(setStatus(context(regions), ids, 'rejected')?.name).to.equal('Reject 3 hits');
    expect(setStatus(context(regions), ids.slice(0, 1), 'accepted')?.name).to.equal('Accept hit');
    expect(deleteRegions(context(regions), ids.slice(1))?.name).to.equal('Delete 2 hits');
  });
});
