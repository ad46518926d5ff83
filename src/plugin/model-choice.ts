import type { ModelOrigin, ModelReference } from './models-state.js';
import type { EngineSettings } from './options.js';

/** Name of the choices in `localStorage`. */
export const MODEL_CHOICES = 'earmark.models';

/** What the user has chosen in place of what a page begins with. */
export interface ModelChoice {
  /** `pocket`, or the key of a kept model; absent for the page's own model. */
  readonly model?: string;
  readonly fine: boolean;
  /** Where a kept model came from, to be had again from there if the browser removes it; absent for folders of the user. */
  readonly from?: ModelOrigin;
}

/** Names a model that pages begin with: a choice in place of one says nothing about another. */
export function choiceName(own: ModelReference): string {
  return JSON.stringify(own);
}

/** All choices on this device, by the model that they take the place of; none where nothing can be remembered. */
export function modelChoices(): Partial<Record<string, ModelChoice>> {
  try {
    return Object(JSON.parse(localStorage.getItem(MODEL_CHOICES)!)) as Record<string, ModelChoice>;
  } catch {
    return {};
  }
}

/** What a page's engine is told, with what the user has chosen on an earlier visit. */
export function asChosen(settings: EngineSettings): EngineSettings {
  const { model, fine } = modelChoices()[choiceName(settings.model)] ?? settings;
  if (typeof model !== 'string') return { ...settings, fine };
  return { ...settings, fine, model: model === 'pocket' ? model : { kept: model } };
}
