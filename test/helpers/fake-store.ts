import type { Classification, ClassifyOptions } from '../../src/plugin/classification.js';
import type { EarmarkStore } from '../../src/plugin/earmark-api.js';
import type { HostCapability, HostEvents, HostSource, TimelineHost } from '../../src/plugin/host/timeline-host.js';
import type { Region } from '../../src/plugin/region.js';
import type { EarmarkRequest } from '../../src/plugin/requests.js';
import type { EarmarkState, PromptState } from '../../src/plugin/state.js';
import { EMPTY_STATE } from '../../src/plugin/store.js';
import { ucsEntry, type UcsSuggestion } from '../../src/plugin/ucs.js';

function freezeDeep<T>(value: T): T {
  // Typed arrays with elements cannot be frozen.
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value;
  Object.values(value).forEach(freezeDeep);
  return Object.freeze(value);
}

/** A timeline without sound: time moves only when a test says so. */
export class FakeTimeline implements TimelineHost {
  readonly id = 'fake';
  readonly capabilities: ReadonlySet<HostCapability> = new Set<HostCapability>(['overlay', 'zoom']);
  readonly overlays = new Set<HTMLElement>();
  /** Where `mountOverlay` puts its elements; nowhere while null. */
  overlayParent: HTMLElement | null = null;
  #time = 0;
  #playing = false;
  #range: { start: number; end: number };
  readonly #listeners = new Map<string, Set<(...payload: never[]) => void>>();

  constructor(private readonly duration = 32) {
    this.#range = { start: 0, end: duration };
  }

