import { expect } from '@open-wc/testing';
import { deleteDB, openDB } from 'idb';
import { EarmarkError } from '../../src/engine/errors.js';
import type { AudioInput } from '../../src/plugin/audio-source.js';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import type { EarmarkOptions } from '../../src/plugin/options.js';
import { ProjectStore } from '../../src/plugin/project-store.js';
import type { ProjectState } from '../../src/plugin/project-state.js';
import { FakeEngines, FakeRecording, type FakeSound } from '../helpers/fake-engine.js';
import { waitUntil } from '../helpers/wait-until.js';

const DATABASE = 'earmark-projects';
const BARKS: readonly FakeSound[] = [
  { text: 'dog bark', start: 3.2, end: 4.8 },
  { text: 'dog bark', start: 16, end: 17.6 },
];

/** Sounds by the words that a file consists of. */
const SOUNDS: Readonly<
  Record<string, { readonly duration: number; readonly sounds: readonly FakeSound[]; readonly channelCount?: number }>
> = {
  street: { duration: 32, sounds: BARKS },
  interview: {
    duration: 32,
    sounds: BARKS.map((bark, channel) => ({ ...bark, channel })),
    channelCount: 2,
  },
  farm: { duration: 10, sounds: [{ text: 'dog bark', start: 6.4, end: 8 }] },
};

const street = () => new File(['street'], 'street.flac', { lastModified: 1 });
const interview = () => new File(['interview'], 'interview.flac', { lastModified: 1 });
const farm = () => new File(['farm'], 'farm.flac', { lastModified: 1 });

/** A recording that is read from a file of the user's, and known by its digest. */
class FiledRecording extends FakeRecording {
  constructor(
    private readonly file: Blob,
    { duration, sounds, channelCount }: (typeof SOUNDS)[string],
  ) {
    super(duration, sounds, channelCount);
  }

  override async digest(): Promise<string> {
    await digestGate;
    const hash = await crypto.subtle.digest('SHA-256', await this.file.arrayBuffer());
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}

let digestGate: Promise<void> = Promise.resolve();
const open: EarmarkCore[] = [];

/** An Earmark as it runs in a tab of its own. */
function createTab(options: EarmarkOptions = {}): EarmarkCore {
  const earmark = new EarmarkCore(
    { autosave: true, ...options },
    {
      createEngine: new FakeEngines().create,
      openAudio: async (input: AudioInput, { name }) => {
        const file = input as File;
        const sounds = SOUNDS[await file.text()];
        if (!sounds) throw new EarmarkError('not-audio', 'This is not audio.');
        const source = new FiledRecording(file, sounds);
        const { duration, sampleRate, channelCount } = source;
        const facts = { name: name ?? file.name, duration, sampleRate, channelCount, codec: null, warnings: [] };
        return { source, data: file, ...facts };
      },
    },
  );
  open.push(earmark);
  return earmark;
}

const project = (earmark: EarmarkCore): ProjectState | null => earmark.getState().project;
const texts = (earmark: EarmarkCore) => earmark.getState().prompts.map(({ text }) => text);
const statuses = (earmark: EarmarkCore) => earmark.getState().regions.map(({ status }) => status);
const notices = (earmark: EarmarkCore) => earmark.getState().notices.map(({ message }) => message);
const saved = (earmark: EarmarkCore) =>
  waitUntil('the project is saved', () => project(earmark)?.saved === 'saved' && isListed(earmark));
const isListed = (earmark: EarmarkCore) =>
  project(earmark)?.kept.some(({ id }) => id === project(earmark)?.openId) === true;

/** A tab with the street open, a prompt, and its first hit accepted. */
async function workOnStreet(options: EarmarkOptions = {}): Promise<EarmarkCore> {
  const earmark = createTab(options);
  await earmark.open(street());
  await earmark.find('dog bark');
  accept(earmark, 0);
  return earmark;
}

function accept(earmark: EarmarkCore, index: number): void {
  const id = earmark.getState().regions[index]?.id ?? '';
  earmark.dispatch({ type: 'region-status', ids: [id], status: 'accepted' });
}

/** A tab with the street open and what was kept of it, searched. */
async function comeBack(file = street()): Promise<EarmarkCore> {
  const earmark = createTab();
  await earmark.open(file);
  await restored(earmark);
  await waitUntil('the prompts are searched', () => earmark.getState().prompts.every(({ presence }) => presence));
  return earmark;
}

const restored = (earmark: EarmarkCore) =>
  waitUntil('the project is restored', () => notices(earmark).some((message) => message.startsWith('Restored')));

/** Closes a tab as a user does: what it would have to wait for never happens. */
async function closeAbruptly(earmark: EarmarkCore): Promise<void> {
  const putBack = replace(ProjectStore.prototype, 'save', () => new Promise(() => {}));
  dispatchEvent(new PageTransitionEvent('pagehide'));
  earmark.destroy();
  await settle();
  putBack();
}

/** Puts another method in place of one; returns what puts it back. */
function replace<T extends object, K extends keyof T>(target: T, name: K, value: T[K]): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name)!;
  Object.defineProperty(target, name, { ...before, value });
  return () => void Object.defineProperty(target, name, before);
}

