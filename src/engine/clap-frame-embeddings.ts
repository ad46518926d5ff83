import { encodeField, floatOutput, readNodes, withGraphParts, type GraphNode } from './onnx-graph.js';

/** Steps in time of the last layer of HTSAT, over a window of 10 s: 8 columns in each of 4 quarters. */
export const FRAMES_A_WINDOW = 32;
/** Its steps in frequency. */
const FREQUENCY_STEPS = 2;

/** The audio tower's end: what is averaged, and the two layers that bring the average into the joint space. */
interface PooledProjection {
  readonly pooled: string;
  readonly first: GraphNode;
  readonly second: GraphNode;
}

/** Whether {@link withFrameEmbeddings} knows this graph. */
export function givesFrameEmbeddings(model: Uint8Array): boolean {
  return findProjection(readNodes(model)) !== null;
}

/**
 * A copy of a CLAP audio graph that also gives `frame_embeds`, `[32 × D]`: the tensor `[1, C, 2·32]` whose average the
 * graph projects, averaged over frequency alone and taken through the same projection step by step.
 *
 *     x ─ Reshape [·, C, 2, 32] ─ AveragePool [2, 1] ─ Reshape [·, C, 32] ─ Transpose ─ Flatten [·32, C]
 *       ─ Gemm ─ Relu ─ Gemm (the file's own weights) ─ Cast to float ─ frame_embeds
 *
 * @returns null for a graph of another build (a quantised one, for example)
 */
export function withFrameEmbeddings(model: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const projection = findProjection(readNodes(model));
  if (projection === null) return null;
  const { pooled, first, second } = projection;
  return withGraphParts(model, [
    ...shapeTensor('frame_embeds.grid', [0, 0, FREQUENCY_STEPS, FRAMES_A_WINDOW]),
    ...shapeTensor('frame_embeds.steps', [0, 0, FRAMES_A_WINDOW]),
    ...node('Reshape', [pooled, 'frame_embeds.grid'], 'frame_embeds.1'),
    ...node('AveragePool', ['frame_embeds.1'], 'frame_embeds.2', [integers('kernel_shape', [FREQUENCY_STEPS, 1])]),
    ...node('Reshape', ['frame_embeds.2', 'frame_embeds.steps'], 'frame_embeds.3'),
    ...node('Transpose', ['frame_embeds.3'], 'frame_embeds.4', [integers('perm', [0, 2, 1])]),
    ...node('Flatten', ['frame_embeds.4'], 'frame_embeds.5', [integer('axis', 2)]),
    ...node('Gemm', ['frame_embeds.5', ...first.inputs.slice(1)], 'frame_embeds.6', first.attributes),
    ...node('Relu', ['frame_embeds.6'], 'frame_embeds.7'),
    ...node('Gemm', ['frame_embeds.7', ...second.inputs.slice(1)], 'frame_embeds.8', second.attributes),
    ...node('Cast', ['frame_embeds.8'], 'frame_embeds', [integer('to', 1)]),
    ...floatOutput('frame_embeds'),
  ]);
}

/** `GlobalAveragePool → Flatten or the like → Gemm → Relu → Gemm`, if that is how the graph ends. */
function findProjection(nodes: readonly GraphNode[]): PooledProjection | null {
  const pools = nodes.filter(({ operator }) => operator === 'GlobalAveragePool');
  if (pools.length !== 1) return null;
  const following = (before: GraphNode | undefined, ...operators: string[]) => {
    const readers = before && nodes.filter(({ inputs }) => inputs[0] === before.outputs[0]);
    return readers?.length === 1 && operators.includes(readers[0].operator) ? readers[0] : undefined;
  };
  const first = following(following(pools[0], 'Flatten', 'Reshape', 'Squeeze'), 'Gemm');
  const second = following(following(first, 'Relu'), 'Gemm');
  return first && second ? { pooled: pools[0].inputs[0], first, second } : null;
}

// onnx.proto: GraphProto.node = 1, .initializer = 5; NodeProto.input = 1, .output = 2, .op_type = 4, .attribute = 5;
// AttributeProto.name = 1, .i = 3, .ints = 8, .type = 20 (INT = 2, INTS = 7); TensorProto.dims = 1, .data_type = 2
// (INT64 = 7), .int64_data = 7, .name = 8. All numbers here are below 128, one byte each.

function text(value: string): number[] {
  return [...new TextEncoder().encode(value)];
}

function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: readonly ArrayLike<number>[] = [],
) {
  return encodeField(1, [
    ...inputs.flatMap((input) => encodeField(1, text(input))),
    ...encodeField(2, text(output)),
    ...encodeField(4, text(operator)),
    ...attributes.flatMap((attribute) => encodeField(5, Array.from(attribute))),
  ]);
}

function integer(name: string, value: number): number[] {
  return [...encodeField(1, text(name)), 3 << 3, value, ...attributeType(2)];
}

function integers(name: string, values: readonly number[]): number[] {
  return [...encodeField(1, text(name)), ...values.flatMap((value) => [8 << 3, value]), ...attributeType(7)];
}

/** Field 20, whose tag takes two bytes. */
function attributeType(type: number): number[] {
  return [0xa0, 0x01, type];
}

function shapeTensor(name: string, shape: readonly number[]): number[] {
  return encodeField(5, [1 << 3, shape.length, 2 << 3, 7, ...encodeField(7, shape), ...encodeField(8, text(name))]);
}