  getSource(): HostSource | null {
    return null;
  }
  getDuration(): number {
    return this.duration;
  }
  getTime(): number {
    return this.#time;
  }
  seek(time: number): void {
    this.#time = time;
    this.emit('timeupdate', time);
  }
  async play(): Promise<void> {
    this.#playing = true;
    this.emit('playstate', true);
  }
  pause(): void {
    this.#playing = false;
    this.emit('playstate', false);
  }
  isPlaying(): boolean {
    return this.#playing;
  }
  getVisibleRange(): { start: number; end: number } {
    return this.#range;
  }
  scrollTo(): void {}
  setVisibleRange(start: number, end: number): void {
    this.#range = { start, end };
    this.emit('viewchange');
  }
  mountOverlay(element: HTMLElement): () => void {
    this.overlays.add(element);
    this.overlayParent?.append(element);
    return () => {
      this.overlays.delete(element);
      element.remove();
    };
  }
  on<E extends keyof HostEvents>(event: E, listener: (...payload: HostEvents[E]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(listener as (...payload: never[]) => void);
    return () => listeners.delete(listener as (...payload: never[]) => void);
  }
  destroy(): void {
    this.#listeners.clear();
  }

  emit<E extends keyof HostEvents>(event: E, ...payload: HostEvents[E]): void {
    this.#listeners.get(event)?.forEach((listener) => listener(...(payload as never[])));
  }

  /** How many listeners are attached, over all events. */
  get listenerCount(): number {
    return [...this.#listeners.values()].reduce((sum, listeners) => sum + listeners.size, 0);
  }
}

/** A store whose state tests set and whose requests they read. It does what the views rely on at once: select, move, rename. */
export class FakeStore implements EarmarkStore {
  readonly requests: EarmarkRequest[] = [];
  readonly host: TimelineHost | null;
  #state: EarmarkState;
  readonly #listeners = new Set<(state: EarmarkState) => void>();
  #notifying = false;

  /** What `suggestUcs` gives for a label: CatIDs, the best first. */
  readonly suggestions = new Map<string, readonly string[]>();

  /** What `classify` gives, and what it was asked. */
  classification: Promise<Classification> = Promise.resolve({ labels: [], alike: [] });
  readonly asked: ClassifyOptions[] = [];

  constructor(state: Partial<EarmarkState> = {}, host: TimelineHost | null = null) {
    this.#state = freezeDeep({ ...EMPTY_STATE, ...state });
    this.host = host;
  }

  getState(): EarmarkState {
    return this.#state;
  }

  subscribe(listener: (state: EarmarkState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get subscriberCount(): number {
    return this.#listeners.size;
  }

  dispatch(request: EarmarkRequest): void {
    this.requests.push(request);
    switch (request.type) {
      case 'select':
        this.set({ selectedRegionIds: new Set(request.ids), activeRegionId: request.active ?? null });
        break;
      case 'region-move':
        this.#changeRegions([request.id], { start: request.start, end: request.end, edited: true });
        break;
      case 'region-rename':
        this.#changeRegions(request.ids, { label: request.label, edited: true });
        break;
      case 'region-status':
        this.#changeRegions(request.ids, { status: request.status });
        break;
      case 'sensitivity':
        this.changePrompt(request.id, { sensitivity: request.value });
        break;
      case 'ucs-set': {
        const change = request.catId === null ? {} : { ucs: request.catId };
        this.#changeRegions(request.regions ?? [], change);
        for (const id of request.prompts ?? []) this.changePrompt(id, change);
        break;
      }
      default:
    }
  }

  classify(options: ClassifyOptions): Promise<Classification> {
    this.asked.push(options);
    return this.classification;
  }

  suggestUcs(label: string): Promise<UcsSuggestion[]> {
    const catIds = this.suggestions.get(label) ?? [];
    return Promise.resolve(catIds.map((catId, index) => ({ ...ucsEntry(catId)!, score: 1 - index / 10 })));
  }

  saveProject(): Promise<File> {
    return Promise.resolve(new File(['{}'], 'street.earmark.json', { type: 'application/json' }));
  }

  /** Replaces parts of the state; subscribers hear of it in a microtask. */
  set(change: Partial<EarmarkState>): void {
    this.#state = freezeDeep({ ...this.#state, ...change });
    if (this.#notifying) return;
    this.#notifying = true;
    queueMicrotask(() => {
      this.#notifying = false;
      this.#listeners.forEach((listener) => listener(this.#state));
    });
  }

  changePrompt(id: string, change: Partial<PromptState>): void {
    this.set({
      prompts: this.#state.prompts.map((prompt) => (prompt.id === id ? { ...prompt, ...change } : prompt)),
    });
  }

  /** The requests of one type, in order. */
  sent<T extends EarmarkRequest['type']>(type: T): Extract<EarmarkRequest, { type: T }>[] {
    return this.requests.filter((request) => request.type === type) as Extract<EarmarkRequest, { type: T }>[];
  }

  #changeRegions(ids: readonly string[], change: Partial<Region>): void {
    this.set({
      regions: this.#state.regions.map((region) => (ids.includes(region.id) ? { ...region, ...change } : region)),
    });
  }
}

export function makeRegion(change: Partial<Region> & { id: string; start: number; end: number }): Region {
  return {
    sourceId: 'street',
    label: 'dog bark',
    score: 0.9,
    peak: 0.95,
    promptId: 'dog',
    origin: 'detected',
    status: 'candidate',
    edited: false,
    ...change,
  };
}

/** A prompt with boxes, and a curve of 160-ms frames that rises over them. */
export function makePrompt(change: Partial<PromptState> & { id: string }, duration = 32): PromptState {
  const boxes = change.boxes ?? [];
  const frameCount = Math.ceil(duration / 0.16);
  const values = Float32Array.from({ length: frameCount }, (_, frame) => {
    const time = (frame + 0.5) * 0.16;
    const floor = 0.06 + 0.05 * Math.abs((Math.sin(frame * 12.9898) * 43758.5453) % 1);
    return boxes.reduce((highest, { start, end, confidence }) => {
      const distance = (time - (start + end) / 2) / ((end - start) / 2 + 0.18);
      return Math.max(highest, confidence * Math.exp(-(distance ** 4)));
    }, floor);
  });
  const sensitivity = change.sensitivity ?? 0.5;
  const present = change.presence?.present ?? boxes.length > 0;
  return {
    text: 'dog bark',
    polarity: 'target',
    color: 0,
    sensitivity,
    phase: 'ready',
    understood: [
      { label: 'Bark', share: 0.61 },
      { label: 'Dog', share: 0.28 },
    ],
    curve: { grid: { sampleRate: 32000, offset: 0, hop: 5120, frameCount }, values },
    boxes,
    presence: { present, score: present ? 0.97 : 0.08 },
    hitCount: present ? boxes.filter(({ confidence }) => confidence >= 1 - sensitivity).length : 0,
    ...change,
  };
}
