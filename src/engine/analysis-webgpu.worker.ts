// Worker entry: inference on the GPU. Its runtime is nearly twice the size of the CPU's, so it is loaded only to be used.
import * as ort from 'onnxruntime-web/webgpu';
import { createModelRuntime } from './model-runtime.js';
import { serveAnalysis, type WorkerScope } from './serve-analysis.js';

serveAnalysis(globalThis as unknown as WorkerScope, createModelRuntime(ort, 'webgpu'));
