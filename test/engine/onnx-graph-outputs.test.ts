import { expect } from '@open-wc/testing';
import { findClassShares, withOutput } from '../../src/engine/onnx-graph-outputs.js';

async function graph(name: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(`/models/pocket/onnx/${name}`)).arrayBuffer());
}

describe('outputs of an ONNX graph', () => {
  it('finds the class shares of a text graph that mixes its prompts from classes', async () => {
    expect(findClassShares(await graph('text_model.onnx'))).to.equal('/m/Softmax_output_0');
  });

  it('finds none in a graph of another build', async () => {
    expect(findClassShares(await graph('audio_model.onnx'))).to.equal(null);
  });

  it('leaves the file as it is and appends one field', async () => {
    const text = await graph('text_model.onnx');
    const patched = withOutput(text, '/m/Softmax_output_0');
    expect(patched.subarray(0, text.length)).to.deep.equal(text);
    expect(patched.length - text.length).to.be.within(20, 60);
  });

  it('refuses what is no protobuf message', () => {
    expect(() => findClassShares(new Uint8Array([7, 7, 7]))).to.throw('protobuf');
  });
});
