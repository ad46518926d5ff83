import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { globSync } from 'glob';

const DOCUMENTS = [...globSync('*.md'), ...globSync('docs/**/*.md'), 'models/pocket/README.md'];

describe('the documents', () => {
  it('show how to embed Earmark by code that is built and tested', async () => {
    const code = (await readFile('demo/embed.ts', 'utf8')).trim();
    const readme = await readFile('README.md', 'utf8');
    assert.ok(readme.includes(`\`\`\`ts\n${code}\n\`\`\``), 'README.md and demo/embed.ts differ');
    assert.ok(code.split('\n').length <= 20);
  });

  it('quote in the README what docs/quality.md has measured', async () => {
    const measured =
      /\*\*Earmark, default sensitivity\*\*(.*)/.exec(await readFile('docs/quality.md', 'utf8'))?.[1] ?? '';
    const [eventF1, segmentF1, falseAlarms, , presence] = [...measured.matchAll(/\*\*([\d.]+)/g)].map((m) =>
      Number(m[1]),
    );
    const table = (await readFile('README.md', 'utf8')).split('\n').filter((line) => line.startsWith('|'));
    const quoted = table.flatMap((line) => /\| (\.\d+|\d+ %) *\|$/.exec(line)?.[1] ?? []);
    const short = (value: number | undefined) => value?.toFixed(2).replace(/^0/, '');
    assert.deepEqual(quoted, [
      short(eventF1),
      short(segmentF1),
      short(falseAlarms),
      `${Math.round(presence! * 100)} %`,
    ]);
  });

  it('link only to files that exist', async () => {
    const broken: string[] = [];
    for (const document of DOCUMENTS) {
      const text = (await readFile(document, 'utf8')).replace(/```.*?```/gs, '');
      const targets = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map((m) => m[1] ?? m[2]!);
      for (const target of targets.filter((each) => !/^(https?:|#)/.test(each))) {
        const file = path.join(path.dirname(document), target.split('#')[0]!);
        if (!existsSync(file)) broken.push(`${document}: ${target}`);
      }
    }
    assert.deepEqual(broken, []);
  });

  it('name every runnable command of package.json as it is called', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> };
    for (const document of DOCUMENTS) {
      const text = await readFile(document, 'utf8');
      for (const [, name] of text.matchAll(/npm run ([a-z:]+)/g)) {
        assert.ok(scripts[name!] !== undefined, `${document} names npm run ${name}`);
      }
    }
  });
});
