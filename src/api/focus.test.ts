import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bench } from './bench.ts';

const PATH = '/api/v1/focus/fit';
const hfrAt = (position: number) => Math.hypot(2, (position - 24_310) / 90);
const sampled = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    position: from + 100 * index,
    hfr: hfrAt(from + 100 * index),
  }));

test('the best focus of a V-curve; a position without stars is an outlier', async () => {
  const { ask } = await bench();
  const samples = [...sampled(23_900, 9), { position: 25_000, hfr: null }];
  const { status, json } = await ask('POST', PATH, { samples });
  assert.equal(status, 200);
  assert.ok(
    json.found && Math.abs(json.best - 24_310) < 2 && Math.abs(json.hfr - 2) < 0.02,
    JSON.stringify(json),
  );
  assert.deepEqual(json.outliers, [25_000]);
  assert.ok(Math.abs(json.asymmetry) < 0.1);
});

test('what is no V-curve is told with what to do', async () => {
  const { ask } = await bench();
  const { json } = await ask('POST', PATH, { samples: sampled(25_000, 7) });
  assert.deepEqual([json.found, json.extend], [false, 'in']);
  assert.match(json.message, /further in/);
  assert.equal((await ask('POST', PATH, { samples: sampled(24_000, 2) })).json.reason, 'few');
});

test('samples that are none are turned down', async () => {
  const { ask } = await bench();
  for (const body of [{}, { samples: [] }, { samples: [{ position: 'far', hfr: 2 }] }]) {
    assert.equal((await ask('POST', PATH, body)).status, 400, JSON.stringify(body));
  }
});
