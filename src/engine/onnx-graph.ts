// Reads the operations of an ONNX graph and appends to it, without decoding the file.
//
// An ONNX file is one protobuf message (onnx.proto: ModelProto.graph = 7, GraphProto.node = 1, NodeProto.input = 1,
// .output = 2, .op_type = 4, .attribute = 5). Protobuf parsers merge a sub-message that occurs twice, so a second `graph`
// field at the end of the file adds what it holds to the first.

const LENGTH_DELIMITED = 2;
/** `ModelProto.graph` */
const GRAPH = 7;

/** One operation of a graph. */
export interface GraphNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Each as it stands in the file. */
  readonly attributes: readonly Uint8Array[];
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
  const attributes: Uint8Array[] = [];
  let operator = '';
  for (const { field, value } of fields(bytes)) {
    if (field === 1) inputs.push(text.decode(value));
    else if (field === 2) outputs.push(text.decode(value));
    else if (field === 4) operator = text.decode(value);
    else if (field === 5) attributes.push(value);
  }
  return { operator, inputs, outputs, attributes };
}

/**
 * The operations of an ONNX file in their order.
 *
 * @throws Error if it is no protobuf message
 */
export function readNodes(model: Uint8Array): GraphNode[] {
  const nodes: GraphNode[] = [];
  for (const { field, value } of fields(model)) {
    if (field !== GRAPH) continue;
    for (const inner of fields(value)) if (inner.field === 1) nodes.push(readNode(inner.value));
  }
  return nodes;
}

function encodeVarint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

/** A length-delimited field of a message. */
export function encodeField(field: number, value: readonly number[]): number[] {
  return [...encodeVarint(field * 8 + LENGTH_DELIMITED), ...encodeVarint(value.length), ...value];
}

/**
 * A copy of the ONNX file with more in its graph.
 *
 * @param parts encoded fields of `GraphProto`
 */
export function withGraphParts(model: Uint8Array, parts: readonly number[]): Uint8Array<ArrayBuffer> {
  const graph = encodeField(GRAPH, parts);
  const result = new Uint8Array(model.length + graph.length);
  result.set(model);
  result.set(graph, model.length);
  return result;
}

/** `GraphProto.output`: the float tensor `name` is an output too. */
export function floatOutput(name: string): number[] {
  const tensorType = encodeField(1, [8, 1]);
  return encodeField(12, [...encodeField(1, [...new TextEncoder().encode(name)]), ...encodeField(2, tensorType)]);
}
