import { expect } from '@open-wc/testing';
import { EarmarkError } from '../../src/engine/errors.js';
import { EMPTY_DOCUMENT, type EditDocument } from '../../src/plugin/edit-document.js';
import { MAX_PROMPT_LENGTH } from '../../src/engine/prompt-length.js';
import { freeColor, PALETTE_SIZE, parsePrompt } from '../../src/plugin/prompts.js';
import { PALETTE } from '../../src/plugin/palette.js';
import { addPrompt, editPrompt, removePrompt } from '../../src/plugin/reduce-prompts.js';

const codeOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (error instanceof EarmarkError) return error.code;
  }
  return 'none';
};

/** A document with these prompts, ids p1, p2, … */
function withPrompts(...texts: string[]): EditDocument {
  return texts.reduce((document, text, i) => {
    return addPrompt(document, text, undefined, { id: `p${i + 1}`, sensitivity: 0.5 }).edit?.document ?? document;
  }, EMPTY_DOCUMENT);
}

describe('a prompt', () => {
  it('is trimmed, and its white space is single', () => {
    expect(parsePrompt('  dog \n bark ')).to.deep.equal({ text: 'dog bark', polarity: 'target' });
  });

  it('is refused when there is nothing in it', () => {
    for (const nothing of ['', '  ', '\n\t']) expect(codeOf(() => parsePrompt(nothing))).to.equal('empty-prompt');
  });

  it('is a text', () => {
    for (const other of [undefined, null, 7]) expect(codeOf(() => parsePrompt(other))).to.equal('bad-option');
  });

  it('may have 300 characters and no more', () => {
    expect(parsePrompt('x'.repeat(MAX_PROMPT_LENGTH)).text).to.have.length(300);
    expect(codeOf(() => parsePrompt('x'.repeat(MAX_PROMPT_LENGTH + 1)))).to.equal('prompt-too-long');
    expect(codeOf(() => parsePrompt('x'.repeat(5_000)))).to.equal('prompt-too-long');
  });

  it('may be an emoji or in any script', () => {
    for (const text of ['🐶', 'Hundegebell', '犬の鳴き声', '<b>bold</b>']) {
      expect(parsePrompt(text)).to.deep.equal({ text, polarity: 'target' });
    }
  });

  it('excludes when it begins with “not”', () => {
    expect(parsePrompt('but not speech')).to.deep.equal({ text: 'speech', polarity: 'contrast' });
    expect(parsePrompt('Not a car horn')).to.deep.equal({ text: 'a car horn', polarity: 'contrast' });
    expect(parsePrompt('notification sound').polarity).to.equal('target');
    expect(parsePrompt('not').polarity).to.equal('target');
    expect(parsePrompt('not speech', 'target')).to.deep.equal({ text: 'not speech', polarity: 'target' });
  });
});

describe('adding a prompt', () => {
  it('takes the first colour that is free', () => {
    expect(PALETTE).to.have.length(PALETTE_SIZE);
    const three = withPrompts('a', 'b', 'c');
    expect(three.prompts.map((prompt) => prompt.color)).to.deep.equal([0, 1, 2]);
    const gap = removePrompt(three, 'p2')?.document ?? three;
    expect(freeColor(gap.prompts)).to.equal(1);
    expect(freeColor(withPrompts(...Array.from('abcdefgh')).prompts)).to.equal(0);
    expect(freeColor(withPrompts(...Array.from('abcdefghij')).prompts)).to.equal(2);
  });

  it('does nothing when it is there already, in whatever letter case', () => {
    const document = withPrompts('dog bark');
    const again = addPrompt(document, ' Dog  Bark', undefined, { id: 'p2', sensitivity: 0.9 });
    expect(again.edit).to.equal(null);
    expect(again.prompt.id).to.equal('p1');
  });

  it('makes a target a contrast when it is excluded, instead of asking for both', () => {
    const document = withPrompts('speech', 'not speech');
    expect(document.prompts.map(({ id, polarity }) => [id, polarity])).to.deep.equal([['p1', 'contrast']]);
  });

  it('has a name for undo', () => {
    const { edit } = addPrompt(EMPTY_DOCUMENT, 'dog bark', undefined, { id: 'p1', sensitivity: 0.5 });
    expect(edit?.name).to.equal('Find “dog bark”');
  });
});

describe('changing a prompt', () => {
  it('keeps its id and colour', () => {
    const document = withPrompts('dog bark', 'speech');
    const next = editPrompt(document, 'p2', 'shouting')?.document.prompts[1];
    expect([next?.id, next?.text, next?.color]).to.deep.equal(['p2', 'shouting', 1]);
  });

  it('is refused when another prompt says the same', () => {
    const document = withPrompts('dog bark', 'speech');
    expect(codeOf(() => editPrompt(document, 'p2', 'Dog bark'))).to.equal('bad-option');
  });

  it('may change the letter case', () => {
    expect(editPrompt(withPrompts('dog bark'), 'p1', 'Dog bark')?.document.prompts[0]?.text).to.equal('Dog bark');
  });
});
