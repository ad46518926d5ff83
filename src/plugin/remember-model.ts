import { HUB } from '../engine/hub-catalog.js';
import type { KeptModel } from '../engine/model-store.js';
import { parseAddress } from './model-address.js';
import { choiceName, MODEL_CHOICES, modelChoices, type ModelChoice } from './model-choice.js';
import type { ModelOrigin, ModelReference } from './models-state.js';
import type { EngineSettings } from './options.js';

/** `pocket`, the key of a kept model, or what else names a model among those that there are. */
export function modelKey(model: ModelReference, kept: readonly KeptModel[]): string {
  if (model === 'pocket') return model;
  if (model instanceof URL) return model.href;
  if ('kept' in model) return model.kept;
  const { host } = parseAddress(model.host ?? HUB);
  return kept.find(({ identity, place }) => identity.id === model.hub && place.from === host)?.key ?? model.hub;
}

/** Where a kept model came from; undefined for a folder of the user, whose files nobody else has. */
export function originOf({ identity, place, files }: KeptModel): ModelOrigin | undefined {
  if (place.kind === 'url') return { url: place.from };
  const url = files[0]?.url ?? '';
  const path = url.indexOf(`${identity.id}/resolve/`);
  return place.kind === 'hub' && path > 0 ? { hub: identity.id, host: url.slice(0, path) } : undefined;
}

/**
 * Remembers on this device what is used in place of the page's own model, or forgets it where that is the same.
 *
 * @param own what the page begins with
 * @param used what the user has chosen
 */
export function rememberModel(own: EngineSettings, used: EngineSettings, kept: readonly KeptModel[]): void {
  const key = modelKey(used.model, kept);
  const isOwn = key === modelKey(own.model, kept);
  const model = kept.find((each) => each.key === key);
  const from = model && originOf(model);
  const choice: ModelChoice = { fine: used.fine, ...(!isOwn && { model: key }), ...(from && { from }) };
  const { [choiceName(own.model)]: _, ...others } = modelChoices();
  write(isOwn && used.fine === own.fine ? others : { ...others, [choiceName(own.model)]: choice });
}

/** Forgets all choices of a model that is deleted. */
export function forgetModel(key: string): void {
  write(Object.fromEntries(Object.entries(modelChoices()).filter(([, choice]) => choice?.model !== key)));
}

function write(choices: Partial<Record<string, ModelChoice>>): void {
  try {
    localStorage.setItem(MODEL_CHOICES, JSON.stringify(choices));
  } catch {
    // Denied or full: the next visit begins with the page's own model.
  }
}
