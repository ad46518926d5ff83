import { ClapFeatureExtractor, env as transformersEnv } from '@huggingface/transformers';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { melFilterbank } from '../../src/dsp/mel-filterbank.js';
import { RAW_FRAMES, withRawFrames } from '../../src/engine/onnx-graph-outputs.js';
import { normalizeRows } from '../../src/engine/unit-rows.js';

const RUNTIME_FOLDER = '/node_modules/onnxruntime-web/dist/';
const SAMPLE_RATE = 32000;
const HOP = 320;
const FFT_SIZE = 1024;
const HANN_LENGTH = 800;
const MEL_BANDS = 128;
const PREEMPHASIS = 0.97;
const MEL_FRAMES_PER_FRAME = 16;
/** Model frames in a window of 10 s; windows overlap by half and the middle halves are kept, as the engine does. */
const WINDOW_FRAMES = 63;
const STEP_FRAMES = 31;
const MARGIN_FRAMES = 15;

/**
 * What one would write without Earmark: decode in the page, slide a 10-second window over the samples, extract its
 * features with transformers.js' CLAP extractor (given this model's filterbank and window), run the same graph with
 * onnxruntime-web, all on the main thread. (For the mel product the extractor has a runtime of its own.)
 */
export class NaiveLoop {
  private constructor(
    private readonly extractor: ClapFeatureExtractor,
    private readonly session: InferenceSession,
  ) {}

  static async load(): Promise<NaiveLoop> {
    const { wasm } = transformersEnv.backends.onnx;
    if (wasm === undefined) throw new Error('transformers.js has no WASM runtime');
    wasm.wasmPaths = { wasm: `${RUNTIME_FOLDER}ort-wasm-simd-threaded.asyncify.wasm` };
    env.wasm.wasmPaths = { wasm: `${RUNTIME_FOLDER}ort-wasm-simd-threaded.wasm` };
    env.wasm.numThreads = 1;
    const graph = await fetch('/models/pocket/onnx/audio_model.onnx');
    const model = withRawFrames(new Uint8Array(await graph.arrayBuffer()));
    const session = await InferenceSession.create(model, { executionProviders: ['wasm'] });
    return new NaiveLoop(pocketExtractor(), session);
  }

  /** Frame embeddings, `[frames × D]` row-major, of an encoded recording. */
  async embed(file: Blob): Promise<Float32Array> {
    const context = new OfflineAudioContext(1, 1, SAMPLE_RATE);
    const audio = await context.decodeAudioData(await file.arrayBuffer());
    const samples = audio.getChannelData(0);
    const frameCount = Math.ceil((1 + Math.floor(samples.length / HOP)) / MEL_FRAMES_PER_FRAME);
    let track: Float32Array | null = null;
    for (let first = 0; ; first += STEP_FRAMES) {
      const isLast = first + WINDOW_FRAMES >= frameCount;
      const start = first * MEL_FRAMES_PER_FRAME * HOP;
      const end = isLast ? samples.length : start + (WINDOW_FRAMES * MEL_FRAMES_PER_FRAME - 1) * HOP;
      const features = await this.extractor._extract_fbank_features(
        samples.subarray(start, end),
        this.extractor.mel_filters_slaney,
      );
      const [melFrames = 0] = features.dims as number[];
      const input = new Tensor('float32', features.data as Float32Array, [1, 1, melFrames, MEL_BANDS]);
      const { [RAW_FRAMES]: embeddings } = await this.session.run({ input_features: input });
      const dimension = embeddings.dims[2];
      const values = normalizeRows(embeddings.data as Float32Array, dimension);
      track ??= new Float32Array(frameCount * dimension);
      const skipped = first === 0 ? 0 : MARGIN_FRAMES;
      const room = track.length - (first + skipped) * dimension;
      track.set(values.subarray(skipped * dimension, skipped * dimension + room), (first + skipped) * dimension);
      if (isLast) return track;
    }
  }
}

function pocketExtractor(): ClapFeatureExtractor {
  const extractor = new ClapFeatureExtractor({
    feature_size: MEL_BANDS,
    fft_window_size: FFT_SIZE,
    nb_frequency_bins: FFT_SIZE / 2 + 1,
    hop_length: HOP,
    sampling_rate: SAMPLE_RATE,
    frequency_min: 0,
    frequency_max: 15000,
  });
  extractor.mel_filters_slaney = melFilterbank({
    sampleRate: SAMPLE_RATE,
    fftSize: FFT_SIZE,
    bands: MEL_BANDS,
    lowFrequency: 0,
    highFrequency: 15000,
    scale: 'kaldi',
    norm: 'none',
    slopes: 'mel',
  }).map(({ firstBin, weights }) => {
    const row = new Array<number>(FFT_SIZE / 2 + 1).fill(0);
    weights.forEach((weight, i) => {
      const omega = (2 * Math.PI * (firstBin + i)) / FFT_SIZE;
      row[firstBin + i] = weight * (1 + PREEMPHASIS ** 2 - 2 * PREEMPHASIS * Math.cos(omega));
    });
    return row;
  });
  const margin = (FFT_SIZE - HANN_LENGTH) / 2;
  extractor.window = Float64Array.from({ length: FFT_SIZE }, (_, i) => {
    const inside = i >= margin && i < margin + HANN_LENGTH;
    return inside ? 0.5 - 0.5 * Math.cos((2 * Math.PI * (i - margin)) / (HANN_LENGTH - 1)) : 0;
  });
  return extractor;
}
