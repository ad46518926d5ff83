import { aTimeout, expect } from '@open-wc/testing';
import { hashFile } from '../../src/engine/hash-file.js';
import { hashInWorker } from '../../src/engine/hash-in-worker.js';

const FILE = new Blob(['what is up, doc?']);
const SHA256 = 'af4e812d13b4eae6da91024f15f7679dae49d40aee3fb4c7216b56d04193f46c';

describe('the hash of a file', () => {
  const inWorker = hashInWorker(new URL('/dist/', location.href));

  it('is the same in a worker as here', async () => {
    for (const hash of [hashFile, inWorker]) {
      // The example of Git's own documentation.
      expect(await hash(FILE, 'git-sha1')).to.equal('bd9dbf5aae1a3862dd1526723246b20206e5fc37');
      expect(await hash(FILE, 'sha256')).to.equal(SHA256);
      expect(await hash(FILE.slice(0, 0), 'git-sha1')).to.equal('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
    }
  });

  it('is not waited for once it is cancelled', async () => {
    const large = new Blob(Array.from({ length: 64 }, () => new Uint8Array(2 ** 20)));
    const controller = new AbortController();
    const hashing = inWorker(large, 'sha256', controller.signal).catch(({ name }: Error) => name);
    await aTimeout(0);
    controller.abort();
    expect(await hashing).to.equal('AbortError');
    expect(await inWorker(FILE, 'sha256')).to.equal(SHA256);
  });

  it('says which script is missing', async () => {
    const hash = hashInWorker(new URL('/nowhere/', location.href));
    const error = await hash(FILE, 'sha256').catch((reason: unknown) => reason as Error);
    expect(error).to.include({ code: 'worker-missing' });
  });
});
