import type { EmbeddingEngine } from '../engine/embedding-engine.js';
import type { EngineFactory, EngineSettings } from './options.js';
import type { ModelState } from './state.js';

/** The engine: made when it is first needed, made again for another backend or model, and tried again after a failure. */
export class ModelEngine {
  readonly #create: EngineFactory;
  readonly #onModel: (model: ModelState) => void;
  #settings: EngineSettings;
  #engine: Promise<EmbeddingEngine> | null = null;
  #loaded: EmbeddingEngine | null = null;
  #state: ModelState | undefined;

  /** @param onModel told how the loading of the model goes */
  constructor(settings: EngineSettings, create: EngineFactory, onModel: (model: ModelState) => void) {
    this.#settings = settings;
    this.#create = create;
    this.#onModel = onModel;
    if (create.choice) this.#showPhase('idle');
  }

  get settings(): EngineSettings {
    return this.#settings;
  }

  /** The engine as it is now; rejects if it cannot be made. */
  get(): Promise<EmbeddingEngine> {
    if (this.#engine) return this.#engine;
    const engine = new Promise<EmbeddingEngine>((resolve) => resolve(this.#create(this.#settings)));
    this.#engine = engine;
    // What could not be fetched may be there the next time.
    engine.catch(() => this.#engine === engine && (this.#engine = null));
    return engine;
  }

  /** Loads the model unless that has been done; its errors are for those who need the model, and not thrown here. */
  load(): void {
    const phase = this.#state?.phase;
    if (phase === 'loading' || phase === 'ready') return;
    this.#showPhase('loading');
    const loading = this.get();
    loading
      .then(async (engine) => {
        const descriptor = await engine.load();
        if (this.#engine !== loading) return;
        this.#loaded = engine;
        this.#show({ phase: 'ready', descriptor, choice: engine.choice });
      })
      .catch(() => {
        if (this.#engine === loading || this.#engine === null) this.#showPhase('failed');
      });
  }

  /** Shows the engine's backend as it is by now, which changes when the GPU fails. */
  refresh(): void {
    const choice = this.#loaded?.choice;
    if (choice && choice !== this.#state?.choice) this.#show({ ...this.#state!, choice });
  }

  /** Ends the engine; the next one is made as chosen. */
  replace(settings: EngineSettings): void {
    this.#settings = settings;
    this.destroy();
    this.#showPhase('idle');
  }

  destroy(): void {
    this.#engine?.then((engine) => engine.destroy()).catch(() => undefined);
    this.#engine = null;
    this.#loaded = null;
  }

  #showPhase(phase: 'idle' | 'loading' | 'failed'): void {
    this.#show({ phase, descriptor: null, choice: this.#create.choice ?? null });
  }

  #show(model: Omit<ModelState, 'asked'>): void {
    this.#state = { ...model, asked: this.#settings.model };
    this.#onModel(this.#state);
  }
}
