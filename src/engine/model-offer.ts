import type { ModelIdentity } from './model-files.js';

/** What a host says that a file is: SHA-256 of its bytes, or the id that git gives it. Lower-case hex. */
export interface StatedHash {
  readonly algorithm: 'sha256' | 'git-sha1';
  readonly value: string;
}

/** A file of a model before it is here. */
export interface OfferedFile {
  /** Path inside the model's folder. */
  readonly path: string;
  readonly bytes: number;
  /** Null where the host states none; then the first download is what later ones are checked against. */
  readonly stated: StatedHash | null;
  readonly content: URL | Blob;
  /** Of the file on its server, so that a download is not continued with another file; null where unknown. */
  readonly etag: string | null;
}

/** Where a model comes from. */
export interface ModelPlace {
  readonly kind: 'hub' | 'url' | 'folder';
  /** Shown to the user: the host, the URL of the folder, or the folder's name. */
  readonly from: string;
}

/** A model that can be had: all that the user is told before anything is downloaded. */
export interface ModelOffer {
  readonly identity: ModelIdentity;
  readonly place: ModelPlace;
  /** The files that this device needs. */
  readonly files: readonly OfferedFile[];
}

export function offeredBytes({ files }: Pick<ModelOffer, 'files'>): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What a GPU can run of a model: `fp16` where it computes with halves, `fp32` where not; null without a GPU. */
export type GpuDtype = 'fp16' | 'fp32' | null;

const CONFIGURATION = ['config.json', 'preprocessor_config.json', 'tokenizer.json', 'tokenizer_config.json'];

/** What the files of a model are wanted for. */
export interface NeededFor {
  readonly gpu: GpuDtype;
  /**
   * Whether there has to be an audio graph that is not quantised: fine mode needs one, and so does a CPU that cannot use
   * the quantised one.
   */
  readonly whole: boolean;
}

/** Audio graphs that are not quantised, in the order in which a CPU wants them: its runtime computes `fp16` slowest. */
const WHOLE_AUDIO_GRAPHS = ['onnx/audio_model.onnx', 'onnx/audio_model_fp16.onnx'];

/** Whether there is an audio graph that is not quantised among the files of a model. */
export function hasWholeGraph(paths: readonly string[]): boolean {
  return WHOLE_AUDIO_GRAPHS.some((path) => paths.includes(path));
}

/**
 * The files of the hub's layout that a device needs: the quantised graphs for the CPU, or whole ones where there are no
 * others; one more for the GPU, which computes quantised graphs wrongly; and a whole one where it is wanted and not
 * among them yet.
 *
 * @param paths of all files that there are
 * @returns the missing path where one is missing
 */
export function neededFiles(
  paths: ReadonlySet<string>,
  { gpu, whole }: NeededFor,
): readonly string[] | { readonly missing: string } {
  const first = (...candidates: string[]) => candidates.find((path) => paths.has(path));
  const audio = first('onnx/audio_model_quantized.onnx', 'onnx/audio_model.onnx');
  const text = first('onnx/text_model_quantized.onnx', 'onnx/text_model.onnx');
  if (audio === undefined) return { missing: 'onnx/audio_model.onnx' };
  if (text === undefined) return { missing: 'onnx/text_model.onnx' };
  const missing = CONFIGURATION.find((path) => !paths.has(path));
  if (missing !== undefined) return { missing };
  const graphs = [audio, text];
  const onGpu =
    gpu === null
      ? undefined
      : first(...(gpu === 'fp16' ? ['onnx/audio_model_fp16.onnx'] : []), 'onnx/audio_model.onnx');
  if (onGpu !== undefined) graphs.push(onGpu);
  const spare = whole && !hasWholeGraph(graphs) ? first(...WHOLE_AUDIO_GRAPHS) : undefined;
  if (spare !== undefined) graphs.push(spare);
  return [...CONFIGURATION, ...new Set(graphs)];
}
