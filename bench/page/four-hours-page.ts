// Runs in the browser: Earmark without a timeline, on a file that the suite chooses.
import { createEarmark } from '../../src/plugin/index.js';
import type { FourHoursPage } from './four-hours-contract.js';

const earmark = createEarmark({ assetBase: new URL('/dist/', location.href), backend: 'wasm' });
const input = document.body.appendChild(Object.assign(document.createElement('input'), { type: 'file' }));

const page: FourHoursPage = {
  async analyse() {
    const started = performance.now();
    await earmark.open(input.files![0]!);
    await earmark.find('dog bark');
    const { source, analysis } = earmark.getState();
    if (analysis.phase !== 'done' || analysis.fromCache) throw new Error('It was not analysed.');
    return { seconds: source!.duration, elapsed: (performance.now() - started) / 1000, isKept: analysis.kept };
  },
};
window.fourHours = page;
