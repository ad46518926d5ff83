import type { Backend } from './embedding-engine.js';
import type { ModelDescriptor, ModelFile } from './model-descriptor.js';

/** What the numbers of a graph are stored as. WebGPU computes `fp16` only where it has `shader-f16`, and `q8` wrongly. */
export type GraphDtype = 'fp32' | 'fp16' | 'q8';

/** An audio graph of a model. */
export interface AudioGraph {
  readonly path: string;
  readonly dtype: GraphDtype;
  readonly bytes: number;
  /** Of the file, lower-case hex. */
  readonly sha256: string;
  /** The verified bytes; the same for all who ask, because every worker is given a copy. */
  read(): Promise<ArrayBuffer>;
}

/** The text side of a model. */
export interface TextModelFiles {
  readonly graph: ArrayBuffer;
  /** The contents of `tokenizer.json` and `tokenizer_config.json`. */
  readonly tokenizer: object;
  readonly tokenizerConfig: object;
  /** Whether prompts are put between the tokenizer's special tokens (`<s>` and `</s>` of RoBERTa). */
  readonly specialTokens: boolean;
  /** Names of the classes that the text model mixes prompts from, in their order; empty for models without. */
  readonly classes: readonly string[];
}

/** All that the engine needs of a model. */
export interface ModelSource {
  readonly descriptor: ModelDescriptor;
  /** The content of `preprocessor_config.json`. */
  readonly frontEnd: unknown;
  /** The graphs that a backend may run, best first; at least one for the CPU. */
  audioGraphs(backend: Backend): readonly AudioGraph[];
  /** SHA-256 of all files that the embedding of a text depends on. */
  readonly textHash: string;
  /**
   * @throws EarmarkError `model-missing`, `model-corrupt`
   */
  readTextModel(): Promise<TextModelFiles>;
}

/** An audio graph that is read once, or again after a failure. */
export function audioGraph(
  { path, bytes, sha256 }: ModelFile,
  dtype: GraphDtype,
  read: () => Promise<ArrayBuffer>,
): AudioGraph {
  let content: Promise<ArrayBuffer> | null = null;
  return {
    path,
    dtype,
    bytes,
    sha256,
    read() {
      content ??= read().catch((error: unknown) => {
        content = null;
        throw error;
      });
      return content;
    },
  };
}

/** The hashes of the text graph and of the files that tokens are made with. */
export function textHash(files: readonly ModelFile[], graph: string): string {
  const paths = [graph, 'tokenizer.json', 'tokenizer_config.json'];
  return paths.map((path) => files.find((file) => file.path === path)?.sha256 ?? '').join(' ');
}
