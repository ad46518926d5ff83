import type { ModelSession } from './model-runtime.js';
import type { HeardModel, ServedGraph } from './protocol.js';
import { BROWSER_NETWORK, mismatch, requestPatiently, type Network } from './remote-request.js';
import { decodeResponse, encodeRequest, type NamedTensor } from './remote-tensors.js';

const INPUT = 'input_features';

/** What the audio graph gives, by the kind of model and the output that frames come from. */
export function servedOutputs(kind: HeardModel['kind'], frames: string): readonly string[] {
  return kind === 'frames' ? ['audio_embeds', frames] : ['audio_embeds'];
}

/** A session whose runs happen on a server. Every answer is checked before it is used. */
export function openServedSession(
  graph: ServedGraph,
  model: HeardModel,
  network: Network = BROWSER_NETWORK,
): ModelSession {
  const { inferUrl, token, binary, frames, batch, timeoutMs } = graph;
  const outputNames = servedOutputs(model.kind, frames);
  return {
    inputNames: [INPUT],
    outputNames,
    batch,
    async run(inputs, signal) {
      const { data, dims } = inputs[INPUT];
      const tensor: NamedTensor = { name: INPUT, shape: dims, data: data as Float32Array };
      const request = { url: inferUrl, token, timeoutMs, ...encodeRequest(tensor, outputNames, binary) };
      const { headers, body } = await requestPatiently(request, signal, network);
      const [count, , melFrames] = dims;
      const { dimension, melFramesPerFrame } = model;
      const shapes: Readonly<Record<string, string>> = {
        audio_embeds: String([count, dimension]),
        [frames]: String([count, Math.ceil(melFrames / melFramesPerFrame), dimension]),
      };
      try {
        const tensors = decodeResponse(headers, body);
        return Object.fromEntries(
          outputNames.map((name) => {
            const output = tensors.get(name);
            if (output === undefined) throw new TypeError(`its answer lacks “${name}”`);
            if (String(output.shape) !== shapes[name])
              throw new TypeError(`its output “${name}” has the shape ${String(output.shape)}, not ${shapes[name]}`);
            return [name, output.data];
          }),
        );
      } catch (error) {
        throw mismatch(new URL(inferUrl).host, (error as Error).message);
      }
    },
    async close() {
      // The server keeps its graph.
    },
  };
}
