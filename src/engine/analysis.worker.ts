// Worker entry: inference on the CPU (WebAssembly).
import * as ort from 'onnxruntime-web/wasm';
import { createModelRuntime } from './model-runtime.js';
import { serveAnalysis, type WorkerScope } from './serve-analysis.js';

serveAnalysis(globalThis as unknown as WorkerScope, createModelRuntime(ort, 'wasm'));