const settle = (milliseconds = 50) => new Promise((resolve) => setTimeout(resolve, milliseconds));

beforeEach(async () => {
  digestGate = Promise.resolve();
  await deleteDB(DATABASE);
});

afterEach(async () => {
  for (const earmark of open.splice(0)) earmark.destroy();
  await settle();
});

describe('autosave', () => {
  it('brings the work back with the recording, within a second of the edit', async () => {
    const before = performance.now();
    const earmark = await workOnStreet();
    await saved(earmark);
    expect(performance.now() - before).to.be.lessThan(2_000);
    const again = await comeBack();
    expect(texts(again)).to.deep.equal(['dog bark']);
    expect(statuses(again)).to.deep.equal(['accepted', 'candidate']);
    expect(notices(again)).to.deep.equal([
      'Restored: 1 prompt, 1 edited region. Undo takes them away again; Project › Start fresh begins anew.',
    ]);
    expect(again.getState().regions[0]?.sourceId).to.equal(again.getState().source?.id);
  });

  it('no longer speaks of what it brought back once another recording is open', async () => {
    await saved(await workOnStreet());
    const again = await comeBack();
    await waitUntil('it was said', () => notices(again).length > 0);
    await again.open(farm());
    expect(notices(again)).to.deep.equal([]);
  });

  it('knows the recording by its sound, whatever its file is called', async () => {
    await saved(await workOnStreet());
    const again = await comeBack(new File(['street'], 'renamed.wav', { lastModified: 99 }));
    expect(statuses(again)).to.deep.equal(['accepted', 'candidate']);
    const other = createTab();
    await other.open(new File(['farm'], 'street.flac', { lastModified: 1 }));
    await settle(300);
    expect(texts(other)).to.deep.equal([]);
  });

  it('can be undone to the beginning, and what is kept survives that', async () => {
    await saved(await workOnStreet());
    const again = await comeBack();
    expect(again.getState().history.undo).to.equal('Restore the project');
    again.dispatch({ type: 'undo' });
    expect(again.getState().history.undo).to.equal(null);
    expect(texts(again)).to.deep.equal([]);
    await settle(700);
    again.destroy();
    expect(statuses(await comeBack())).to.deep.equal(['accepted', 'candidate']);
  });

  it('keeps what was undone, and what is made instead of it, beside each other', async () => {
    await saved(await workOnStreet());
    const again = await comeBack();
    const { openId } = project(again)!;
    again.dispatch({ type: 'undo' });
    await settle(0);
    await again.find('speech');
    await waitUntil('both are kept', () => project(again)?.kept.length === 2);
    expect(project(again)?.kept.map(({ prompts, isCopy }) => [prompts, isCopy])).to.deep.equal([
      [['speech'], false],
      [['dog bark'], false],
    ]);
    expect(project(again)?.openId).to.not.equal(openId);
  });

  it('goes on with the project when its restoration is undone and redone', async () => {
    await saved(await workOnStreet());
    const again = await comeBack();
    const { openId } = project(again)!;
    again.dispatch({ type: 'undo' });
    await waitUntil('it is left', () => project(again)?.openId === null);
    again.dispatch({ type: 'redo' });
    await waitUntil('it is open again', () => project(again)?.openId === openId);
    await settle(700);
    expect(project(again)).to.deep.include({ saved: 'saved', openId });
    expect(project(again)?.kept.length).to.equal(1);
  });

  it('gives new prompts and regions ids of their own beside those that came back', async () => {
    await saved(await workOnStreet());
    const again = await comeBack();
    await again.find('speech');
    again.dispatch({ type: 'region-add', start: 1, end: 2, label: 'door' });
    const { prompts, regions } = again.getState();
    expect(new Set(prompts.map(({ id }) => id)).size).to.equal(2);
    expect(new Set(regions.map(({ id }) => id)).size).to.equal(3);
  });

  it('lets a script ask for a prompt at once, and gives it what was decided on the last visit', async () => {
    await saved(await workOnStreet());
    const again = createTab();
    void again.open(street());
    await settle(0);
    const found = again.find('dog bark').catch(() => []);
    await restored(again);
    await found;
    await waitUntil('the hits are there', () => again.getState().regions.length === 2);
    expect(texts(again)).to.deep.equal(['dog bark']);
    expect(statuses(again)).to.deep.equal(['accepted', 'candidate']);
  });

  it('keeps prompts that are asked while the recording is still being opened', async () => {
    const earmark = createTab();
    const opening = earmark.open(street());
    earmark.dispatch({ type: 'prompt-add', text: 'dog bark' });
    await opening;
    await saved(earmark);
    expect(texts(await comeBack())).to.deep.equal(['dog bark']);
  });

  it('keeps what was done just before the next recording was opened', async () => {
    const earmark = await workOnStreet();
    await earmark.open(farm());
    await settle(100);
    expect(statuses(await comeBack())).to.deep.equal(['accepted', 'candidate']);
  });

  it('keeps what was done just before the tab was closed', async () => {
    const earmark = await workOnStreet();
    await saved(earmark);
    accept(earmark, 1);
    await settle(0);
    await closeAbruptly(earmark);
    expect(statuses(await comeBack())).to.deep.equal(['accepted', 'accepted']);
  });

  it('keeps work under the file’s name while its digest is not known, and gives it the digest then', async () => {
    let passGate = () => {};
    digestGate = new Promise((resolve) => {
      passGate = resolve;
    });
    const earmark = await workOnStreet();
    await saved(earmark);
    earmark.destroy();
    passGate();
    const again = await comeBack();
    await saved(again);
    expect(project(again)?.kept.length).to.equal(1);
    expect(statuses(again)).to.deep.equal(['accepted', 'candidate']);
  });

  it('hears the channel that was chosen last, unless the page has opened another one', async () => {
    const earmark = createTab();
    await earmark.open(interview(), { channel: 0 });
    await earmark.find('dog bark');
    accept(earmark, 0);
    await saved(earmark);
    earmark.dispatch({ type: 'channel', channel: 1 });
    await waitUntil('it is to be saved', () => project(earmark)?.saved === 'pending');
    await saved(earmark);
    const again = await comeBack(interview());
    expect(again.getState().channel).to.equal(1);
    expect(again.getState().regions.map(({ channel, status }) => [channel, status])).to.deep.equal([
      [0, 'accepted'],
      [1, 'candidate'],
    ]);
    const other = createTab();
    await other.open(interview(), { channel: 0 });
    await restored(other);
    expect(other.getState().channel).to.equal(0);
  });

  it('keeps the channel of the recording before the next one', async () => {
    const earmark = await workOnStreet();
    await earmark.open(interview(), { channel: 1 });
    await settle();
    await earmark.open(street());
    await restored(earmark);
    expect(earmark.getState().channel).to.equal(null);
  });

  it('keeps nothing when it is switched off', async () => {
    const earmark = await workOnStreet({ autosave: false });
    await settle(700);
    expect(project(earmark)).to.equal(null);
    expect((await indexedDB.databases()).map(({ name }) => name)).to.not.include(DATABASE);
  });

  it('keeps nothing of a recording that was only looked at', async () => {
    const earmark = createTab();
    await earmark.open(street());
    await waitUntil('the project is looked for', () => project(earmark) !== null);
    await settle(700);
    expect(project(earmark)).to.deep.include({ saved: 'none', kept: [] });
  });
});

