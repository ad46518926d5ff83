import { Tokenizer } from '@huggingface/tokenizers';
import type { UnderstoodClass } from './embedding-engine.js';
import { EarmarkError } from './errors.js';
import type { ModelRuntime, ModelSession, TensorInput } from './model-runtime.js';
import { findClassShares, withOutput } from './onnx-graph-outputs.js';
import { openGraph } from './open-graph.js';
import type { LoadTextModel, TextResult } from './protocol.js';
import { normalizeRows } from './unit-rows.js';

/** Share under which a class is not worth telling. */
const LEAST_SHARE = 0.05;
const MOST_CLASSES = 5;
/** The class behind the named ones, where a text model has it: what no sound can stand for. */
export const NO_SOUND = 'no sound';

/** The text side of a model, inside a worker. */
export class TextModel {
  readonly #tokenizer: Tokenizer;
  readonly #labels: readonly string[];
  readonly #specialTokens: boolean;

  /** @param classShares the graph's output that says how much of each class a prompt is; null where it has none */
  private constructor(
    private readonly session: ModelSession,
    private readonly classShares: string | null,
    { tokenizer, tokenizerConfig, specialTokens, classes }: LoadTextModel,
  ) {
    this.#specialTokens = specialTokens;
    this.#tokenizer = new Tokenizer(tokenizer, tokenizerConfig);
    this.#labels = [...classes, NO_SOUND];
  }

  static async load(runtime: ModelRuntime, message: LoadTextModel): Promise<TextModel> {
    let classShares: string | null = null;
    const prepare = (graph: Uint8Array<ArrayBuffer>) => {
      if (message.classes.length > 0) classShares = findClassShares(graph);
      return classShares === null ? graph : withOutput(graph, classShares);
    };
    const session = await openGraph(message.graph, prepare, (graph) => runtime.open(graph, message.wasmUrl));
    return new TextModel(session, classShares, message);
  }

  /**
   * @throws EarmarkError `empty-prompt` if nothing of the text is in the model's alphabet
   */
  async embed(text: string): Promise<TextResult> {
    const encode = (add_special_tokens: boolean) => this.#tokenizer.encode(text, { add_special_tokens }).ids;
    if (encode(false).length === 0) {
      throw new EarmarkError(
        'empty-prompt',
        'There is nothing to search for in this text. Name a sound in words, e.g. "dog bark".',
      );
    }
    const ids = encode(this.#specialTokens);
    // One prompt at a time and unpadded: graphs without a mask would hear the padding.
    const dims = [1, ids.length];
    const inputs: Record<string, TensorInput> = { input_ids: { data: BigInt64Array.from(ids, BigInt), dims } };
    if (this.session.inputNames.includes('attention_mask'))
      inputs['attention_mask'] = { data: new BigInt64Array(ids.length).fill(1n), dims };
    const outputs = await this.session.run(inputs);
    const vector = new Float32Array(outputs['text_embeds']);
    return {
      type: 'text',
      vector: normalizeRows(vector, vector.length),
      bias: outputs['logit_bias']?.[0] ?? 0,
      understood: this.classShares === null ? [] : this.#mostlyMeant(outputs[this.classShares]),
    };
  }

  #mostlyMeant(shares: Float32Array): UnderstoodClass[] {
    if (shares.length !== this.#labels.length) return [];
    return this.#labels
      .map((label, index) => ({ label, share: shares[index] }))
      .filter(({ share }) => share >= LEAST_SHARE)
      .sort((a, b) => b.share - a.share)
      .slice(0, MOST_CLASSES);
  }
}
