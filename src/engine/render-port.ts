import { EarmarkError, isAbortError } from './errors.js';
import { abortable } from './abortable.js';
import type { PcmSource } from './pcm-source.js';
import type { RenderInput, PortRead, PortReply } from './render-protocol.js';
import type { RenderSource } from './render.js';
import { toDecodeFailure } from './decode-failure.js';

/** A recording that the page reads. Its samples are floats, whatever they were before. */
export function portSource(input: RenderInput): RenderSource {
  const { port, sampleRate, channelCount, length } = input;
  port.start();
  return {
    sampleRate,
    channelCount,
    length,
    sampleFormat: 'float32',
    channelMask: null,
    metadata: { chunks: [], leftOut: [] },
    async read(start, count, signal) {
      const reply = new Promise<PortReply>((resolve) => {
        port.addEventListener('message', ({ data }: MessageEvent<PortReply>) => resolve(data), { once: true });
      });
      port.postMessage({ start, count } satisfies PortRead);
      const answer = await abortable(reply, signal);
      if ('channels' in answer) return answer.channels;
      throw new EarmarkError(answer.code, answer.message);
    },
  };
}

/** Reads a recording for a worker; close the returned port when it has ended. */
export function servePort(source: PcmSource): { readonly port: MessagePort; readonly close: () => void } {
  const { port1, port2 } = new MessageChannel();
  const answer = async ({ start, count }: PortRead): Promise<void> => {
    try {
      const channels = await source.read(start, count);
      const transfer = channels.map(({ buffer }) => buffer);
      port1.postMessage({ channels } satisfies PortReply, transfer);
    } catch (error) {
      const { code, message } = isAbortError(error) ? closed() : await toDecodeFailure(error, null);
      port1.postMessage({ code, message } satisfies PortReply);
    }
  };
  port1.addEventListener('message', ({ data }: MessageEvent<PortRead>) => void answer(data));
  port1.start();
  return { port: port2, close: () => port1.close() };
}

function closed(): EarmarkError {
  return new EarmarkError(
    'source-unreachable',
    'The recording was closed while it was being exported. Open it again and export once more.',
  );
}
