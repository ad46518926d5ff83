import type { Backend } from './embedding-engine.js';
import type { AudioGraph, ModelSource } from './model-source.js';

/** Which graph of a model each backend runs: the best one, until it proves unusable. */
export class GraphChoice {
  readonly #candidates: Readonly<Record<Backend, AudioGraph[]>>;

  /** @param shaderF16 whether the GPU computes in half precision */
  constructor(source: Pick<ModelSource, 'audioGraphs'>, shaderF16: boolean) {
    this.#candidates = {
      wasm: [...source.audioGraphs('wasm')],
      webgpu: source.audioGraphs('webgpu').filter(({ dtype }) => shaderF16 || dtype !== 'fp16'),
    };
  }

  /** Undefined where the backend can run none of them. */
  current(backend: Backend): AudioGraph | undefined {
    return this.#candidates[backend][0];
  }

  /** Whether there is another one if the current one fails. */
  hasSpare(backend: Backend): boolean {
    return this.#candidates[backend].length > 1;
  }

  /** Gives up the current graph for the next one; false if there is none. */
  giveUp(backend: Backend): boolean {
    if (!this.hasSpare(backend)) return false;
    this.#candidates[backend].shift();
    return true;
  }
}
