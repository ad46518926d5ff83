import { expect } from '@open-wc/testing';
import type { EarmarkState } from '../../src/plugin/state.js';
import type { KeptProjectState, ProjectState } from '../../src/plugin/project-state.js';
import { focused, mount, settle, streetStore } from './mount.js';

const KEPT: KeptProjectState = {
  id: 'p1',
  name: 'street.flac',
  savedAt: new Date().setHours(9, 5),
  prompts: ['dog bark', 'speech', 'thunder', 'church bell'],
  regionCount: 12,
  isCopy: false,
  hasRecording: true,
};
const NOTHING: ProjectState = {
  saved: 'none',
  savedAt: null,
  openId: null,
  canOpenRecordings: true,
  kept: [],
  recordingBytes: 0,
  pending: null,
};
const SOURCE = { name: 'farm.flac', duration: 10, sampleRate: 48_000, channelCount: 2, digest: null };

async function mountTool(project: Partial<ProjectState> | null, change: Partial<EarmarkState> = {}) {
  const { store } = streetStore({ project: project && { ...NOTHING, ...project }, ...change });
  const tool = await mount('earmark-project', store);
  const root = tool.shadowRoot!;
  const button = (name: string) =>
    [...root.querySelectorAll('button')].find(
      (each) => each.getAttribute('aria-label') === name || each.textContent?.trim() === name,
    )!;
  const text = () => root.textContent!.replace(/\s+/g, ' ');
  /** Chooses a file in one of the file fields, as a user does. */
  const choose = (id: string, file: File) => {
    const input = root.getElementById(id) as HTMLInputElement;
    const chosen = new DataTransfer();
    chosen.items.add(file);
    input.files = chosen.files;
    input.dispatchEvent(new Event('change'));
  };
  return { store, tool, root, button, text, choose };
}

describe('the tool for projects', () => {
  before(() => import('../../src/ui/tools/project/project-tool.js'));

  it('says where the work is kept', async () => {
    const { store, text } = await mountTool(null);
    expect(text()).to.contain('This page does not keep projects');
    const show = async (project: Partial<ProjectState>) => {
      store.set({ project: { ...NOTHING, ...project } });
      await settle();
    };
    await show({});
    expect(text()).to.contain('Nothing to keep yet');
    await show({ saved: 'pending' });
    expect(text()).to.contain('Keeping what has changed…');
    await show({ saved: 'saved', savedAt: KEPT.savedAt });
    expect(text()).to.contain('Kept on this device, 09:05');
    await show({ saved: 'failed' });
    expect(text()).to.contain('Save it as a file');
  });

  it('saves the project as a file, and says why when it cannot', async () => {
    const { store, button, text } = await mountTool({});
    const saved: string[] = [];
    const { click } = HTMLAnchorElement.prototype as { click: () => void };
    HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
      saved.push(this.download);
    };
    try {
      button('Save as file').click();
      await settle();
      expect(saved).to.deep.equal(['street.earmark.json']);
    } finally {
      HTMLAnchorElement.prototype.click = click;
    }
    store.saveProject = () => Promise.reject(new Error('There is <b>no</b> recording.'));
    button('Save as file').click();
    await settle();
    expect(text()).to.contain('There is <b>no</b> recording.');
  });

  it('opens project files and begins anew', async () => {
    const { store, button, choose } = await mountTool({});
    const file = new File(['{}'], 'street.earmark.json');
    choose('open', file);
    button('Start fresh').click();
    expect(store.sent('project-open').map((request) => (request.file as File).name)).to.deep.equal([file.name]);
    expect(store.sent('project-fresh').length).to.equal(1);
  });

  it('asks what to do with a project of another recording', async () => {
    const { store, button, text, choose } = await mountTool({ pending: { source: SOURCE, hasRecording: true } });
    expect(text()).to.contain('This project belongs to “farm.flac” (0:10).');
    button('Open that recording').click();
    choose('recording', new File([''], 'farm.flac'));
    button('Use it on “street.flac”').click();
    button('Cancel').click();
    const asked = store.requests.map(({ type }) => type);
    expect(asked).to.deep.equal(['project-recording', 'project-recording', 'project-apply', 'project-dismiss']);

    store.set({
      project: { ...NOTHING, canOpenRecordings: false, pending: { source: SOURCE, hasRecording: false } },
      source: null,
    });
    await settle();
    expect(text()).to.contain('Open that recording, and the project opens on it.');
    expect(button('Choose the file…')).to.equal(undefined);
    expect(button('Use it on “street.flac”')).to.equal(undefined);
  });

  it('shows what is kept, as text, and goes on with it', async () => {
    const other = {
      ...KEPT,
      id: 'p2',
      name: '<b>farm</b>',
      isCopy: true,
      prompts: [],
      regionCount: 1,
      hasRecording: false,
    };
    const { store, button, text } = await mountTool({ kept: [KEPT, other], openId: 'p1', recordingBytes: 12_300_000 });
    expect(text()).to.contain('dog bark, speech, thunder, 1 more, 12 regions');
    expect(text()).to.contain('<b>farm</b> copy without its recording');
    expect(text()).to.contain('12.3 MB of recordings are kept with them');
    expect(button('Open street.flac of 09:05')).to.equal(undefined);
    button('Open <b>farm</b> of 09:05').click();
    expect(store.sent('project-reopen').map(({ id }) => id)).to.deep.equal(['p2']);
  });

  it('deletes only what was confirmed', async () => {
    const { store, button, text, tool } = await mountTool({ kept: [KEPT, { ...KEPT, id: 'p2' }] });
    button('Delete street.flac of 09:05').click();
    await settle();
    expect(text()).to.contain('Delete for good?');
    expect(focused()?.id).to.equal('confirm');
    button('Keep').click();
    await settle();
    expect(text()).to.not.contain('for good');
    button('Delete all').click();
    await settle();
    expect(store.sent('project-delete')).to.deep.equal([]);
    expect(text()).to.contain('Delete 2 projects for good?');
    (focused() as HTMLElement).click();
    expect(store.sent('project-delete').map(({ ids }) => ids)).to.deep.equal([['p1', 'p2']]);
    await settle();
    expect(focused()?.getRootNode()).to.equal(tool.shadowRoot);
  });

  it('has no accessibility violations', async () => {
    const { tool, button } = await mountTool({
      saved: 'saved',
      savedAt: KEPT.savedAt,
      kept: [KEPT, { ...KEPT, id: 'p2', isCopy: true }],
      openId: 'p1',
      recordingBytes: 1e6,
      pending: { source: SOURCE, hasRecording: true },
    });
    await expect(tool).to.be.accessible();
    button('Delete street.flac of 09:05').click();
    await settle();
    await expect(tool).to.be.accessible();
  });
});

describe('the tools bar', () => {
  it('opens the tool for projects when one waits for its recording', async () => {
    const { store } = streetStore({ project: NOTHING });
    const tools = await mount('earmark-tools', store);
    await settle();
    expect(tools.shadowRoot!.querySelector('earmark-project')).to.equal(null);
    store.set({ project: { ...NOTHING, pending: { source: SOURCE, hasRecording: false } } });
    await settle();
    await customElements.whenDefined('earmark-project');
    await settle();
    expect(tools.shadowRoot!.querySelector('earmark-project')?.shadowRoot?.textContent).to.contain('farm.flac');
  });
});
