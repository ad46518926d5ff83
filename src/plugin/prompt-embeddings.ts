import type { EmbeddingEngine, TextEmbedding } from '../engine/embedding-engine.js';
import { isAbortError, type EarmarkError } from '../engine/errors.js';
import { toEarmarkError } from './notices.js';
import type { Prompt } from './prompt.js';

/** How far the encoding of one prompt has come. */
export type Encoding =
  | { readonly phase: 'encoding' }
  | { readonly phase: 'ready'; readonly embedding: TextEmbedding }
  | { readonly phase: 'failed'; readonly error: EarmarkError };

const ENCODING: Encoding = { phase: 'encoding' };

/** Keeps the embeddings of the prompts, and encodes those whose text is new. */
export class PromptEmbeddings {
  readonly #onChange: (promptId: string) => void;
  #entries = new Map<string, { readonly text: string; encoding: Encoding }>();

  /** @param onChange called when a prompt's encoding begins or ends */
  constructor(onChange: (promptId: string) => void) {
    this.#onChange = onChange;
  }

  get(promptId: string): Encoding {
    return this.#entries.get(promptId)?.encoding ?? ENCODING;
  }

  /** Encodes what is new and forgets what is gone. */
  update(prompts: readonly Pick<Prompt, 'id' | 'text'>[], engine: () => Promise<EmbeddingEngine>): void {
    const before = this.#entries;
    this.#entries = new Map();
    for (const { id, text } of prompts) {
      const same = before.get(id);
      const entry = same?.text === text ? same : { text, encoding: ENCODING };
      this.#entries.set(id, entry);
      if (entry === same) continue;
      this.#onChange(id);
      void encode(text, engine).then((encoding) => {
        if (this.#entries.get(id) !== entry) return;
        entry.encoding = encoding;
        this.#onChange(id);
      });
    }
  }

  /** Forgets failures, so that the next update tries again. */
  forgetFailed(): void {
    for (const [id, { encoding }] of this.#entries) if (encoding.phase === 'failed') this.#entries.delete(id);
  }

  /** Forgets all embeddings: they belong to the engine that made them. */
  clear(): void {
    this.#entries.clear();
  }
}

async function encode(text: string, engine: () => Promise<EmbeddingEngine>): Promise<Encoding> {
  try {
    const [{ embedPrompt }, ready] = await Promise.all([import('../tasks/prompt-template.js'), engine()]);
    return { phase: 'ready', embedding: await embedPrompt(ready, text) };
  } catch (error) {
    return isAbortError(error) ? ENCODING : { phase: 'failed', error: toEarmarkError(error) };
  }
}
