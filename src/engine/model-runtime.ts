import type { Backend } from './embedding-engine.js';

/**
 * The part of onnxruntime-web that Earmark uses. Its builds for WASM and WebGPU both fit; a worker entry picks one, so
 * that nothing else depends on a runtime.
 */
export interface OnnxRuntime {
  readonly env: {
    readonly wasm: { wasmPaths?: string | { wasm?: URL | string; mjs?: URL | string }; numThreads?: number };
    readonly webgpu: { readonly device: Promise<{ readonly lost: Promise<{ readonly message: string }> }> };
    logLevel?: 'verbose' | 'info' | 'warning' | 'error' | 'fatal';
  };
  readonly Tensor: new (
    type: 'float32' | 'int64',
    data: Float32Array | BigInt64Array,
    dims: readonly number[],
  ) => object;
  readonly InferenceSession: {
    create(graph: Uint8Array, options: { executionProviders: Backend[] }): Promise<OnnxSession>;
  };
}

interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  release(): Promise<void>;
  run(feeds: Record<string, never>): Promise<Record<string, { readonly data: unknown }>>;
}

/** An input tensor; the data decides the element type. */
export interface TensorInput {
  readonly data: Float32Array | BigInt64Array;
  readonly dims: readonly number[];
}

/** A loaded graph. Outputs are float32, in the runtime's own memory: copy what outlives the next run. */
export interface ModelSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Windows, along the first dimension of the inputs, that one run is best given. */
  readonly batch: number;
  /** @throws DOMException `AbortError` when cancelled, where a run can be stopped */
  run(
    inputs: Readonly<Record<string, TensorInput>>,
    signal?: AbortSignal,
  ): Promise<Readonly<Record<string, Float32Array>>>;
  /** Gives its memory back to the runtime. */
  close(): Promise<void>;
}

/** Opens ONNX graphs on one backend. */
export interface ModelRuntime {
  readonly backend: Backend;
  /**
   * @param graph may be discarded once this has ended: the runtime has its own copy
   * @param wasmUrl absolute URL of the runtime's WebAssembly file; only the first call's counts
   * @param on what runs it, by default the runtime's backend; every build can also use the CPU
   */
  open(graph: Uint8Array, wasmUrl: string, on?: Backend): Promise<ModelSession>;
  /** Rejects if the GPU is taken away: what runs then may never end. Pending for ever otherwise, and on WASM. */
  readonly lost: Promise<never>;
}

export function createModelRuntime(ort: OnnxRuntime, backend: Backend): ModelRuntime {
  let reportLoss: (error: Error) => void;
  const lost = new Promise<never>((_, reject) => {
    reportLoss = reject;
  });
  lost.catch(() => {});

  async function watchDevice(): Promise<void> {
    const device = await ort.env.webgpu.device;
    const { message } = await device.lost;
    reportLoss(new Error(`the GPU was lost: ${message}`));
  }

  return {
    backend,
    lost,
    async open(graph, wasmUrl, on = backend) {
      // One thread a worker: as many workers do the same work as threads would, without cross-origin isolation.
      ort.env.wasm.numThreads = 1;
      ort.env.wasm.wasmPaths = { wasm: wasmUrl };
      ort.env.logLevel = 'error';
      const session = await ort.InferenceSession.create(graph, { executionProviders: [on] });
      if (on === 'webgpu') void watchDevice();
      return {
        inputNames: session.inputNames,
        outputNames: session.outputNames,
        batch: 1,
        close: () => session.release(),
        async run(inputs) {
          const feeds: Record<string, object> = {};
          for (const [name, { data, dims }] of Object.entries(inputs)) {
            feeds[name] = new ort.Tensor(data instanceof Float32Array ? 'float32' : 'int64', data, dims);
          }
          const outputs = await session.run(feeds as Record<string, never>);
          return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
        },
      };
    },
  };
}
