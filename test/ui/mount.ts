import { FakeStore, FakeTimeline, makePrompt, makeRegion } from '../helpers/fake-store.js';
import type { EarmarkStore } from '../../src/plugin/earmark-api.js';
import type { EarmarkState } from '../../src/plugin/state.js';
import '../../src/ui/index.js';

type ElementName = Extract<keyof HTMLElementTagNameMap, `earmark-${string}`>;

/** Puts an element into the page, 800 px wide; everything is taken out again after the test. */
export async function mount<K extends ElementName>(
  name: K,
  store: EarmarkStore | null,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
): Promise<HTMLElementTagNameMap[K]> {
  // Some elements come after those that a page shows at once.
  await customElements.whenDefined(name);
  await customElements.whenDefined('earmark-tools');
  const frame = document.createElement('div');
  frame.className = 'mounted';
  frame.style.width = '800px';
  const element = document.createElement(name);
  Object.assign(element, properties, { earmark: store });
  frame.append(element);
  document.body.append(frame);
  await settle();
  return element;
}

afterEach(() => document.querySelectorAll('.mounted').forEach((frame) => frame.remove()));

/** Until the elements have rendered, and painted what they render. */
export async function settle(): Promise<void> {
  for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** The element under a chain of selectors, one shadow root deeper at each. */
export function within(root: Element, ...selectors: string[]): HTMLElement {
  return selectors.reduce<Element>((element, selector) => {
    const found = (element.shadowRoot ?? element).querySelector(selector);
    if (found === null) throw new Error(`${element.localName} has no ${selector}`);
    return found;
  }, root) as HTMLElement;
}

/** The element that has the focus, in whatever shadow root. */
export function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/** Presses a key where the focus is; returns whether somebody used it. */
export function press(key: string, modifiers: KeyboardEventInit = {}): boolean {
  const target = focused() ?? document.body;
  const init: KeyboardEventInit = { key, bubbles: true, composed: true, cancelable: true, ...modifiers };
  const used = !target.dispatchEvent(new KeyboardEvent('keydown', init));
  target.dispatchEvent(new KeyboardEvent('keyup', init));
  return used;
}

/** Four barks at the default sensitivity and one below it, and a bell that is not there. */
export function streetState(): Partial<EarmarkState> {
  const boxes = [
    { start: 4, end: 4.5, confidence: 0.94 },
    { start: 8, end: 8.5, confidence: 0.3 },
    { start: 11, end: 12, confidence: 0.87 },
    { start: 19, end: 19.3, confidence: 0.55 },
    { start: 24, end: 25, confidence: 0.9 },
  ];
  const weak = [
    { start: 9, end: 10, confidence: 0.31 },
    { start: 22, end: 22.5, confidence: 0.17 },
  ];
  return {
    source: { id: 'street', name: 'street.flac', duration: 32, sampleRate: 48000, channelCount: 2 },
    analysis: { phase: 'done', elapsedSeconds: 0.3, fromCache: false, kept: true },
    prompts: [
      makePrompt({ id: 'dog', text: 'dog bark', color: 0, boxes }),
      makePrompt({ id: 'bell', text: 'church bell', color: 2, boxes: weak, presence: { present: false, score: 0.05 } }),
    ],
    regions: [
      makeRegion({ id: 'a', start: 4, end: 4.5, score: 0.94, status: 'accepted' }),
      makeRegion({ id: 'b', start: 11, end: 12, score: 0.87 }),
      makeRegion({ id: 'c', start: 19, end: 19.3, score: 0.55, status: 'rejected' }),
      makeRegion({ id: 'd', start: 24, end: 25, score: 0.9 }),
    ],
  };
}

/** A store with {@link streetState} on a timeline of 32 s. */
export function streetStore(change: Partial<EarmarkState> = {}): { store: FakeStore; timeline: FakeTimeline } {
  const timeline = new FakeTimeline(32);
  return { store: new FakeStore({ ...streetState(), ...change }, timeline), timeline };
}

/** Replaces a method of the platform; returns what puts it back. */
export function replaceMethod<T extends object>(target: T, name: keyof T, method: unknown): () => void {
  const original = Object.getOwnPropertyDescriptor(target, name)!;
  Object.defineProperty(target, name, { ...original, value: method });
  return () => Object.defineProperty(target, name, original);
}
