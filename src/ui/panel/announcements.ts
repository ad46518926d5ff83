import type { EarmarkState, PromptState } from '../../plugin/state.js';
import { strings } from '../strings.js';

/** What a screen reader should hear of a change; empty when nothing worth saying happened. */
export function announcement(before: EarmarkState, after: EarmarkState): string {
  return [historyPart(before, after), analysisPart(before, after), ...promptParts(before, after)]
    .filter((part) => part !== '')
    .join(' ');
}

function historyPart({ history: before }: EarmarkState, { history: after }: EarmarkState): string {
  if (before === after) return '';
  if (before.undo !== null && after.redo === before.undo && after.redo !== before.redo)
    return `${strings.undone(before.undo)}.`;
  if (before.redo !== null && after.undo === before.redo && after.redo !== before.redo)
    return `${strings.redone(before.redo)}.`;
  return after.undo === null || after.undo === before.undo ? '' : `${after.undo}.`;
}

function analysisPart({ analysis: before }: EarmarkState, { analysis: after }: EarmarkState): string {
  if (before.phase === after.phase) return '';
  if (after.phase === 'done') return strings.analysisDone;
  if (after.phase === 'cancelled') return `${strings.cancelled(after.fraction)}.`;
  return '';
}

/** Only what is settled is told: a prompt's count still grows while its analysis runs. */
function promptParts(before: EarmarkState, after: EarmarkState): string[] {
  return after.prompts
    .filter(({ polarity, phase, presence }) => polarity === 'target' && phase === 'ready' && presence !== null)
    .filter((prompt) => {
      const known = before.prompts.find(({ id }) => id === prompt.id);
      return known === undefined || told(known) !== told(prompt);
    })
    .map((prompt) => `${told(prompt)}.`);
}

function told({ text, presence, hitCount }: PromptState): string {
  if (presence === null) return '';
  return presence.present ? strings.hitsFor(hitCount, text) : strings.notFoundFor(text);
}
