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

/**
 * The files of the hub's layout that a device needs: the quantised graphs for the CPU, or whole ones where there are no
 * others, and one more for the GPU, which computes quantised graphs wrongly.
 *
 * @param paths of all files that there are
 * @returns the missing path where one is missing
 */
export function neededFiles(
  paths: ReadonlySet<string>,
  gpu: GpuDtype,
): readonly string[] | { readonly missing: string } {
  const first = (...candidates: string[]) => candidates.find((path) => paths.has(path));
  const graphs = [
    first('onnx/audio_model_quantized.onnx', 'onnx/audio_model.onnx'),
    first('onnx/text_model_quantized.onnx', 'onnx/text_model.onnx'),
    gpu === null
      ? undefined
      : first(...(gpu === 'fp16' ? ['onnx/audio_model_fp16.onnx'] : []), 'onnx/audio_model.onnx'),
  ];
  if (graphs[0] === undefined) return { missing: 'onnx/audio_model.onnx' };
  if (graphs[1] === undefined) return { missing: 'onnx/text_model.onnx' };
  const missing = CONFIGURATION.find((path) => !paths.has(path));
  if (missing !== undefined) return { missing };
  return [...CONFIGURATION, ...new Set(graphs.filter((path) => path !== undefined))];
}
