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
export function withOutput(model: Uint8Array, name: string): Uint8Array {
  return withGraphParts(model, floatOutput(name));
}
