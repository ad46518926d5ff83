import { expect } from '@open-wc/testing';
import type { EmbeddingEngine, TextEmbedding } from '../../src/engine/embedding-engine.js';
import { embedPrompt } from '../../src/tasks/prompt-template.js';

/** An engine that knows its model from the first text on, as real ones do, and gives every text an axis of its own. */
function engineWith(calibrated: boolean): { engine: EmbeddingEngine; texts: string[] } {
  const texts: string[] = [];
  const engine = {
    descriptor: null as { calibrated: boolean } | null,
    embedText(text: string): Promise<TextEmbedding> {
      if (text.trim() === '') return Promise.reject(new Error('empty'));
      this.descriptor = { calibrated };
      texts.push(text);
      const vector = new Float32Array(8);
      vector[texts.length - 1] = 1;
      return Promise.resolve({ vector, bias: -texts.length, understood: [{ label: text, share: 1 }] });
    },
  };
  return { engine: engine as unknown as EmbeddingEngine, texts };
}

describe('the words around a prompt', () => {
  it('are none for a calibrated model, and it is asked once', async () => {
    const { engine, texts } = engineWith(true);
    const { understood } = await embedPrompt(engine, 'dog bark');
    expect(texts).to.deep.equal(['dog bark']);
    expect(understood[0].label).to.equal('dog bark');
  });

  it('are a sentence for a model without a bias, whatever the prompt is made of', async () => {
    const { engine, texts } = engineWith(false);
    await embedPrompt(engine, 'dog bark');
    expect((await embedPrompt(engine, ' $& {} ')).understood[0].label).to.equal('This is a sound of $& {}.');
    expect(texts[1]).to.equal('This is a sound of dog bark.');
  });

  it('count equally in an ensemble', async () => {
    const { engine, texts } = engineWith(false);
    const { vector, bias, understood } = await embedPrompt(engine, 'dog bark', { template: 'ensemble' });
    expect(texts).to.have.length(4);
    expect(Array.from(vector)).to.deep.equal([0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0]);
    expect(bias).to.equal(-2.5);
    expect(understood[0].label).to.equal('dog bark');
  });

  it('do not hide that there is no prompt', async () => {
    const { engine } = engineWith(false);
    await embedPrompt(engine, 'dog bark');
    expect(await embedPrompt(engine, '  ').catch((error: Error) => error.message)).to.equal('empty');
  });
});
