import { expect } from '@open-wc/testing';
import type { ModelSession } from '../../src/engine/model-runtime.js';
import { openGraph } from '../../src/engine/open-graph.js';
import { sha256Hex } from '../../src/engine/sha256.js';

const CONTENT = new Uint8Array([1, 2, 3]);

async function file() {
  return { path: 'graph.onnx', bytes: 3, sha256: await sha256Hex(CONTENT), content: new Blob([CONTENT]) };
}

describe('opening a graph', () => {
  it('gives its bytes back as soon as they are of no use, and the changed copy when the runtime has its own', async () => {
    const seen: Uint8Array[] = [];
    const session = {} as ModelSession;
    const opened = await openGraph(
      await file(),
      (graph) => {
        seen.push(graph);
        return new Uint8Array([...graph, 4]);
      },
      async (graph) => {
        seen.push(graph);
        expect(seen.map(({ length }) => length)).to.deep.equal([0, 4]);
        return session;
      },
    );
    expect(opened).to.equal(session);
    expect(seen.map(({ length }) => length)).to.deep.equal([0, 0]);
  });

  it('gives the bytes of a graph back that is opened as it is, or cannot be', async () => {
    let seen = CONTENT;
    const open = async (graph: Uint8Array<ArrayBuffer>): Promise<ModelSession> => {
      expect(Array.from(graph)).to.deep.equal([1, 2, 3]);
      seen = graph;
      throw new Error('the runtime refuses it');
    };
    const opening = openGraph(await file(), (graph) => graph, open);
    expect(await opening.catch(({ message }: Error) => message)).to.equal('the runtime refuses it');
    expect(seen.length).to.equal(0);
  });
});
