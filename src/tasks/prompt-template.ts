import type { EmbeddingEngine, TextEmbedding } from '../engine/embedding-engine.js';

/** The words that a prompt is put into before it is encoded; `{}` is the prompt. More than one: their mean is taken. */
export const PROMPT_TEMPLATES = {
  bare: ['{}'],
  /** What zero-shot classification with CLAP is published with, and the default of transformers.js. */
  sentence: ['This is a sound of {}.'],
  ensemble: ['{}', 'the sound of {}', 'This is a sound of {}.', 'a recording of {}'],
} as const;

export type PromptTemplate = keyof typeof PROMPT_TEMPLATES;

export interface EmbedPromptOptions {
  /** Default: the words that the model is used to. */
  readonly template?: PromptTemplate;
  readonly signal?: AbortSignal;
}

/**
 * Encodes a prompt in the words that the model is used to: bare for a calibrated model, whose biases belong to bare
 * prompts, in a sentence for others. Of a template with several forms the result is the mean of their unit vectors,
 * again of unit length, and of their biases.
 *
 * @throws whatever `EmbeddingEngine.embedText` throws
 */
export async function embedPrompt(
  engine: EmbeddingEngine,
  text: string,
  { template, signal }: EmbedPromptOptions = {},
): Promise<TextEmbedding> {
  const prompt = text.trim();
  // An engine knows its model once it has read a text; `load` would also wait for the choice of a backend. And it
  // refuses an empty prompt, which no sentence around it may hide.
  const bare = engine.descriptor === null || prompt === '' ? await engine.embedText(text, signal) : null;
  const forms = PROMPT_TEMPLATES[template ?? (engine.descriptor?.calibrated === false ? 'sentence' : 'bare')];
  const embeddings = await Promise.all(
    forms.map(async (form) =>
      form === '{}' && bare
        ? bare
        : engine.embedText(
            form.replace('{}', () => prompt),
            signal,
          ),
    ),
  );
  return embeddings.length === 1 ? embeddings[0] : meanEmbedding(embeddings);
}

function meanEmbedding(embeddings: readonly TextEmbedding[]): TextEmbedding {
  const { length } = embeddings;
  const [{ vector: first, understood }] = embeddings;
  const mean = first.map((_, d) => embeddings.reduce((sum, { vector }) => sum + vector[d], 0) / length);
  const norm = Math.hypot(...mean);
  return {
    vector: norm > 0 ? mean.map((value) => value / norm) : first,
    bias: embeddings.reduce((sum, { bias }) => sum + bias, 0) / length,
    understood,
  };
}
