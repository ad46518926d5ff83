import { expect } from '@open-wc/testing';
import { findClassShares, withOutput, withRawFrames } from '../../src/engine/onnx-graph-outputs.js';

async function graph(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await fetch(`/models/pocket/onnx/${name}`)).arrayBuffer());
}

describe('outputs of an ONNX graph', () => {
  it('finds the class shares of a text graph that mixes its prompts from classes', async () => {
    expect(findClassShares(await graph('text_model.onnx'))).to.equal('/Softmax_output_0');
  });

  it('finds none in a graph of another build', async () => {
    expect(findClassShares(await graph('audio_model.onnx'))).to.equal(null);
  });

  it('leaves the file as it is and appends one field', async () => {
    const text = await graph('text_model.onnx');
    const patched = withOutput(text, '/Softmax_output_0');
    expect(patched.subarray(0, text.length)).to.deep.equal(text);
    expect(patched.length - text.length).to.be.within(20, 60);
  });

  it('makes the frames from before their smoothing an output', async () => {
    const audio = await graph('audio_model.onnx');
    const patched = withRawFrames(audio);
    expect(patched.subarray(0, audio.length)).to.deep.equal(audio);
    expect(new TextDecoder().decode(patched.subarray(audio.length))).to.contain('raw_frame_embeds');
  });

  it('leaves a graph that does not smooth its frames as it is', async () => {
    const text = await graph('text_model.onnx');
    expect(withRawFrames(text)).to.equal(text);
  });

  it('refuses what is no protobuf message', () => {
    expect(() => findClassShares(new Uint8Array([7, 7, 7]))).to.throw('protobuf');
  });
});
