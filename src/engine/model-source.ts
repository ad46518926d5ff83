import type { ReadableFile } from './described-file.js';
import type { Backend } from './embedding-engine.js';
import type { ModelDescriptor, ModelFile } from './model-descriptor.js';

/** What the numbers of a graph are stored as. WebGPU computes `fp16` only where it has `shader-f16`, and `q8` wrongly. */
export type GraphDtype = 'fp32' | 'fp16' | 'q8';

/** An audio graph of a model. */
export interface AudioGraph extends ReadableFile {
  readonly dtype: GraphDtype;
}

/** The text side of a model. */
export interface TextModelFiles {
  readonly graph: ReadableFile;
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

/** The hashes of the text graph and of the files that tokens are made with. */
export function textHash(files: readonly ModelFile[], graph: string): string {
  const paths = [graph, 'tokenizer.json', 'tokenizer_config.json'];
  return paths.map((path) => files.find((file) => file.path === path)?.sha256 ?? '').join(' ');
}
