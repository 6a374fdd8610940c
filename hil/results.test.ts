import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromLine, junit, toLine } from './results.ts';

test('results come over a line as they were', () => {
  const passed = { suite: 'unit', name: 'page', seconds: 1.5 };
  const skipped = { ...passed, skipped: 'no radio' };
  const failed = { ...passed, error: new Error('a < b\nand so on') };
  assert.deepEqual(fromLine(toLine(passed)), passed);
  assert.deepEqual(fromLine(toLine(skipped)), skipped);
  const back = fromLine(toLine(failed));
  assert.equal(back.error?.message, failed.error.message);
  assert.equal(back.error?.stack, failed.error.stack);
  assert.match(junit([failed]), /message="a &#60; b/);
});
