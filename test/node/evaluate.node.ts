import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ArgumentError, readArguments } from '../../scripts/evaluate-page/arguments.js';

describe('arguments of npm run evaluate', () => {
  let folder = '';

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'earmark-evaluate-'));
    mkdirSync(path.join(folder, 'audio'));
    mkdirSync(path.join(folder, 'empty'));
    writeFileSync(path.join(folder, 'audio/a.wav'), '');
    const tsv = (name: string, ...rows: string[]) =>
      writeFileSync(path.join(folder, name), ['filename\tonset\toffset\tevent_label', ...rows].join('\n'));
    tsv('truth.tsv', 'a.wav\t1\t2\tdog_bark');
    tsv('other.tsv', 'a.wav\t1\t2\tbark', 'b.wav\t1\t2\tbark');
    tsv('broken.tsv', 'a.wav\tone\t2\tbark');
    tsv('quiet.tsv', 'a.wav\t\t\t');
  });
  after(() => rmSync(folder, { recursive: true }));

  const read = (...words: string[]) => readArguments(words, folder);
  const refused = (words: string[], message: RegExp) => assert.throws(() => read(...words), { message });

  it('reads relative paths and the truth', () => {
    const options = read('--audio', 'audio', '--truth', 'truth.tsv', '--json', 'out.json');
    assert.equal(options.audioFolder, path.join(folder, 'audio'));
    assert.equal(options.jsonFile, path.join(folder, 'out.json'));
    assert.equal(options.modelFolder, null);
    assert.deepEqual(options.truth.labels, ['dog bark']);
    assert.equal(options.noBias, false);
    assert.equal(options.template, null);
  });

  it('says what is wrong before a browser starts', () => {
    const audio = ['--audio', 'audio'];
    const good = [...audio, '--truth', 'truth.tsv'];
    refused([], /--audio and --truth are needed/);
    refused(['--audio', 'nowhere', '--truth', 'truth.tsv'], /--audio: there is no folder .*nowhere/);
    refused([...audio, '--truth', 'nowhere.tsv'], /--truth: there is no readable file at .*nowhere\.tsv/);
    refused([...audio, '--truth', 'other.tsv'], /other\.tsv names files that .*audio lacks: b\.wav/);
    refused([...audio, '--truth', 'broken.tsv'], /broken\.tsv, line 2: the onset has to be a time/);
    refused([...audio, '--truth', 'quiet.tsv'], /has no events/);
    refused([...good, '--model', 'nowhere'], /--model: there is no folder/);
    refused([...good, '--model', 'empty'], /empty has no model\.json/);
    refused([...good, '--json', 'nowhere/out.json'], /the folder of out\.json: there is no folder/);
    refused([...good, '--template', 'rhyme'], /--template is rhyme; it has to be one of bare, sentence, ensemble/);
    refused([...good, '--speed', '3'], /--speed/);
    assert.throws(() => read(), ArgumentError);
  });
});
