import { expect } from '@open-wc/testing';
import { StateStore } from '../../src/plugin/store.js';

const microtask = () => Promise.resolve();

describe('the store', () => {
  it('tells its readers once a microtask, with the last state', async () => {
    const store = new StateStore();
    const seen: boolean[] = [];
    store.subscribe((state) => seen.push(state.looping));
    store.update({ looping: true });
    store.update({ activeRegionId: 'a' });
    store.update({ looping: false });
    expect(seen).to.deep.equal([]);
    await microtask();
    expect(seen).to.deep.equal([false]);
  });

  it('says nothing when nothing changed', async () => {
    const store = new StateStore();
    let calls = 0;
    store.subscribe(() => (calls += 1));
    const { state } = store;
    store.update({ looping: false, notices: state.notices });
    await microtask();
    expect(calls).to.equal(0);
    expect(store.state).to.equal(state);
  });

  it('gives out state that nobody can change', () => {
    const store = new StateStore();
    store.update({ notices: [{ id: '1', level: 'info', message: 'Hello' }] });
    expect(() => ((store.state as { looping: boolean }).looping = true)).to.throw(TypeError);
    expect(() => (store.state.notices as unknown[]).push(1)).to.throw(TypeError);
  });

  it('goes on to the other readers when one throws', async () => {
    const store = new StateStore();
    const reported = new Promise<string>((resolve) => {
      const catchError = (event: ErrorEvent): void => {
        event.preventDefault();
        event.stopImmediatePropagation();
        resolve(event.message);
      };
      window.addEventListener('error', catchError, { capture: true, once: true });
    });
    // Mocha takes whatever reaches window.onerror for a failure of the test.
    const { onerror } = window;
    Reflect.set(window, 'onerror', null);
    let heard = false;
    store.subscribe(() => {
      throw new Error('a view broke');
    });
    store.subscribe(() => (heard = true));
    store.update({ looping: true });
    expect(await reported).to.contain('a view broke');
    Reflect.set(window, 'onerror', onerror);
    expect(heard).to.equal(true);
  });

  it('lets the same function subscribe twice and leave once', async () => {
    const store = new StateStore();
    let calls = 0;
    const listener = () => (calls += 1);
    const leave = store.subscribe(listener);
    store.subscribe(listener);
    leave();
    store.update({ looping: true });
    await microtask();
    expect(calls).to.equal(1);
  });
});
