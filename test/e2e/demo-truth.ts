import { readFile } from 'node:fs/promises';

/** Where a sound is in the demo recording, in seconds. */
export async function truthOf(label: string): Promise<{ onset: number; offset: number }[]> {
  const rows = (await readFile('demo/media/truth.tsv', 'utf8')).trim().split('\n').slice(1);
  return rows
    .map((row) => row.split('\t'))
    .filter((cells) => cells[3] === label)
    .map((cells) => ({ onset: Number(cells[1]), offset: Number(cells[2]) }));
}
