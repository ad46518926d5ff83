// Makes an inner tensor of an ONNX graph an output, without decoding the file.
//
// An ONNX file is one protobuf message (onnx.proto: ModelProto.graph = 7, GraphProto.node = 1, GraphProto.output = 12;
// NodeProto.input = 1, .output = 2, .op_type = 4). Protobuf parsers merge a sub-message that occurs twice, so a second
// `graph` field at the end of the file, holding nothing but an output, adds that output to the graph.

const LENGTH_DELIMITED = 2;
const FLOAT = 1;

interface GraphNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** The fields of one message; only length-delimited values are looked at, the others are stepped over. */
function* fields(bytes: Uint8Array): Generator<{ field: number; value: Uint8Array }> {
  let position = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; position < bytes.length; scale *= 128) {
      const byte = bytes[position];
      position += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new Error('The graph is not a protobuf message.');
  };
  while (position < bytes.length) {
    const tag = varint();
    const wireType = tag % 8;
    if (wireType === 0) varint();
    else if (wireType === 1) position += 8;
    else if (wireType === 5) position += 4;
    else if (wireType === LENGTH_DELIMITED) {
      const length = varint();
      yield { field: Math.floor(tag / 8), value: bytes.subarray(position, position + length) };
      position += length;
    } else throw new Error('The graph is not a protobuf message.');
  }
}

function readNode(bytes: Uint8Array): GraphNode {
  const text = new TextDecoder();
  const inputs: string[] = [];
  const outputs: string[] = [];
  let operator = '';
  for (const { field, value } of fields(bytes)) {
    if (field === 1) inputs.push(text.decode(value));
    else if (field === 2) outputs.push(text.decode(value));
    else if (field === 4) operator = text.decode(value);
  }
  return { operator, inputs, outputs };
}

function readNodes(model: Uint8Array): GraphNode[] {
  const nodes: GraphNode[] = [];
  for (const { field, value } of fields(model)) {
    if (field !== 7) continue;
    for (const inner of fields(value)) if (inner.field === 1) nodes.push(readNode(inner.value));
  }
  return nodes;
}

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

function encodeVarint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

function encodeField(field: number, value: readonly number[]): number[] {
  return [...encodeVarint(field * 8 + LENGTH_DELIMITED), ...encodeVarint(value.length), ...value];
}

/** A copy of the ONNX file in which the float tensor `name` is an output too. */
export function withOutput(model: Uint8Array, name: string): Uint8Array {
  const tensorType = encodeField(1, [8, FLOAT]);
  const valueInfo = [...encodeField(1, [...new TextEncoder().encode(name)]), ...encodeField(2, tensorType)];
  const graph = encodeField(7, encodeField(12, valueInfo));
  const result = new Uint8Array(model.length + graph.length);
  result.set(model);
  result.set(graph, model.length);
  return result;
}