describe('two tabs on one recording', () => {
  it('show each other’s work while only one of them is worked in', async () => {
    const [first, second] = [await workOnStreet(), createTab()];
    await saved(first);
    await second.open(street());
    await restored(second);
    await waitUntil('the hits are there', () => second.getState().regions.length === 2);
    accept(second, 1);
    await waitUntil('the first tab follows', () => statuses(first).join() === 'accepted,accepted');
    expect(first.getState().history.undo).to.equal('Take over from another tab');
    expect(project(first)?.kept.length).to.equal(1);
    first.dispatch({ type: 'undo' });
    await waitUntil('the second tab follows', () => statuses(second).join() === 'accepted,candidate');
  });

  it('follow a project that begins in the other one', async () => {
    const second = createTab();
    await second.open(street());
    await waitUntil('the project is looked for', () => project(second) !== null);
    await settle(100);
    await workOnStreet();
    await waitUntil('the second tab follows', () => statuses(second)[0] === 'accepted');
  });

  it('destroy nothing when both are worked in at the same time', async () => {
    const [first, second] = [await workOnStreet(), createTab()];
    await saved(first);
    await second.open(street());
    await restored(second);
    await waitUntil('the hits are there', () => second.getState().regions.length === 2);
    accept(second, 1);
    const [{ id }] = first.getState().regions;
    first.dispatch({ type: 'region-rename', ids: [id], label: 'terrier' });
    await waitUntil('both are kept', () => project(first)?.kept.length === 2);
    await Promise.all([saved(first), saved(second)]);
    const told = [...notices(first), ...notices(second)].filter((message) => message.includes('another tab too. Both'));
    expect(told.length).to.equal(1);
    expect(first.getState().regions.map(({ label }) => label)).to.deep.equal(['terrier', 'dog bark']);
    expect(statuses(second)).to.deep.equal(['accepted', 'accepted']);
    const reader = createTab();
    await reader.open(street());
    await restored(reader);
    for (const { id: kept } of project(reader)?.kept ?? []) {
      reader.dispatch({ type: 'project-reopen', id: kept });
      await waitUntil(
        'it is open and searched',
        () => project(reader)?.openId === kept && statuses(reader).length === 2,
      );
      const work = `${statuses(reader).join()} ${reader.getState().regions[0]?.label}`;
      expect(work).to.be.oneOf(['accepted,accepted dog bark', 'accepted,candidate terrier']);
    }
    expect(
      project(reader)
        ?.kept.map(({ isCopy }) => isCopy)
        .sort(),
    ).to.deep.equal([false, true]);
  });
});

