import { expect } from '@open-wc/testing';
import { EarmarkError } from '../../src/engine/errors.js';
import { ACTION_REQUESTS } from '../../src/plugin/action-arguments.js';
import { createEarmark } from '../../src/plugin/create-earmark.js';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import { FIND_REQUESTS } from '../../src/plugin/find-arguments.js';
import { mediaElementHost } from '../../src/plugin/host/media-element.js';
import { remoteEngine } from '../../src/plugin/remote-engine.js';
import { REGION_REQUESTS } from '../../src/plugin/region-arguments.js';
import type { EarmarkRequest } from '../../src/plugin/requests.js';
import { fakeAudioOpener, FakeEngines, FakeRecording } from '../helpers/fake-engine.js';
import { waitUntil } from '../helpers/wait-until.js';

const STREET = new FakeRecording(32, [{ text: 'dog bark', start: 3.2, end: 4.8 }]);

const REQUESTS = { ...FIND_REQUESTS, ...REGION_REQUESTS, ...ACTION_REQUESTS };

let earmark: EarmarkCore;

beforeEach(async () => {
  const engines = new FakeEngines();
  earmark = new EarmarkCore({}, { createEngine: engines.create, openAudio: fakeAudioOpener({ street: STREET }) });
  await earmark.open('street');
  await earmark.find('dog bark');
});

afterEach(() => earmark.destroy());

/** What a call throws or rejects with. */
async function refusal(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return null;
}

/** One value of each kind that a program may give by mistake. */
const VALUES: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  'a number': 5,
  NaN: NaN,
  'a text': 'dog bark',
  true: true,
  'a list': ['dog bark'],
  'an empty object': {},
  'an object of something else': { dog: 'bark' },
  'a function': () => 'dog bark',
};

/** Every method that takes something, with the values that it does take, by the names of {@link VALUES}. */
const METHODS: Readonly<Record<string, { readonly call: (value: never) => unknown; readonly takes: string[] }>> = {
  'find(text)': { call: (value) => earmark.find(value), takes: ['a text'] },
  'find(…, options)': {
    call: (value) => earmark.find('dog bark', value),
    takes: ['undefined', 'an empty object'],
  },
  'open(…, options)': { call: (value) => earmark.open('street', value), takes: ['undefined', 'an empty object'] },
  mask: { call: (value) => earmark.mask(value), takes: ['null'] },
  split: { call: (value) => earmark.split(value), takes: [] },
  separate: { call: (value) => earmark.separate(value), takes: [] },
  'render(options)': { call: (value) => earmark.render(value), takes: ['undefined', 'an empty object'] },
  classify: { call: (value) => earmark.classify(value), takes: [] },
  'suggestUcs(label)': { call: (value) => earmark.suggestUcs(value), takes: ['a text'] },
  'suggestUcs(…, options)': {
    call: (value) => earmark.suggestUcs('dog bark', value),
    takes: ['undefined', 'an empty object'],
  },
  'openProject(file)': { call: (value) => earmark.openProject(value), takes: [] },
  'openProject(…, options)': {
    call: (value) => earmark.openProject(new Blob(), value),
    takes: ['undefined', 'an empty object'],
  },
  analysed: { call: (value) => earmark.analysed(value), takes: ['undefined'] },
  subscribe: { call: (value) => earmark.subscribe(value), takes: ['a function'] },
  'on(event)': { call: (value) => earmark.on(value, () => {}), takes: [] },
  'on(…, listener)': { call: (value) => earmark.on('regions', value), takes: ['a function'] },
  createEarmark: { call: (value) => createEarmark(value).destroy(), takes: ['undefined', 'an empty object'] },
  mediaElementHost: { call: (value) => mediaElementHost(value), takes: [] },
  'mediaElementHost(…, options)': {
    call: (value) => mediaElementHost(document.createElement('audio'), value).destroy(),
    takes: ['undefined', 'an empty object'],
  },
  remoteEngine: { call: (value) => remoteEngine(value), takes: [] },
};

