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

/** The files of one model, wherever they come from. What is read has been verified. */
export interface ModelFiles {
  readonly identity: ModelIdentity;
  readonly list: readonly ModelFile[];
  /**
   * The content of a JSON file.
   *
   * @throws EarmarkError `model-missing`, `model-corrupt`, `model-incomplete`
   */
  json(path: string, signal?: AbortSignal): Promise<object>;
  /**
   * The bytes of a file, which belong to the caller.
   *
   * @throws EarmarkError `model-missing`, `model-corrupt`, `model-incomplete`
   */
  read(path: string, signal?: AbortSignal): Promise<ArrayBuffer>;
}
