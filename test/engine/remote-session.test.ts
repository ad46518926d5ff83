import { expect } from '@open-wc/testing';
import type { HeardModel, ServedGraph } from '../../src/engine/protocol.js';
import { connect, type RemoteServer } from '../../src/engine/remote-model.js';
import { openServedSession } from '../../src/engine/remote-session.js';
import { JSON_LENGTH_HEADER } from '../../src/engine/remote-tensors.js';
import { FakeServer, json, type SeenRequest } from './fake-server.js';

const MODEL: HeardModel = { kind: 'frames', melHop: 320, melFramesPerFrame: 4, minMelFrames: 8, dimension: 2 };
const GRAPH: ServedGraph = {
  inferUrl: 'https://inference.example/v2/models/m/infer',
  token: null,
  binary: false,
  frames: 'frame_embeds',
  batch: 8,
  timeoutMs: 5000,
};
/** Two windows of eight mel frames with one band. */
const INPUT = {
  input_features: { data: Float32Array.from({ length: 16 }, (_, i) => -0.1 - i / 7), dims: [2, 1, 8, 1] },
};
const CLIPS = [0.5, -1, 2, 3];
const FRAMES = [0, 1, 2, 3, 4, 5, 6, 7];

const output = (name: string, shape: readonly number[], data: unknown, datatype = 'FP32') => ({
  name,
  datatype,
  shape,
  data,
});
const answer = (clips: unknown = CLIPS, frames: unknown = FRAMES) =>
  json({ outputs: [output('frame_embeds', [2, 2, 2], frames), output('audio_embeds', [2, 2], clips)] });

function binaryAnswer(cut = 0): Response {
  const header = new TextEncoder().encode(
    JSON.stringify({
      outputs: [
        { name: 'audio_embeds', datatype: 'FP32', shape: [2, 2], parameters: { binary_data_size: 16 } },
        { name: 'frame_embeds', datatype: 'FP32', shape: [2, 2, 2], parameters: { binary_data_size: 32 } },
      ],
    }),
  );
  const tensors = new Uint8Array(Float32Array.from([...CLIPS, ...FRAMES]).buffer);
  const headers = { 'Content-Type': 'application/octet-stream', [JSON_LENGTH_HEADER]: String(header.length) };
  return new Response(new Blob([header, tensors.slice(0, tensors.length - cut)]), { headers });
}

async function failure(promise: Promise<unknown>): Promise<{ code?: string; message: string }> {
  const error: unknown = await promise.then(
    () => new Error('it was fulfilled'),
    (reason: unknown) => reason,
  );
  return error as Error & { code?: string };
}

function run(server: FakeServer, graph: Partial<ServedGraph> = {}) {
  return openServedSession({ ...GRAPH, ...graph }, MODEL, server).run(INPUT);
}

describe('a graph on a server', () => {
  it('is given windows as JSON that is exact to the bit', async () => {
    const server = new FakeServer(() => answer());
    const outputs = await run(server);
    expect([...outputs['audio_embeds']!]).to.deep.equal(CLIPS);
    expect([...outputs['frame_embeds']!]).to.deep.equal(FRAMES);
    const body = JSON.parse(new TextDecoder().decode(server.seen[0]!.body)) as {
      inputs: { name: string; datatype: string; shape: number[]; data: number[] }[];
      outputs: { name: string }[];
    };
    expect(body.inputs[0]).to.include({ name: 'input_features', datatype: 'FP32' });
    expect(body.inputs[0]!.shape).to.deep.equal([2, 1, 8, 1]);
    expect(Float32Array.from(body.inputs[0]!.data)).to.deep.equal(INPUT.input_features.data);
    expect(body.outputs.map(({ name }) => name)).to.deep.equal(['audio_embeds', 'frame_embeds']);
  });

  it('is given windows as bytes where the server takes them', async () => {
    const server = new FakeServer(() => binaryAnswer());
    const outputs = await run(server, { binary: true });
    expect([...outputs['audio_embeds']!]).to.deep.equal(CLIPS);
    expect([...outputs['frame_embeds']!]).to.deep.equal(FRAMES);
    const { headers, body } = server.seen[0]!;
    const length = Number(headers.get(JSON_LENGTH_HEADER));
    const header = JSON.parse(new TextDecoder().decode(body.subarray(0, length))) as {
      inputs: { parameters: unknown }[];
      outputs: { parameters: unknown }[];
    };
    expect(header.inputs[0]!.parameters).to.deep.equal({ binary_data_size: 64 });
    expect(header.outputs[0]!.parameters).to.deep.equal({ binary_data: true });
    expect(new Float32Array(body.slice(length).buffer)).to.deep.equal(INPUT.input_features.data);
  });

  it('may answer with nested lists', async () => {
    const outputs = await run(
      new FakeServer(() =>
        answer(
          [
            [0.5, -1],
            [2, 3],
          ],
          FRAMES,
        ),
      ),
    );
    expect([...outputs['audio_embeds']!]).to.deep.equal(CLIPS);
  });

  const wrong: Record<string, [() => Response, RegExp]> = {
    'no JSON': [() => new Response('<html>'), /not JSON/],
    'no outputs': [() => json({}), /no outputs/],
    'a missing output': [() => json({ outputs: [output('audio_embeds', [2, 2], CLIPS)] }), /lacks “frame_embeds”/],
    'fewer numbers than it says': [() => answer([1, 2, 3]), /“audio_embeds” does not hold the numbers/],
    'numbers that are none': [() => answer([1, 2, 3, null].map((value) => value ?? 'x')), /does not hold the numbers/],
    'another type': [
      () => json({ outputs: [output('audio_embeds', [2, 2], CLIPS, 'FP16')] }),
      /“audio_embeds” is FP16, not FP32/,
    ],
    'another shape': [
      () => json({ outputs: [output('audio_embeds', [1, 4], CLIPS), output('frame_embeds', [2, 2, 2], FRAMES)] }),
      /shape 1,4, not 2,2/,
    ],
    'fewer bytes than it says': [() => binaryAnswer(8), /cut off/],
    'bytes behind a header that cannot be read': [
      () => new Response(new Uint8Array(8), { headers: { 'Content-Type': 'application/octet-stream' } }),
      /expose that header/,
    ],
  };
  for (const [name, [response, message]] of Object.entries(wrong)) {
    it(`is not believed when it answers with ${name}`, async () => {
      const error = await failure(run(new FakeServer(response)));
      expect(error.code).to.equal('server-mismatch');
      expect(error.message).to.match(message);
    });
  }
});

