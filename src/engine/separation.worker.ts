// Separates target and residual of one recording, streamed to disk; one worker a separation.
import { toDecodeFailure } from './decode-failure.js';
import { abortError, isAbortError } from './errors.js';
import { portSource } from './render-port.js';
import type { RenderInput } from './render-protocol.js';
import { openRenderSource } from './render-source.js';
import { createBlobSink, createStoredSink } from './render-sink.js';
import { removeAbandonedRenders } from './render-storage.js';
import { separateEvents, type OcclusionJudge } from './separate-events.js';
import type { FromSeparationWorker, ToSeparationWorker } from './separation-protocol.js';
import { writeSeparation } from './write-separation.js';

const cancelling = new AbortController();
let answer: ((support: readonly number[]) => void) | null = null;

function send(message: FromSeparationWorker, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

const open = async (input: RenderInput) => (input.file && (await openRenderSource(input.file))) ?? portSource(input);
const createSink = async (name: string) => (await createStoredSink(name)) ?? createBlobSink();

const askPage: OcclusionJudge = (occlusions, signal) =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(abortError()), { once: true });
    answer = resolve;
    const { whole, without } = occlusions;
    send(
      { type: 'occlusions', occlusions },
      [whole, ...without].map(({ buffer }) => buffer),
    );
  });

async function separate(request: Extract<ToSeparationWorker, { type: 'separate' }>): Promise<void> {
  const { inputs, spans, method, judged, storageNames } = request;
  const { signal } = cancelling;
  const source = await open(inputs[0]);
  const ahead = await open(inputs[1]);
  signal.throwIfAborted();
  await removeAbandonedRenders();
  const sinks = { target: await createSink(storageNames.target), residual: await createSink(storageNames.residual) };
  try {
    const targets = separateEvents(ahead, spans, { method, judge: judged ? askPage : null, signal });
    const onProgress = (fraction: number): void => send({ type: 'progress', fraction });
    const sampleFormat = await writeSeparation(source, targets, sinks, { signal, onProgress });
    const target = await sinks.target.finish();
    const residual = await sinks.residual.finish();
    send({ type: 'done', target, residual, sampleFormat });
  } catch (error) {
    await sinks.target.discard();
    await sinks.residual.discard();
    throw error;
  }
}

self.addEventListener('message', ({ data }: MessageEvent<ToSeparationWorker>) => {
  if (data.type === 'cancel') {
    cancelling.abort();
  } else if (data.type === 'support') {
    answer?.(data.support);
  } else {
    separate(data).catch(async (error: unknown) => {
      if (isAbortError(error)) {
        send({ type: 'cancelled' });
        return;
      }
      const { code, message } = await toDecodeFailure(error, data.inputs[0].file);
      send({ type: 'failed', code, message });
    });
  }
});

send({ type: 'ready' });
