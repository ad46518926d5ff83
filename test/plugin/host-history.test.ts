import { expect } from '@open-wc/testing';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import type { HistoryEntry, HostHistory } from '../../src/plugin/host/timeline-host.js';
import { fakeAudioOpener, FakeEngines, FakeRecording } from '../helpers/fake-engine.js';
import { FakeHost } from '../helpers/fake-host.js';
import { waitUntil } from '../helpers/wait-until.js';

/** The undo stack of an editor that does other things too. */
class EditorHistory implements HostHistory {
  readonly done: HistoryEntry[] = [];
  readonly undone: HistoryEntry[] = [];

  push(entry: HistoryEntry): void {
    this.done.push(entry);
    this.undone.length = 0;
  }

  undo(): void {
    const entry = this.done.pop();
    if (!entry) return;
    entry.undo();
    this.undone.push(entry);
  }

  redo(): void {
    const entry = this.undone.pop();
    if (!entry) return;
    entry.redo();
    this.done.push(entry);
  }
}

let history: EditorHistory;
let host: FakeHost;
let earmark: EarmarkCore;
/** What the editor's own edit has changed. */
let volume: number;
const statuses = () => earmark.getState().regions.map(({ status }) => status);
const names = () => history.done.map(({ name }) => name);
const ids = () => earmark.getState().regions.map(({ id }) => id);

beforeEach(async () => {
  history = new EditorHistory();
  host = Object.assign(new FakeHost(), { history });
  const street = new FakeRecording(32, [
    { text: 'dog bark', start: 3.2, end: 4.8 },
    { text: 'dog bark', start: 16, end: 17.6 },
  ]);
  const openAudio = fakeAudioOpener({ street, other: new FakeRecording(8, []) });
  earmark = new EarmarkCore({ host }, { createEngine: new FakeEngines().create, openAudio });
  host.load('street');
  await earmark.find('dog bark');
  volume = 1;
});

afterEach(() => earmark.destroy());

function turnDown(): void {
  volume = 0.5;
  history.push({ name: 'Turn down', undo: () => (volume = 1), redo: () => (volume = 0.5) });
}

describe('an editor with an undo stack of its own', () => {
  it('gets every edit by its name, and undoes them among its own', () => {
    earmark.dispatch({ type: 'region-status', ids: ids(), status: 'rejected' });
    turnDown();
    earmark.dispatch({ type: 'region-status', ids: ids().slice(0, 1), status: 'accepted' });
    expect(names()).to.deep.equal(['Find “dog bark”', 'Reject 2 hits', 'Turn down', 'Accept hit']);
    history.undo();
    expect(statuses()).to.deep.equal(['rejected', 'rejected']);
    history.undo();
    expect(volume).to.equal(1);
    history.undo();
    expect(statuses()).to.deep.equal(['candidate', 'candidate']);
    history.redo();
    history.redo();
    history.redo();
    expect([volume, ...statuses()]).to.deep.equal([0.5, 'accepted', 'rejected']);
  });

  it('is what Undo and Redo in the panel mean', () => {
    earmark.dispatch({ type: 'region-status', ids: ids(), status: 'rejected' });
    turnDown();
    earmark.dispatch({ type: 'undo' });
    expect([volume, ...statuses()]).to.deep.equal([1, 'rejected', 'rejected']);
    earmark.dispatch({ type: 'undo' });
    expect(statuses()).to.deep.equal(['candidate', 'candidate']);
    earmark.dispatch({ type: 'redo' });
    expect(statuses()).to.deep.equal(['rejected', 'rejected']);
  });

  it('gets a drag once', () => {
    const [id] = ids() as [string];
    for (const end of [5, 5.1, 5.2]) {
      earmark.dispatch({ type: 'region-move', id, start: 3.2, end, transient: end < 5.2 });
    }
    expect(names().slice(1)).to.deep.equal(['Move hit']);
    history.undo();
    expect(earmark.getState().regions[0]?.end).to.equal(4.8);
    history.redo();
    expect(earmark.getState().regions[0]?.end).to.equal(5.2);
  });

  it('does no harm with entries out of turn, of another recording, or of an Earmark that is gone', async () => {
    earmark.dispatch({ type: 'region-status', ids: ids(), status: 'rejected' });
    const [found, rejected] = history.done as [HistoryEntry, HistoryEntry];
    found.undo();
    rejected.redo();
    expect(statuses()).to.deep.equal(['rejected', 'rejected']);
    host.load('other');
    await waitUntil('the other is open', () => earmark.getState().source?.name === 'other');
    rejected.undo();
    found.undo();
    expect(earmark.getState().prompts).to.have.length(1);
    earmark.dispatch({ type: 'prompt-add', text: 'door' });
    earmark.destroy();
    history.undo();
    expect(earmark.getState().prompts).to.have.length(2);
  });
});