describe('what is kept', () => {
  it('has the recording beside it, to go on with after a reload', async () => {
    const earmark = await workOnStreet();
    await waitUntil('the recording is kept', () => project(earmark)?.recordingBytes === street().size);
    const again = createTab();
    const file = await again.lastRecording();
    expect(file?.name).to.equal('street.flac');
    await again.open(file!);
    await restored(again);
  });

  it('can be reopened from another recording, deleted, and begun anew', async () => {
    const earmark = await workOnStreet();
    await saved(earmark);
    await waitUntil('the recording is kept', () => project(earmark)?.kept[0]?.hasRecording === true);
    await earmark.open(farm());
    const [{ id }] = project(earmark)!.kept;
    earmark.dispatch({ type: 'project-reopen', id });
    await waitUntil('it is open again', () => statuses(earmark).join() === 'accepted,candidate');
    expect(earmark.getState().source?.name).to.equal('street.flac');
    expect(project(earmark)).to.deep.include({ saved: 'saved', pending: null });

    earmark.dispatch({ type: 'project-fresh' });
    expect(texts(earmark)).to.deep.equal([]);
    await earmark.find('speech');
    await waitUntil('both are kept', () => project(earmark)?.kept.length === 2);
    earmark.dispatch({ type: 'undo' });
    earmark.dispatch({ type: 'undo' });
    expect(statuses(earmark)).to.include('accepted');
    await waitUntil('the first is open again', () => project(earmark)?.openId === id);

    earmark.dispatch({ type: 'project-delete', ids: project(earmark)!.kept.map((kept) => kept.id) });
    await waitUntil('nothing is kept', () => project(earmark)?.kept.length === 0);
    expect(project(earmark)?.recordingBytes).to.equal(0);
    expect(statuses(earmark)).to.include('accepted');
  });

  it('is as good as before when the disk is full, and says so once', async () => {
    const makeRoom = replace(IDBObjectStore.prototype, 'put', () => {
      throw new DOMException('The disk is full.', 'QuotaExceededError');
    });
    try {
      const earmark = await workOnStreet();
      await waitUntil('saving has failed', () => project(earmark)?.saved === 'failed');
      accept(earmark, 1);
      await settle(700);
      expect(earmark.getState().notices.map(({ code }) => code)).to.deep.equal(['storage-full']);
      expect(JSON.parse(await (await earmark.saveProject()).text()).document.kept.length).to.equal(2);
      makeRoom();
      earmark.dispatch({ type: 'undo' });
      await saved(earmark);
    } finally {
      makeRoom();
    }
  });

  it('is nothing where the browser keeps nothing, which is said once, and all else works', async () => {
    const allow = replace(IDBFactory.prototype, 'open', () => {
      throw new DOMException('Not in a private window.', 'SecurityError');
    });
    try {
      const earmark = await workOnStreet();
      await waitUntil('saving has failed', () => project(earmark)?.saved === 'failed');
      accept(earmark, 1);
      await settle(700);
      expect(earmark.getState().notices.map(({ code }) => code)).to.deep.equal(['storage-denied']);
      expect(statuses(earmark)).to.deep.equal(['accepted', 'accepted']);
    } finally {
      allow();
    }
  });

  it('is left alone when it cannot be read, and so is what is made then', async () => {
    await saved(await workOnStreet());
    const database = await openDB(DATABASE);
    const [id] = await database.getAllKeys('contents');
    await database.put('contents', '{"format":"earmark-project","version":99}', id);
    const again = createTab();
    await again.open(street());
    await waitUntil('it is told', () => notices(again).some((message) => message.includes('newer Earmark')));
    await again.find('speech');
    await saved(again);
    expect(await database.get('contents', id!)).to.contain('99');
    expect(project(again)?.kept.length).to.equal(2);
    database.close();
  });

  it('takes the room of recordings before it gives up', async () => {
    const earmark = await workOnStreet();
    await waitUntil('the recording is kept', () => project(earmark)?.recordingBytes === street().size);
    const put = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'put')!.value as IDBObjectStore['put'];
    let hasRoom = false;
    const remove = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'delete')!
      .value as IDBObjectStore['delete'];
    const putBack = replace(IDBObjectStore.prototype, 'put', function (this: IDBObjectStore, ...values) {
      if (!hasRoom) throw new DOMException('The disk is full.', 'QuotaExceededError');
      return put.call(this, ...values);
    });
    const putBackToo = replace(IDBObjectStore.prototype, 'delete', function (this: IDBObjectStore, key) {
      if (this.name === 'files') hasRoom = true;
      return remove.call(this, key);
    });
    try {
      accept(earmark, 1);
      await waitUntil('it is to be saved', () => project(earmark)?.saved === 'pending');
      await saved(earmark);
      await waitUntil('the recording is gone', () => project(earmark)?.recordingBytes === 0);
      expect(notices(earmark)).to.deep.equal([]);
    } finally {
      putBack();
      putBackToo();
    }
  });

  it('does without the digest of a file that cannot be read to the end', async () => {
    digestGate = Promise.reject(new DOMException('The file has changed.', 'NotReadableError'));
    digestGate.catch(() => {});
    const earmark = await workOnStreet();
    await saved(earmark);
    earmark.destroy();
    expect(statuses(await comeBack())).to.deep.equal(['accepted', 'candidate']);
  });

  it('survives a file that is gone from the disk by then', async () => {
    const put = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'put')!.value as IDBObjectStore['put'];
    const bringBack = replace(IDBObjectStore.prototype, 'put', function (this: IDBObjectStore, value: unknown, ...key) {
      if (value instanceof File) throw new DOMException('The file is gone.', 'NotReadableError');
      return put.call(this, value, ...key);
    });
    try {
      const earmark = await workOnStreet();
      await saved(earmark);
      await waitUntil('it is told', () => notices(earmark).some((message) => message.includes('open the recording')));
      expect(project(earmark)?.kept[0]?.hasRecording).to.equal(false);
    } finally {
      bringBack();
    }
    await comeBack();
  });
});