describe('connecting to a server', () => {
  const server: RemoteServer = {
    url: new URL('https://inference.example/team/'),
    model: 'pocket audio',
    version: null,
    token: null,
    batch: 8,
    timeoutMs: 5000,
  };
  const source = {
    descriptor: { ...MODEL, id: 'm', name: 'M', revision: '1', licence: 'MIT', files: [], bytes: 0 },
    frontEnd: { feature_size: 1 },
  } as unknown as Parameters<typeof connect>[1];
  const metadata = (input: readonly number[], more: object = {}) => ({
    versions: ['3'],
    inputs: [{ name: 'input_features', datatype: 'FP32', shape: input }],
    outputs: [
      { name: 'audio_embeds', datatype: 'FP32', shape: [-1, 2] },
      { name: 'frame_embeds', datatype: 'FP32', shape: [-1, -1, 2] },
    ],
    ...more,
  });
  const serving = (model: object, extensions: string[] = []) =>
    new FakeServer(({ url }: SeenRequest) => json(url.endsWith('/v2') ? { name: 'triton', extensions } : model));

  it('finds out where to post to, and whether bytes are taken', async () => {
    const fake = serving(metadata([-1, 1, -1, 1]), ['classification', 'binary_tensor_data']);
    const { graph } = await connect(server, source, undefined, fake);
    expect(graph).to.deep.include({ binary: true, batch: 8 });
    expect(graph.inferUrl).to.equal('https://inference.example/team/v2/models/pocket%20audio/infer');
  });

  it('sends one window at a time to a graph that takes no more', async () => {
    const { graph } = await connect(server, source, undefined, serving(metadata([1, 1, -1, 1])));
    expect(graph).to.deep.include({ binary: false, batch: 1 });
  });

  it('takes frames from before their smoothing where the server gives them', async () => {
    const { outputs } = metadata([-1, 1, -1, 1]);
    const raw = { name: 'raw_frame_embeds', datatype: 'FP32', shape: [-1, -1, 2] };
    const { graph } = await connect(
      server,
      source,
      undefined,
      serving(metadata([-1, 1, -1, 1], { outputs: [...outputs, raw] })),
    );
    expect(graph.frames).to.equal('raw_frame_embeds');
    const { graph: plain } = await connect(server, source, undefined, serving(metadata([-1, 1, -1, 1])));
    expect(plain.frames).to.equal('frame_embeds');
  });

  it('asks for the version that was set', async () => {
    const fake = serving(metadata([-1, 1, -1, 1]));
    const { graph } = await connect({ ...server, version: '2' }, source, undefined, fake);
    expect(graph.inferUrl).to.contain('/versions/2/infer');
  });

  it('takes a server at its word that states no tensors', async () => {
    const { graph } = await connect(server, source, undefined, serving({ inputs: [], outputs: [] }));
    expect(graph.batch).to.equal(8);
  });

  it('keeps apart what other servers, models and versions give', async () => {
    const identity = async (changed: Partial<RemoteServer>, versions = ['3']) =>
      (await connect({ ...server, ...changed }, source, undefined, serving(metadata([-1, 1, -1, 1], { versions }))))
        .identity;
    const identities = await Promise.all([
      identity({}),
      identity({}, ['4']),
      identity({ version: '1' }),
      identity({ model: 'other' }),
      identity({ url: new URL('https://other.example/') }),
    ]);
    expect(new Set(identities).size).to.equal(5);
    expect(await identity({ token: 'another' })).to.equal(identities[0]);
  });

  const others: Record<string, [object, RegExp]> = {
    'with other bands': [metadata([-1, 1, -1, 64]), /“input_features” has 64 values a row, not 1/],
    'without frames': [
      metadata([-1, 1, -1, 1], { outputs: [{ name: 'audio_embeds', datatype: 'FP32', shape: [-1, 2] }] }),
      /no “frame_embeds”/,
    ],
    'of another dimension': [
      metadata([-1, 1, -1, 1], { outputs: [{ name: 'audio_embeds', datatype: 'FP32', shape: [-1, 512] }] }),
      /512 values a row, not 2/,
    ],
    'in half precision': [
      metadata([], { inputs: [{ name: 'input_features', datatype: 'FP16', shape: [-1, 1, -1, 1] }] }),
      /FP16, not FP32/,
    ],
  };
  for (const [name, [model, message]] of Object.entries(others)) {
    it(`refuses a model ${name}`, async () => {
      const error = await failure(connect(server, source, undefined, serving(model)));
      expect(error.code).to.equal('server-mismatch');
      expect(error.message).to.match(message);
    });
  }
});
