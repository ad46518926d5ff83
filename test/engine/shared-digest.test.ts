import { expect } from '@open-wc/testing';
import { sharedDigest } from '../../src/engine/shared-digest.js';

/** A digest that ends when the test says so, and how often it was begun. */
function slowDigest() {
  const runs: { resolve: (digest: string) => void; reject: (error: Error) => void; signal: AbortSignal }[] = [];
  const digest = sharedDigest(
    (signal) => new Promise((resolve, reject) => runs.push({ resolve, reject, signal: signal! })),
  );
  return { runs, digest };
}

const nameOf = (error: unknown) => (error as Error).name;

describe('a shared digest', () => {
  it('is computed once for all who ask, at once or later', async () => {
    const { runs, digest } = slowDigest();
    const both = Promise.all([digest(), digest()]);
    runs[0].resolve('abc');
    expect(await both).to.deep.equal(['abc', 'abc']);
    expect(await digest()).to.equal('abc');
    expect(runs.length).to.equal(1);
  });

  it('goes on for the others when one gives up', async () => {
    const { runs, digest } = slowDigest();
    const impatient = new AbortController();
    const given = digest(impatient.signal).catch(nameOf);
    const other = digest();
    impatient.abort();
    expect(await given).to.equal('AbortError');
    expect(runs[0].signal.aborted).to.equal(false);
    runs[0].resolve('abc');
    expect(await other).to.equal('abc');
  });

  it('ends when nobody waits any more, and begins again for the next', async () => {
    const { runs, digest } = slowDigest();
    const impatient = new AbortController();
    const given = digest(impatient.signal).catch(nameOf);
    impatient.abort();
    await given;
    expect(runs[0].signal.aborted).to.equal(true);
    const next = digest();
    runs[1].resolve('abc');
    expect(await next).to.equal('abc');
  });

  it('does not remember a failure', async () => {
    const { runs, digest } = slowDigest();
    const failed = digest().catch(nameOf);
    runs[0].reject(new DOMException('', 'NotReadableError'));
    expect(await failed).to.equal('NotReadableError');
    const next = digest();
    runs[1].resolve('abc');
    expect(await next).to.equal('abc');
  });
});
