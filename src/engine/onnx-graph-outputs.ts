import { floatOutput, readNodes, withGraphParts } from './onnx-graph.js';

/**
 * Name of the tensor that holds a text model's class shares: the output of its only softmax, if that is what a matrix
 * of class anchors is multiplied with. Null for every other kind of graph.
 */
export function findClassShares(model: Uint8Array): string | null {
  const nodes = readNodes(model);
  const softmaxes = nodes.filter((node) => node.operator === 'Softmax');
  if (softmaxes.length !== 1) return null;
  const [shares] = softmaxes[0].outputs;
  const mixes = nodes.some((node) => node.operator === 'MatMul' && node.inputs[0] === shares);
  return mixes ? shares : null;
}

/** A copy of the ONNX file in which the float tensor `name` is an output too. */
export function withOutput(model: Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  return withGraphParts(model, floatOutput(name));
}

/** The frames of a Pocket graph before it smooths them in time, `[B × frames × D]`. */
export const RAW_FRAMES = 'raw_frame_embeds';

/**
 * A graph that smooths its frames in time, with the frames before that as an output too; every other graph as it is.
 * Runs of smoothed frames above a threshold are good events, but Earmark's detection averages itself and needs edges.
 */
export function withRawFrames(model: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const smooths = readNodes(model).some((node) => node.outputs.includes(RAW_FRAMES));
  return smooths ? withOutput(model, RAW_FRAMES) : model;
}
