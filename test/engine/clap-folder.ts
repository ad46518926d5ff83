import type { FileContents } from '../../src/engine/described-file.js';
import { EarmarkError } from '../../src/engine/errors.js';
import type { ModelFiles } from '../../src/engine/model-files.js';
import { sha256Hex } from '../../src/engine/sha256.js';

const FOLDER = '/test/golden/clap/model/';
const SMALL = ['config.json', 'preprocessor_config.json', 'tokenizer.json', 'tokenizer_config.json'];
const AUDIO = ['audio_model', 'audio_model_fp16', 'audio_model_quantized'];
const TEXT = ['text_model', 'text_model_quantized'];
const GRAPHS = [...AUDIO, ...TEXT].map((name) => `onnx/${name}.onnx`);

export interface ClapFolderOptions {
  /** Graphs that the folder has; default all. */
  readonly graphs?: readonly string[];
  /** What stands in a file instead. */
  readonly replaced?: Readonly<Record<string, string>>;
}

/** The tiny CLAP as a folder in the layout of the hub. */
export async function clapFolder({ graphs = GRAPHS, replaced = {} }: ClapFolderOptions = {}): Promise<
  ModelFiles & { readonly reads: string[] }
> {
  const reads: string[] = [];
  const fetched = new Map(
    await Promise.all(
      [...SMALL, ...graphs].map(async (path) => {
        const content = replaced[path] ?? (await (await fetch(FOLDER + path)).arrayBuffer());
        const bytes = typeof content === 'string' ? new TextEncoder().encode(content).buffer : content;
        return [path, bytes] as const;
      }),
    ),
  );
  const list = await Promise.all(
    [...fetched].map(async ([path, content]) => ({
      path,
      bytes: content.byteLength,
      sha256: await sha256Hex(content),
    })),
  );
  async function* contents(path: string): FileContents {
    reads.push(path);
    const content = fetched.get(path);
    if (content === undefined) throw new EarmarkError('model-missing', `There is no ${path}.`);
    yield new Blob([content]);
    throw new EarmarkError('model-corrupt', `${path} is another file.`);
  }
  return {
    identity: { id: 'tiny-clap', name: 'Tiny CLAP', revision: 'abc', licence: 'CC0-1.0' },
    list,
    reads,
    file: (path) => ({ ...list.find((file) => file.path === path)!, contents: () => contents(path) }),
    json: async (path) => JSON.parse(await (await contents(path).next()).value.text()) as object,
  };
}

/** The recording that `make.py` made its numbers of: noise that swells, with a tone that glides, 48 kHz. */
export function goldenRecording(seconds: number): Float32Array<ArrayBuffer> {
  let state = 7;
  return Float32Array.from({ length: seconds * 48_000 }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const time = i / 48_000;
    const tone = 0.2 * Math.sin(2 * Math.PI * (300 * time + 40 * Math.sin(time * 2.3)));
    return (state / 2 ** 31) * 0.15 * (1 + Math.sin(time * 1.7)) + tone;
  });
}
