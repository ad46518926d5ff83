// Finds out what a file is, decodes its audio and hashes it; one worker a file.
import { digestFile } from './audio-digest.js';
import { BlockReader } from './block-reader.js';
import { toDecodeFailure } from './decode-failure.js';
import type { DecodeReply, DecodeRequest } from './decode-protocol.js';
import { decodeFrom } from './decode-track.js';
import { EarmarkError, isAbortError } from './errors.js';
import { probeFile } from './probe-file.js';

/** A window of the longest that models hear, and some more: an analysis begins each read up to that far back. */
const HISTORY_SECONDS = 12;

let open: { readonly file: Blob; readonly reader: BlockReader } | null = null;
const pending = new Map<number, AbortController>();

function send(reply: DecodeReply, transfer: Transferable[] = []): void {
  self.postMessage(reply, { transfer });
}

function opened() {
  if (open === null) throw new EarmarkError('no-source', 'No file has been opened.');
  return open;
}

async function answer(request: DecodeRequest, signal: AbortSignal): Promise<void> {
  const { id } = request;
  if (request.type === 'open') {
    const { probe, recording } = await probeFile(request.file);
    const reader = new BlockReader({
      ...recording,
      history: HISTORY_SECONDS,
      decodeFrom: (position) => decodeFrom(recording, position),
    });
    open = { file: request.file, reader };
    send({ type: 'opened', id, probe });
  } else if (request.type === 'read') {
    const channels = await opened().reader.read(request.start, request.count, signal);
    send(
      { type: 'pcm', id, channels },
      channels.map((channel) => channel.buffer),
    );
  } else if (request.type === 'read-mono') {
    const mono = await opened().reader.readMono(request.start, request.count, request.channel, signal);
    send({ type: 'pcm', id, channels: [mono] }, [mono.buffer]);
  } else if (request.type === 'digest') {
    send({ type: 'digest', id, digest: await digestFile(opened().file, signal) });
  }
}

self.addEventListener('message', (event: MessageEvent<DecodeRequest>) => {
  const request = event.data;
  if (request.type === 'cancel') {
    pending.get(request.id)?.abort();
    return;
  }
  const controller = new AbortController();
  pending.set(request.id, controller);
  void answer(request, controller.signal)
    .catch(async (error: unknown) => {
      if (isAbortError(error)) return;
      const { code, message } = await toDecodeFailure(
        error,
        request.type === 'open' ? request.file : (open?.file ?? null),
      );
      send({ type: 'failed', id: request.id, code, message });
    })
    .finally(() => pending.delete(request.id));
});

send({ type: 'ready' });
