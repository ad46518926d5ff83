import type { EarmarkStore } from '../../plugin/earmark-api.js';
import { drawnLabel } from '../tools/region-verbs/region-verb.js';
import { RegionDrawing } from '../tools/region-verbs/region-drawing.js';
import { verbSettings } from '../tools/region-verbs/verb-settings.js';

/**
 * Lets regions be drawn over the host's waveform. The overlay lets pointers through, so what lies below it is listened
 * to, before the host hears of them.
 *
 * @returns ends that
 */
export function drawOnWaveform(overlay: HTMLElement, store: EarmarkStore): () => void {
  const ground = pointerGround(overlay);
  if (ground === null) return () => {};
  const settings = verbSettings(store);
  const drawing = new RegionDrawing(store, {
    frame: overlay,
    container: overlay.shadowRoot ?? overlay,
    label: () => (store.getState().source === null ? null : drawnLabel(store.getState())),
  });
  const released = new AbortController();
  const listening = { capture: true, signal: released.signal };
  const take = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
  };
  ground.addEventListener(
    'pointerdown',
    (event) => {
      if (!isOver(overlay, event) || !drawing.begin(event)) return;
      take(event);
      ground.setPointerCapture(event.pointerId);
    },
    listening,
  );
  ground.addEventListener('pointermove', (event) => drawing.move(event) && take(event), listening);
  ground.addEventListener(
    'pointerup',
    (event) => {
      if (!drawing.end(event)) return;
      take(event);
      // The click that follows would move the playhead.
      const end = new AbortController();
      window.addEventListener('click', take, { capture: true, signal: end.signal });
      setTimeout(() => end.abort());
    },
    listening,
  );
  ground.addEventListener('pointercancel', () => drawing.cancel(), listening);
  const { touchAction, cursor } = ground.style;
  const show = (): void => {
    ground.style.touchAction = settings.isDrawing ? 'none' : touchAction;
    ground.style.cursor = settings.isDrawing ? 'crosshair' : cursor;
  };
  const unsubscribe = settings.subscribe(show);
  show();
  return () => {
    released.abort();
    unsubscribe();
    drawing.cancel();
    ground.style.touchAction = touchAction;
    ground.style.cursor = cursor;
  };
}

/** The nearest element around the overlay that pointers reach. */
function pointerGround(overlay: HTMLElement): HTMLElement | null {
  let element: Element | null = overlay;
  while (element instanceof HTMLElement && getComputedStyle(element).pointerEvents === 'none') {
    const parent: Node | null = element.parentNode;
    element = parent instanceof ShadowRoot ? parent.host : element.parentElement;
  }
  return element instanceof HTMLElement ? element : null;
}

function isOver(element: Element, { clientX, clientY }: PointerEvent): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
}
