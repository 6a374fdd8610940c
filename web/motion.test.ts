import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { DeviceView, RunView, Snapshot } from '../src/api/views.ts';
import { press } from './press.ts';
import { after, exposureRun, inRole, linkOf, nothingYet } from './rig-state.ts';
import { followed, kept, WHOLE, zoomed } from './zoom.ts';

/** A finger on a button whose network can be held up. */
function finger() {
  const seen = { signs: 0, releases: 0, failures: 0, ticking: true };
  const waiting: { answer(): void; decline(): void }[] = [];
  let tick = () => {};
  const lift = press({
    sign: () =>
      new Promise((resolve, reject) => {
        seen.signs++;
        waiting.push({ answer: resolve, decline: () => reject(new Error('declined')) });
      }),
    release: () => seen.releases++,
    failed: () => seen.failures++,
    every(_, call) {
      tick = call;
      return () => {
        seen.ticking = false;
      };
    },
  });
  const settle = () => new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));
  return { seen, waiting, lift, tick: () => tick(), settle };
}

describe('a press', () => {
  test('says that it is there at once and again, and ends once however often it is lifted', async () => {
    const { seen, waiting, lift, tick, settle } = finger();
    assert.equal(seen.signs, 1);
    waiting[0]?.answer();
    await settle();
    tick();
    assert.equal(seen.signs, 2);
    lift();
    lift();
    tick();
    assert.deepEqual(seen, { signs: 2, releases: 1, failures: 0, ticking: false });
  });

  test('sends no queue of signs into a network that stands still', () => {
    const { seen, tick, lift } = finger();
    for (let count = 0; count < 10; count++) tick();
    assert.equal(seen.signs, 2);
    lift();
  });

  test('ends when the unit declines, and says why only while the finger is down', async () => {
    const { seen, waiting, settle } = finger();
    waiting[0]?.decline();
    await settle();
    assert.deepEqual(seen, { signs: 1, releases: 1, failures: 1, ticking: false });
    const other = finger();
    other.lift();
    other.waiting[0]?.decline();
    await other.settle();
    assert.equal(other.seen.failures, 0);
  });
});

describe('the picture', () => {
  const size = { width: 390, height: 260 };
  test('never leaves a gap at its edges', () => {
    const point = fc.record({ x: fc.integer({ min: 0, max: 390 }), y: fc.integer({ min: 0, max: 260 }) });
    fc.assert(
      fc.property(fc.array(fc.tuple(point, point, point, point), { maxLength: 8 }), (moves) => {
        let view = WHOLE;
        for (const [a, b, c, d] of moves) view = followed(view, [a, b], [c, d], size);
        const { scale, x, y } = view;
        assert.ok(scale >= 1 && scale <= 12);
        assert.ok(x <= 0 && y <= 0 && x + size.width * scale >= size.width - 1e-6);
        assert.ok(y + size.height * scale >= size.height - 1e-6);
      }),
    );
  });

  test('keeps what is under the finger under the finger', () => {
    const view = zoomed(WHOLE, { x: 100, y: 50 }, 4, size);
    assert.deepEqual(view, { scale: 4, x: -300, y: -150 });
    assert.deepEqual(zoomed(view, { x: 7, y: 9 }, 0.01, size), WHOLE);
    assert.deepEqual(kept({ scale: 2, x: 50, y: -999 }, size), { scale: 2, x: 0, y: -260 });
  });
});

describe('what the page knows', () => {
  const mount = { id: 'mount', roles: ['mount'], label: 'M', capabilities: {} } as unknown as DeviceView;
  const run: RunView = {
    id: 'r',
    name: 'camera exposure',
    device: 'camera',
    state: 'running',
    startedUtc: '',
    steps: [],
  };

  test('is replaced by a snapshot and moved by changes', () => {
    const snapshot = { devices: [mount], runs: [run], rig: { filters: [] } } as unknown as Snapshot;
    let state = after(nothingYet, { event: 'snapshot', data: snapshot });
    assert.equal(exposureRun(state, 'camera')?.id, 'r');
    state = after(state, { event: 'device', data: { ...mount, label: 'EQ6' } });
    assert.equal(inRole(state, 'mount', 'mount')?.label, 'EQ6');
    state = after(state, { event: 'device', data: { ...mount, id: 'new' } });
    assert.equal(state.devices.length, 2);
    state = after(state, { event: 'run', data: { ...run, state: 'returned' } });
    assert.equal(state.runs.length, 0);
  });

  test('silence is late, then lost', () => {
    assert.deepEqual([0, 4000, 6000, 11_000].map(linkOf), ['live', 'live', 'late', 'lost']);
  });
});
