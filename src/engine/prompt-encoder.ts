import { abortable } from './abortable.js';
import type { TextEmbedding } from './embedding-engine.js';
import { EarmarkError } from './errors.js';
import { MAX_PROMPT_LENGTH } from './prompt-length.js';
import type { TextResult } from './protocol.js';
import type { WorkerClient } from './worker-client.js';

/** Where embeddings of texts are kept between visits; it may fail. */
export interface KeptTexts {
  get(text: string): Promise<TextEmbedding | null>;
  put(text: string, embedding: TextEmbedding): Promise<void>;
}

/** Encodes prompts in a worker of its own, so that typing never waits for audio. Each text is encoded once. */
export class PromptEncoder {
  readonly #embeddings = new Map<string, Promise<TextEmbedding>>();

  /** @param kept null: every visit encodes */
  constructor(
    private readonly client: WorkerClient,
    private readonly kept: KeptTexts | null,
  ) {}

  /** Starts the worker ahead of the first prompt. */
  async warm(): Promise<void> {
    await this.client.start();
  }

  /**
   * @throws EarmarkError `empty-prompt`, `prompt-too-long`, `worker-missing`, `worker-crashed`, `model-missing`,
   *   `model-corrupt`; failures are not remembered
   */
  async embed(text: string, signal?: AbortSignal): Promise<TextEmbedding> {
    const prompt = text.trim();
    if (prompt === '') throw new EarmarkError('empty-prompt', 'The prompt is empty. Name a sound, e.g. "dog bark".');
    if (prompt.length > MAX_PROMPT_LENGTH) {
      throw new EarmarkError(
        'prompt-too-long',
        `The prompt has ${prompt.length} characters; ${MAX_PROMPT_LENGTH} is the most. Name the sound in a few words.`,
      );
    }
    let embedding = this.#embeddings.get(prompt);
    if (embedding === undefined) {
      embedding = this.#encode(prompt);
      this.#embeddings.set(prompt, embedding);
      embedding.catch(() => this.#embeddings.delete(prompt));
    }
    return abortable(embedding, signal);
  }

  async #encode(text: string): Promise<TextEmbedding> {
    const known = await this.kept?.get(text).catch(() => null);
    if (known) return known;
    const { vector, bias, understood } = (await this.client.request({ type: 'embed-text', text })) as TextResult;
    const embedding = { vector, bias, understood };
    // Without room for it the text is encoded again on the next visit.
    this.kept?.put(text, embedding).catch(() => {});
    return embedding;
  }

  end(): void {
    this.client.end();
  }
}
