import { FRAMES_A_WINDOW } from './clap-frame-embeddings.js';
import type { AudioGraph, ModelSource } from './model-source.js';

/**
 * A CLAP model that gives 32 frames of a window of 10 s instead of one embedding of the whole: what its audio tower knows
 * of each third of a second before it averages, taken through the tower's own projection. That is faster than short
 * windows and finer. How good those frames are has been checked on random weights only.
 *
 * The same graphs serve both backends; 8-bit ones will not do, because their projection is rounded for averages.
 *
 * @param givesFrames whether a graph is of the build that can be made to
 * @returns the same source where it embeds no whole windows, or it has only graphs of another build
 * @throws EarmarkError `model-missing`, `model-corrupt`
 */
export async function fineMode(
  source: ModelSource,
  givesFrames: (graph: AudioGraph) => Promise<boolean>,
): Promise<ModelSource> {
  const { descriptor } = source;
  const { kind, clipSamples, melHop } = descriptor;
  if (kind === 'frames' || clipSamples === undefined) return source;
  const graphs = source.audioGraphs('webgpu');
  if (graphs.length === 0 || !(await givesFrames(graphs[0]))) return source;
  const melFramesPerFrame = clipSamples / melHop / FRAMES_A_WINDOW;
  return {
    descriptor: {
      ...descriptor,
      kind: 'frames',
      melFramesPerFrame,
      windowFrames: FRAMES_A_WINDOW,
      // Of the graph that is used in place of the quantised one.
      bytes: descriptor.bytes - (source.audioGraphs('wasm')[0]?.bytes ?? 0) + graphs[0].bytes,
    },
    frontEnd: source.frontEnd,
    audioGraphs: () => graphs,
    textHash: source.textHash,
    readTextModel: () => source.readTextModel(),
  };
}
