import { servePort } from '../engine/render-port.js';
import type { RenderInput } from '../engine/render-protocol.js';
import { sampleSource } from './audio/sample-source.js';
import type { OpenedAudio } from './audio-source.js';

/** What the worker reads: the file by itself, and whatever it cannot decode through the page. */
export function renderInput({ data, source, sampleRate, channelCount }: OpenedAudio): {
  readonly input: RenderInput;
  readonly close: () => void;
} {
  const file = data instanceof Blob ? data : null;
  // Samples are read by a reader of their own, which stays when another recording is opened.
  const readable = data instanceof Blob ? source : sampleSource(data);
  const { port, close } = servePort(readable);
  const { length } = source;
  return { input: { file, port, sampleRate, channelCount, length }, close };
}
