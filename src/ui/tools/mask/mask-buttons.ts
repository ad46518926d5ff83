import { html, nothing } from 'lit';
import type { Mask, MaskMode } from '../../../plugin/mask.js';
import type { EarmarkRequest } from '../../../plugin/requests.js';
import { actionButton } from '../../action-button.js';
import { maskStrings } from './mask-strings.js';

const MODES: readonly MaskMode[] = ['mute', 'duck', 'solo'];

export interface MaskView {
  /** Null while nothing is masked. */
  readonly mask: Mask | null;
  readonly isBypassed: boolean;
  readonly hasHits: boolean;
}

/** Buttons that mute, duck or solo what was found, and compare with the recording as it is. */
export function maskButtons({ mask, isBypassed, hasHits }: MaskView, dispatch: (request: EarmarkRequest) => void) {
  const set = (mode: MaskMode) => dispatch({ type: 'mask-set', mode: mask?.mode === mode ? null : mode });
  return html`<span class="joined" role="group" aria-label=${maskStrings.mask}>
      ${MODES.map((mode) =>
        actionButton({
          label: maskStrings.explain[mode],
          icon: nothing,
          text: maskStrings.modes[mode](mask?.mode === mode ? mask.floor : null),
          look: '',
          pressed: mode === mask?.mode,
          disabled: mask === null && !hasHits,
          act: () => set(mode),
        }),
      )}
    </span>
    ${actionButton({
      label: maskStrings.compare,
      icon: nothing,
      text: 'A/B',
      look: '',
      pressed: isBypassed,
      disabled: mask === null,
      act: () => dispatch({ type: 'mask-bypass', bypassed: !isBypassed }),
    })}`;
}
