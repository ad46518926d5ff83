import { parseFrontEndConfig } from '../dsp/front-end-config.js';
import type { Seconds } from '../dsp/units.js';
import { EarmarkError } from './errors.js';
import type { ModelFile } from './model-descriptor.js';
import type { ModelFiles } from './model-files.js';
import { textHash, type AudioGraph, type GraphDtype, type ModelSource } from './model-source.js';

/** Frames of a model that embeds whole windows: half of the second that a short window is kept for. */
const FRAME_SECONDS: Seconds = 0.5;
/** What `ClapConfig` of transformers assumes where its file says nothing. */
const DEFAULT_CONFIG = { projection_dim: 512, logit_scale_init_value: 1 / 0.07 };
/** How the hub names the files of a graph. */
const SUFFIX: Readonly<Record<GraphDtype, string>> = { fp32: '', fp16: '_fp16', q8: '_quantized' };
/** Best first. 8-bit graphs compute wrongly on WebGPU; on the CPU float16 is the slowest. */
const AUDIO_DTYPES = { wasm: ['q8', 'fp32', 'fp16'], webgpu: ['fp16', 'fp32'] } as const;
const TEXT_DTYPES = ['q8', 'fp32', 'fp16'] as const;
const SMALL_FILES = ['config.json', 'preprocessor_config.json', 'tokenizer.json', 'tokenizer_config.json'];

/**
 * A CLAP model in the layout of the Hugging Face hub: `config.json`, `preprocessor_config.json`, `tokenizer.json`,
 * `tokenizer_config.json`, and in `onnx/` the graphs `audio_model` and `text_model`, each plain, `_fp16` or
 * `_quantized`, of which one is enough (a GPU needs one that is not quantised). It hears windows of exactly 10 s and is not calibrated.
 *
 * @throws EarmarkError `model-missing`, `model-corrupt`
 */
export async function clapModel(files: ModelFiles, signal?: AbortSignal): Promise<ModelSource> {
  const [config, frontEnd] = await Promise.all([
    files.json('config.json', signal),
    files.json('preprocessor_config.json', signal),
  ]);
  const { projection_dim, logit_scale_init_value } = { ...DEFAULT_CONFIG, ...config };
  const { sampleRate, hop, clipSamples } = readFrontEnd(frontEnd, files);
  const audio = {
    wasm: audioGraphs(files, AUDIO_DTYPES.wasm),
    webgpu: audioGraphs(files, AUDIO_DTYPES.webgpu),
  };
  const [text] = listedGraphs(files, 'text_model', TEXT_DTYPES);
  const [audioOnCpu] = audio.wasm;
  if (text === undefined) throw corrupt(files, 'there is no onnx/text_model.onnx');
  if (audioOnCpu === undefined) throw corrupt(files, 'there is no onnx/audio_model.onnx');
  const needed = [...SMALL_FILES, audioOnCpu.path, text.file.path];
  const frameHop = FRAME_SECONDS * sampleRate;
  return {
    descriptor: {
      kind: 'windows',
      ...files.identity,
      files: files.list,
      bytes: files.list.filter(({ path }) => needed.includes(path)).reduce((sum, { bytes }) => sum + bytes, 0),
      sampleRate,
      melHop: hop,
      dimension: projection_dim,
      melFramesPerFrame: frameHop / hop,
      windowFrames: clipSamples / frameHop,
      minMelFrames: 1 + Math.floor(clipSamples / hop),
      clipSamples,
      logitScale: logit_scale_init_value,
      calibrated: false,
    },
    frontEnd,
    audioGraphs: (backend) => audio[backend],
    textHash: textHash(files.list, text.file.path),
    async readTextModel() {
      const [tokenizer, tokenizerConfig] = await Promise.all([
        files.json('tokenizer.json'),
        files.json('tokenizer_config.json'),
      ]);
      return { graph: files.file(text.file.path), tokenizer, tokenizerConfig, specialTokens: true, classes: [] };
    },
  };
}

function readFrontEnd(json: object, files: ModelFiles) {
  try {
    const { sampleRate, hop } = parseFrontEndConfig(json);
    const { nb_max_samples: clipSamples } = json as { nb_max_samples?: unknown };
    if (typeof clipSamples !== 'number' || !Number.isInteger(clipSamples / (FRAME_SECONDS * sampleRate)))
      throw new RangeError(
        `preprocessor_config.json: "nb_max_samples" is ${String(clipSamples)}, not whole half seconds.`,
      );
    return { sampleRate, hop, clipSamples };
  } catch (error) {
    throw corrupt(files, (error as Error).message);
  }
}

interface ListedGraph {
  readonly file: ModelFile;
  readonly dtype: GraphDtype;
}

function listedGraphs(files: ModelFiles, name: string, dtypes: readonly GraphDtype[]): ListedGraph[] {
  return dtypes.flatMap((dtype) => {
    const file = files.list.find(({ path }) => path === `onnx/${name}${SUFFIX[dtype]}.onnx`);
    return file ? [{ file, dtype }] : [];
  });
}

function audioGraphs(files: ModelFiles, dtypes: readonly GraphDtype[]): AudioGraph[] {
  return listedGraphs(files, 'audio_model', dtypes).map(({ file, dtype }) => ({ ...files.file(file.path), dtype }));
}

function corrupt({ identity }: ModelFiles, what: string): EarmarkError {
  return new EarmarkError(
    'model-corrupt',
    `The model ${identity.name} cannot be used: ${what}. Choose a CLAP model in the layout of the Hugging Face hub.`,
  );
}
