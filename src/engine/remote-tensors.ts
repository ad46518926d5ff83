// Tensors in requests and responses of the Open Inference Protocol, version 2, as JSON or, with the binary tensor data
// extension, as JSON followed by the bytes of the tensors.
// https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
// https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md

/** Says where in a body the JSON ends and the tensors begin. */
export const JSON_LENGTH_HEADER = 'Inference-Header-Content-Length';

/** A float32 tensor, row-major. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface EncodedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** A request for one inference. */
export function encodeRequest(input: NamedTensor, outputs: readonly string[], binary: boolean): EncodedRequest {
  const { name, shape, data } = input;
  const tensor = { name, shape, datatype: 'FP32' };
  if (!binary) {
    const json = JSON.stringify({
      inputs: [{ ...tensor, data: [] }],
      outputs: outputs.map((output) => ({ name: output })),
    });
    return {
      headers: { 'Content-Type': 'application/json' },
      body: json.replace('"data":[]', () => `"data":[${float32Text(data)}]`),
    };
  }
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const json = new TextEncoder().encode(
    JSON.stringify({
      inputs: [{ ...tensor, parameters: { binary_data_size: bytes.length } }],
      outputs: outputs.map((output) => ({ name: output, parameters: { binary_data: true } })),
    }),
  );
  const body = new Uint8Array(json.length + bytes.length);
  body.set(json);
  body.set(bytes, json.length);
  return {
    headers: { 'Content-Type': 'application/octet-stream', [JSON_LENGTH_HEADER]: String(json.length) },
    body,
  };
}

/** Nine digits bring every float32 back to the bit; JSON of float64 would write up to seventeen. */
function float32Text(data: Float32Array): string {
  const numbers: string[] = [];
  for (const value of data) numbers.push(String(Number(value.toPrecision(9))));
  return numbers.join(',');
}

interface OutputTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data?: unknown;
  readonly parameters?: { readonly binary_data_size?: number };
}

/**
 * The tensors of a response, by name.
 *
 * @throws TypeError which says what is wrong with the response
 */
export function decodeResponse(headers: Headers, body: ArrayBuffer): Map<string, NamedTensor> {
  const jsonLength = headers.get(JSON_LENGTH_HEADER);
  if (jsonLength === null && (headers.get('Content-Type') ?? '').startsWith('application/octet-stream'))
    throw new TypeError(`its answer has no ${JSON_LENGTH_HEADER} that this page may read (CORS: expose that header)`);
  const end = jsonLength === null ? body.byteLength : Number(jsonLength);
  const { outputs } = parseObject(new Uint8Array(body, 0, Math.min(end, body.byteLength))) as { outputs?: unknown };
  if (!Array.isArray(outputs)) throw new TypeError('its answer has no outputs');
  let position = end;
  return new Map(
    (outputs as OutputTensor[]).map((output) => {
      const { name, datatype, shape } = output;
      if (datatype !== 'FP32') throw new TypeError(`its output “${name}” is ${datatype}, not FP32`);
      const bytes = output.parameters?.binary_data_size;
      let data: Float32Array;
      if (bytes === undefined) {
        data = Float32Array.from((output.data as unknown[]).flat(Infinity) as number[]);
      } else {
        if (position + bytes > body.byteLength) throw new TypeError('its answer is cut off');
        data = new Float32Array(body.slice(position, position + bytes));
        position += bytes;
      }
      if (data.length !== shape.reduce((product, size) => product * size, 1) || !data.every(Number.isFinite))
        throw new TypeError(`its output “${name}” does not hold the numbers that it says`);
      return [name, { name, shape, data }];
    }),
  );
}

/** @throws TypeError */
export function parseObject(bytes: Uint8Array): object {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Falls through to the same error.
  }
  throw new TypeError('its answer is not JSON');
}
