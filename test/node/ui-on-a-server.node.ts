import assert from 'node:assert/strict';
import { test } from 'node:test';

test('the elements can be imported where there is no page, more than once', async () => {
  const first = await import('../../src/ui/index.js');
  const second = await import('../../src/ui/index.js');
  assert.equal(typeof first.PanelElement, 'function');
  assert.equal(second.PanelElement, first.PanelElement);
});
