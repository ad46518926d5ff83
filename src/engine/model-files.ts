import type { ReadableFile } from './described-file.js';
import type { ModelFile } from './model-descriptor.js';

/** Who a model is, as the place that its files come from says. */
export interface ModelIdentity {
  readonly id: string;
  /** Shown to the user. */
  readonly name: string;
  readonly revision: string;
  /** SPDX expression. */
  readonly licence: string;
}

/** The files of one model, wherever they come from. */
export interface ModelFiles {
  readonly identity: ModelIdentity;
  readonly list: readonly ModelFile[];
  /**
   * The content of a JSON file, verified.
   *
   * @throws EarmarkError `model-missing`, `model-corrupt`, `model-incomplete`
   */
  json(path: string, signal?: AbortSignal): Promise<object>;
  /**
   * A file that is verified by whoever reads it. Its contents reject with `model-missing`, `model-corrupt` or
   * `model-incomplete`.
   *
   * @throws EarmarkError `model-corrupt` if the model has no such file
   */
  file(path: string, signal?: AbortSignal): ReadableFile;
}
