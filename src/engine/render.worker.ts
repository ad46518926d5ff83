// Makes one file of a recording, streamed to disk; one worker a file.
import { toDecodeFailure } from './decode-failure.js';
import { isAbortError } from './errors.js';
import { portSource } from './render-port.js';
import type { FromRenderWorker, ToRenderWorker } from './render-protocol.js';
import { createBlobSink, createFileSink, createStoredSink } from './render-sink.js';
import { openRenderSource } from './render-source.js';
import { removeAbandonedRenders } from './render-storage.js';
import { render, renderedBytes } from './render.js';

const cancelling = new AbortController();

function send(message: FromRenderWorker): void {
  self.postMessage(message);
}

async function make({ input, plan, destination, storageName }: Extract<ToRenderWorker, { type: 'render' }>) {
  const { signal } = cancelling;
  const source = (input.file && (await openRenderSource(input.file))) ?? portSource(input);
  signal.throwIfAborted();
  await removeAbandonedRenders();
  const sink = destination
    ? await createFileSink(destination)
    : ((await createStoredSink(storageName, renderedBytes(plan, source))) ?? createBlobSink());
  try {
    const onProgress = (fraction: number): void => send({ type: 'progress', fraction });
    const report = await render(plan, source, sink, { signal, onProgress, now: new Date() });
    const file = await sink.finish();
    send({ type: 'done', file, report });
  } catch (error) {
    await sink.discard();
    throw error;
  }
}

self.addEventListener('message', ({ data }: MessageEvent<ToRenderWorker>) => {
  if (data.type === 'cancel') {
    cancelling.abort();
    return;
  }
  make(data).catch(async (error: unknown) => {
    if (isAbortError(error)) {
      send({ type: 'cancelled' });
      return;
    }
    const { code, message } = await toDecodeFailure(error, data.input.file);
    send({ type: 'failed', code, message });
  });
});

send({ type: 'ready' });
