import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { EMPTY_DOCUMENT, type EditDocument } from '../../src/plugin/edit-document.js';
import { commit, emptyHistory, redo, undo, type History } from '../../src/plugin/history.js';
import { isRegionEdit, type EditRequest } from '../../src/plugin/reduce-edit.js';
import { reducePrompts } from '../../src/plugin/reduce-prompts.js';
import { reduceRegions } from '../../src/plugin/reduce-regions.js';
import type { Region } from '../../src/plugin/region.js';
import type { SourceState } from '../../src/plugin/state.js';

const SOURCE: SourceState = { id: 's', name: 'street', duration: 100, sampleRate: 48_000, channelCount: 1 };

const candidates: readonly Region[] = Array.from({ length: 6 }, (_, i) => ({
  id: `hit-${i}`,
  sourceId: 's',
  start: 10 * i,
  end: 10 * i + 5,
  label: 'dog bark',
  score: 0.8,
  peak: 0.9,
  promptId: 'fresh-0',
  origin: 'detected',
  status: 'candidate',
  edited: false,
}));

const hitIds = fc.subarray(
  candidates.map((region) => region.id),
  { minLength: 1 },
);
const promptId = fc.nat(12).map((n) => `fresh-${n}`);
const request: fc.Arbitrary<EditRequest> = fc.oneof(
  fc.record({
    type: fc.constant('prompt-add' as const),
    text: fc.constantFrom('dog', 'cat', 'not rain', 'not dog', ''),
  }),
  fc.record({ type: fc.constant('prompt-remove' as const), id: promptId }),
  fc.record({ type: fc.constant('prompt-edit' as const), id: promptId, text: fc.constantFrom('horse', 'dog', 'sea') }),
  fc.record({
    type: fc.constant('sensitivity' as const),
    id: promptId,
    value: fc.double({ min: -0.2, max: 1.2, noNaN: true }),
    transient: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('region-status' as const),
    ids: hitIds,
    status: fc.constantFrom('accepted' as const, 'rejected' as const, 'candidate' as const),
  }),
  fc.record({ type: fc.constant('region-rename' as const), ids: hitIds, label: fc.constantFrom('a', 'b', '') }),
  fc.record({
    type: fc.constant('region-move' as const),
    id: fc.nat(5).map((n) => `hit-${n}`),
    start: fc.double({ min: -5, max: 100, noNaN: true }),
    end: fc.double({ min: -5, max: 120, noNaN: true }),
    transient: fc.boolean(),
  }),
  fc.record({ type: fc.constant('region-delete' as const), ids: hitIds }),
  fc.record({
    type: fc.constant('region-add' as const),
    start: fc.double({ min: 0, max: 50, noNaN: true }),
    end: fc.double({ min: 40, max: 100, noNaN: true }),
    label: fc.constantFrom('door', ''),
  }),
);

/** Regions as they stand: what was kept, and the candidates that nobody has touched. */
function regionsOf({ kept, dismissed }: EditDocument): Region[] {
  const touched = new Set([...kept, ...dismissed].map((region) => region.id));
  return [...kept, ...candidates.filter((region) => !touched.has(region.id))];
}

/** The histories that a sequence of requests goes through; refused requests leave no trace. */
function run(requests: readonly EditRequest[]): History<EditDocument>[] {
  const histories = [emptyHistory(EMPTY_DOCUMENT)];
  for (const [i, next] of requests.entries()) {
    const history = histories.at(-1) as History<EditDocument>;
    const document = history.present;
    try {
      const id = `fresh-${i}`;
      const edit = isRegionEdit(next)
        ? reduceRegions(next, { document, regions: regionsOf(document), source: SOURCE }, id)
        : reducePrompts(next, document, { id, sensitivity: 0.5 });
      if (edit) histories.push(commit(history, edit));
    } catch {
      // Refused.
    }
  }
  return histories;
}

describe('undo and redo', () => {
  it('go all the way back, and all the way forward again', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 40 }), (requests) => {
        const end = run(requests).at(-1) as History<EditDocument>;
        let history = end;
        const names: string[] = [];
        while (history.past.length > 0) {
          names.push(history.past.at(-1)?.name ?? '');
          history = undo(history);
        }
        expect(history.present).to.equal(EMPTY_DOCUMENT);
        while (history.future.length > 0) {
          expect(history.future.at(-1)?.name).to.equal(names.pop());
          history = redo(history);
        }
        expect(history.present).to.equal(end.present);
      }),
      { numRuns: 300 },
    );
  });

  it('visit every document that was committed outside a drag', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 40 }), (requests) => {
        const settled = requests.map((one) => ('transient' in one ? { ...one, transient: false } : one));
        const histories = run(settled);
        let history = histories.at(-1) as History<EditDocument>;
        for (const before of histories.slice(0, -1).reverse()) {
          history = undo(history);
          expect(history.present).to.equal(before.present);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('make one step of a drag', () => {
    const drag = (document: string, transient: boolean) => ({ document, name: 'Move', dragKey: 'move 1', transient });
    let history = emptyHistory('at rest');
    for (const place of ['a', 'b', 'c']) history = commit(history, drag(place, true));
    history = commit(history, drag('d', false));
    expect([history.present, history.past.length]).to.deep.equal(['d', 1]);
    history = commit(history, drag('e', true));
    expect(undo(history).present).to.equal('d');
    expect(undo(undo(history)).present).to.equal('at rest');
  });

  it('make no step of what changes nothing', () => {
    const history = commit(emptyHistory('0'), { document: '0', name: 'Move', dragKey: 'move 1', transient: false });
    expect(history.past).to.deep.equal([]);
  });

  it('end a drag when something else is edited', () => {
    let history = commit(emptyHistory('0'), { document: 'a', name: 'Move', dragKey: 'move 1', transient: true });
    history = commit(history, { document: 'b', name: 'Accept' });
    history = commit(history, { document: 'c', name: 'Move', dragKey: 'move 1', transient: true });
    expect(undo(history).present).to.equal('b');
  });

  it('forget what was undone once something new is done', () => {
    let history = commit(emptyHistory('0'), { document: 'a', name: 'A' });
    history = commit(undo(history), { document: 'b', name: 'B' });
    expect(history.future).to.deep.equal([]);
    expect(redo(history)).to.equal(history);
  });

  it('keep the latest 200 steps', () => {
    let history = emptyHistory(0);
    for (let i = 1; i <= 250; i += 1) history = commit(history, { document: i, name: String(i) });
    while (history.past.length > 0) history = undo(history);
    expect(history.present).to.equal(50);
  });
});
