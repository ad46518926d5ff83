import { EarmarkError } from '../engine/errors.js';
import type { RenderState } from './render-drafts.js';
import { previewRender, type RenderPreview } from './render-outputs.js';
import { parseRenderSettings } from './render-settings.js';
import type { RenderSettings } from './render.js';

/** What an export would make, without making it; or why it cannot be made, ready to show. */
export function describeRender(
  state: RenderState,
  settings: RenderSettings,
): RenderPreview | { readonly problem: string } {
  try {
    return previewRender(state, parseRenderSettings(settings));
  } catch (error) {
    if (error instanceof EarmarkError) return { problem: error.message };
    throw error;
  }
}
