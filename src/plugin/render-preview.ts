import { EarmarkError } from '../engine/errors.js';
import { renderedBytes } from '../engine/render.js';
import { planRender, type RenderState } from './render-outputs.js';
import { parseRenderSettings } from './render-settings.js';
import type { RenderSettings } from './render.js';

/** What an export is going to be. */
export interface RenderPreview {
  readonly fileCount: number;
  /** Name of the first file. */
  readonly example: string;
  /** Name of what comes out: that file, or the archive around it. */
  readonly fileName: string;
  /** Without what is taken along from the recording's own chunks. */
  readonly bytes: number;
}

/** What an export would make, without making it; or why it cannot be made, ready to show. */
export function previewRender(
  state: RenderState,
  settings: RenderSettings,
): RenderPreview | { readonly problem: string } {
  try {
    return preview(state, settings);
  } catch (error) {
    if (error instanceof EarmarkError) return { problem: error.message };
    throw error;
  }
}

function preview(state: RenderState, settings: RenderSettings): RenderPreview {
  const { sampleRate = 0, channelCount = 0, duration = 0, sampleFormat = 'float32' } = state.source ?? {};
  const length = Math.round(duration * sampleRate);
  const { plan, fileName } = planRender(state, parseRenderSettings(settings), length);
  const bytes = renderedBytes(plan, { sampleRate, channelCount, length, sampleFormat, channelMask: null });
  return { fileCount: plan.outputs.length, example: plan.outputs[0].name, fileName, bytes };
}