describe('calls with what they cannot take', () => {
  for (const [name, { call, takes }] of Object.entries(METHODS)) {
    it(`(${name}) are refused as bad options, and say what would do`, async () => {
      for (const [kind, value] of Object.entries(VALUES)) {
        if (takes.includes(kind)) continue;
        const error = await refusal(() => call(value as never));
        expect(error, `${kind}: ${String(error)}`).to.be.instanceOf(EarmarkError);
        const { code, message } = error as EarmarkError;
        expect(code, `${kind}: ${message}`).to.equal('bad-option');
        expect(message, kind).to.match(/ has to be |there is no “/i);
      }
    });
  }

  const options: Readonly<Record<string, [() => unknown, RegExp]>> = {
    'a misspelt option': [
      () => earmark.mask({ mode: 'mute', prompt: ['dog bark'] } as never),
      /mask\(\).*“prompt”.*prompts/,
    ],
    'a floor that is text': [() => earmark.mask({ mode: 'duck', floor: '-12' } as never), /“floor”.*number.*"-12"/],
    'a fade that is text': [() => earmark.mask({ mode: 'duck', fade: '0.1' } as never), /“fade”.*number.*"0.1"/],
    'prompts that are no list': [
      () => earmark.mask({ mode: 'mute', prompts: 'dog bark' } as never),
      /“prompts”.*list of texts.*"dog bark"/,
    ],
    'handles that are no number': [() => earmark.render({ handles: NaN }), /“handles”.*0…60.*NaN/],
    'an unknown kind': [
      () => earmark.render({ what: 'all' } as never),
      /“what”.*"mix", "stems", "target-residual" or "regions"/,
    ],
    'a depth that is none': [() => earmark.render({ depth: 20 } as never), /“depth”.*"source", 16, 24 or 32/],
    'regions that are no list': [() => earmark.render({ what: 'regions', regions: 'a' } as never), /“regions”.*list/],
    'a rest that is text': [() => earmark.render({ what: 'stems', rest: 'yes' } as never), /“rest”.*true or false/],
    'a file that cannot be written': [
      () => earmark.render({ to: 'street.wav' } as never),
      /“to”.*FileSystemFileHandle/,
    ],
    'no prompt': [() => earmark.separate({} as never), /“prompt”.*text.*undefined/],
    'classes that are no list': [() => earmark.split({ classes: 'speech' } as never), /“classes”.*list/],
    'a class without a name': [() => earmark.split({ classes: [{ texts: ['speech'] }] } as never), /“classes”/],
    'a signal that is none': [() => earmark.find('dog bark', { signal: {} } as never), /“signal”.*AbortSignal/],
    'a side that there is not': [() => earmark.find('dog', { polarity: 'not' } as never), /“polarity”.*"contrast"/],
  };
  for (const [name, [call, message]] of Object.entries(options)) {
    it(`(${name}) are refused, and name it`, async () => {
      const before = earmark.getState();
      const error = await refusal(call);
      expect(error).to.be.instanceOf(EarmarkError);
      expect((error as EarmarkError).message).to.match(message);
      expect(earmark.getState().mask).to.equal(before.mask);
      expect(earmark.getState().prompts).to.equal(before.prompts);
    });
  }
});

describe('requests with fields of the wrong type', () => {
  const fields = Object.entries(REQUESTS).flatMap(([type, rules]) =>
    Object.keys(rules).map((field): [string, string] => [type, field]),
  );

  it('change nothing, and are answered by a notice that names the field', async () => {
    for (const [type, field] of fields) {
      const before = earmark.getState();
      // No field is a symbol, whatever else it may be.
      earmark.dispatch({ ...example(type), [field]: Symbol('dog') } as never);
      await waitUntil(`${type}: “${field}” was answered`, () => earmark.getState().notices.length > 0);
      const { notices, ...rest } = earmark.getState();
      const [notice] = notices;
      expect(notice?.code, `${type}: ${field}: ${notice?.message}`).to.equal('bad-option');
      expect(notice?.message).to.contain(`“${type}”`).and.to.contain(`“${field}”`);
      for (const [key, value] of Object.entries(rest)) {
        expect(value, `${type}: ${key}`).to.equal(before[key as keyof typeof rest]);
      }
      earmark.dispatch({ type: 'dismiss-notice', id: notice!.id });
    }
  });
});

/** A request whose fields are all of the right type, whatever they mean. */
function example(type: string): EarmarkRequest {
  const fields = {
    ids: ['nobody'],
    id: 'nobody',
    text: 'dog',
    label: 'dog',
    name: 'dog',
    value: 0.5,
    start: 1,
    end: 2,
    time: 1,
    by: 1,
    part: type === 'region-nudge' ? 'whole' : 'mix',
    unit: 'ms',
    side: 'in',
    status: 'accepted',
    direction: 1,
    backend: 'auto',
    mode: type === 'split-set' ? 'exclusive' : 'mute',
    points: null,
    bypassed: true,
    hidden: true,
    catId: null,
    file: new File([], 'nothing'),
    from: { hub: 'nobody/nothing' },
    model: 'pocket',
    prompt: 'dog bark',
  };
  const rules = REQUESTS[type as EarmarkRequest['type']];
  const given = Object.entries(rules).flatMap(([name, { optional }]) =>
    optional === true ? [] : [[name, fields[name as keyof typeof fields]] as const],
  );
  return { type, ...Object.fromEntries(given) } as EarmarkRequest;
}
