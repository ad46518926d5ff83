import type { ModelSource } from './model-source.js';
import { RAW_FRAMES } from './onnx-graph-outputs.js';
import type { ServedGraph } from './protocol.js';
import { BROWSER_NETWORK, mismatch, requestPatiently, type Network } from './remote-request.js';
import { servedOutputs } from './remote-session.js';
import { parseObject } from './remote-tensors.js';

/** Where the model is. */
export interface RemoteServer {
  /** What stands before `v2/`; ends with a slash. */
  readonly url: URL;
  readonly model: string;
  /** Null for the server's current one. */
  readonly version: string | null;
  readonly token: string | null;
  /** Most windows in one request. */
  readonly batch: number;
  readonly timeoutMs: number;
}

/** A model that a server has said it serves. */
export interface ServedModel {
  readonly graph: ServedGraph;
  /** Names server, model and versions: what they give is kept under it. */
  readonly identity: string;
}

interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  /** −1 where it may vary. */
  readonly shape: readonly number[];
}

interface ModelMetadata {
  readonly versions?: readonly string[];
  readonly inputs?: readonly TensorMetadata[];
  readonly outputs?: readonly TensorMetadata[];
}

/**
 * Asks a server what it is able to and whether its model takes and gives what the model here says. Nothing of a
 * recording is sent.
 *
 * @throws EarmarkError `server-unreachable`, `server-refused`, `server-mismatch`
 */
export async function connect(
  server: RemoteServer,
  { descriptor, frontEnd }: Pick<ModelSource, 'descriptor' | 'frontEnd'>,
  signal?: AbortSignal,
  network: Network = BROWSER_NETWORK,
): Promise<ServedModel> {
  const { url: base, model, version, token, timeoutMs, batch } = server;
  const { host } = base;
  const path = `v2/models/${encodeURIComponent(model)}${version === null ? '' : `/versions/${encodeURIComponent(version)}`}`;
  const ask = async (where: string): Promise<object> => {
    const { body } = await requestPatiently({ url: new URL(where, base).href, token, timeoutMs }, signal, network);
    try {
      return parseObject(new Uint8Array(body));
    } catch (error) {
      throw mismatch(host, (error as Error).message);
    }
  };
  const [about, metadata] = (await Promise.all([ask('v2'), ask(path)])) as [
    { extensions?: readonly string[] },
    ModelMetadata,
  ];
  const { feature_size: bands } = frontEnd as { feature_size: number };
  const input = expect(host, metadata.inputs, 'input_features', bands);
  const frames = metadata.outputs?.some(({ name }) => name === RAW_FRAMES) === true ? RAW_FRAMES : 'frame_embeds';
  for (const name of servedOutputs(descriptor.kind, frames)) expect(host, metadata.outputs, name, descriptor.dimension);
  return {
    graph: {
      inferUrl: new URL(`${path}/infer`, base).href,
      token,
      frames,
      binary: about.extensions?.includes('binary_tensor_data') ?? false,
      batch: input?.shape[0] === 1 ? 1 : batch,
      timeoutMs,
    },
    identity: JSON.stringify([base.href, model, version ?? metadata.versions ?? []]),
  };
}

/** The tensor that the server has to state; undefined where it states none at all, as servers may. */
function expect(
  host: string,
  tensors: readonly TensorMetadata[] = [],
  name: string,
  lastDimension: number,
): TensorMetadata | undefined {
  if (tensors.length === 0) return undefined;
  const tensor = tensors.find((candidate) => candidate.name === name);
  const model = 'its model is another one than that of this page:';
  if (tensor === undefined) throw mismatch(host, `${model} it has no “${name}”`);
  const { datatype, shape } = tensor;
  const last = shape[shape.length - 1];
  if (datatype !== 'FP32') throw mismatch(host, `${model} its “${name}” is ${datatype}, not FP32`);
  if (last !== -1 && last !== lastDimension)
    throw mismatch(host, `${model} its “${name}” has ${last} values a row, not ${lastDimension}`);
  return tensor;
}