describe('project files', () => {
  it('carry the work to another browser', async () => {
    const earmark = await workOnStreet();
    await settle();
    earmark.dispatch({ type: 'region-add', start: 20, end: 21, label: 'door' });
    await saved(earmark);
    const file = await earmark.saveProject();
    expect(file.name).to.equal('street.earmark.json');
    earmark.destroy();
    await deleteDB(DATABASE);

    const other = createTab();
    await other.open(street());
    await other.openProject(file);
    await waitUntil('the hits are there', () => other.getState().regions.length === 3);
    expect(statuses(other)).to.deep.equal(['accepted', 'candidate', 'accepted']);
    expect(other.getState().history.undo).to.equal('Open the project of “street.flac”');
    other.dispatch({ type: 'undo' });
    expect(other.getState().regions).to.deep.equal([]);
  });

  it('carry the channel that is heard, as far as the recording has it', async () => {
    const earmark = createTab({ autosave: false });
    await earmark.open(interview(), { channel: 1 });
    await earmark.find('dog bark');
    const file = await earmark.saveProject();
    earmark.dispatch({ type: 'channel', channel: null });
    await earmark.openProject(file);
    expect(earmark.getState().channel).to.equal(1);
    await earmark.open(farm());
    await earmark.openProject(file, { anyRecording: true });
    expect(earmark.getState().channel).to.equal(null);
  });

  it('are never put on another recording unless that is asked for', async () => {
    const file = await (await workOnStreet()).saveProject();
    const other = createTab({ autosave: false });
    await other.open(farm());
    expect(await codeOf(other.openProject(file))).to.equal('other-recording');
    expect(texts(other)).to.deep.equal([]);
    expect(project(other)?.pending?.source.name).to.equal('street.flac');
    await other.openProject(file, { anyRecording: true });
    expect(texts(other)).to.deep.equal(['dog bark']);
    expect(project(other)?.pending).to.equal(null);
  });

  it('wait for their recording', async () => {
    const earmark = await workOnStreet();
    await settle();
    const file = await earmark.saveProject();
    earmark.dispatch({ type: 'project-delete', ids: [] });
    const other = createTab({ autosave: false });
    expect(await codeOf(other.openProject(file))).to.equal('other-recording');
    await other.open(farm());
    await waitUntil('it is told', () => notices(other).some((message) => message.includes('another recording than')));
    other.dispatch({ type: 'project-recording', file: street() });
    await waitUntil('it is opened', () => statuses(other)[0] === 'accepted');
    expect(project(other)?.pending).to.equal(null);
  });

  it('keep what was there before as a project of its own', async () => {
    const earmark = await workOnStreet();
    await saved(earmark);
    const before = await earmark.saveProject();
    earmark.dispatch({ type: 'project-fresh' });
    await earmark.find('speech');
    await waitUntil('both are kept', () => project(earmark)?.kept.length === 2);
    await earmark.openProject(before);
    await waitUntil('three are kept', () => project(earmark)?.kept.length === 3);
    expect(notices(earmark)).to.deep.equal([]);
  });

  it('have their regions cut off at the end of a shorter recording, and say what is left out', async () => {
    const earmark = await workOnStreet();
    earmark.dispatch({ type: 'region-add', start: 9, end: 12, label: 'door' });
    earmark.dispatch({ type: 'region-add', start: 20, end: 21, label: 'bell' });
    const file = await earmark.saveProject();
    const other = createTab({ autosave: false });
    await other.open(farm());
    await other.openProject(file, { anyRecording: true });
    const door = other.getState().regions.find(({ label }) => label === 'door');
    expect([door?.start, door?.end]).to.deep.equal([9, 10]);
    expect(notices(other)).to.deep.equal([
      '1 region of the project lies past the end of this recording and was left out.',
    ]);
  });

  it('that are none change nothing, and say what is wrong', async () => {
    const earmark = await workOnStreet();
    const before = earmark.getState().regions;
    for (const content of [
      '',
      'street',
      '[]',
      '{"format":"earmark-project"}',
      '{"format":"earmark-project","version":9}',
    ]) {
      expect(await codeOf(earmark.openProject(new File([content], 'x.earmark.json')))).to.equal('bad-project');
    }
    earmark.dispatch({ type: 'project-open', file: new File(['{}'], 'x.earmark.json') });
    await waitUntil('it is told', () => earmark.getState().notices.some(({ code }) => code === 'bad-project'));
    expect(earmark.getState().regions).to.equal(before);
  });

  it('need a recording to be saved', async () => {
    expect(await codeOf(createTab().saveProject())).to.equal('no-source');
  });
});

async function codeOf(promise: Promise<unknown>): Promise<string | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    return (error as EarmarkError).code;
  }
}
