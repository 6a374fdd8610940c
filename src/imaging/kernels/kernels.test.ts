import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bothKernels } from './kernels.fixture.ts';
import { loadKernels, referenceKernels } from './kernels.ts';
import { ROOM_START } from './room.ts';

test('the binary exports what the references are, and its own memory lies below the room', () => {
  const [binary, references] = bothKernels;
  const { __heap_base: heapBase, ...functions } = binary as typeof binary & {
    __heap_base: WebAssembly.Global;
  };
  assert.deepEqual(Object.keys(functions).sort(), Object.keys(references).sort());
  assert.ok((heapBase.value as number) <= ROOM_START);
  assert.equal(binary.memory.byteLength, references.memory.byteLength);
});

test('without WebAssembly SIMD the references serve', (t) => {
  t.mock.method(WebAssembly, 'validate', () => false);
  const { swap16 } = loadKernels();
  assert.equal(swap16.toString(), referenceKernels().swap16.toString());
});

test('room is aligned, nested, given back when the work throws, and ends', () => {
  const { within } = referenceKernels();
  const [outer, free] = within((room) => {
    assert.equal(room.take(3), ROOM_START);
    assert.equal(room.take(0), ROOM_START + 16);
    within((inner) => {
      assert.equal(inner.take(100), ROOM_START + 16);
      assert.throws(() => inner.take(inner.free + 1), /smaller bands/);
      inner.take(inner.free);
      assert.equal(inner.free, 0);
    });
    return [room.take(1), room.free];
  });
  assert.equal(outer, ROOM_START + 16);
  assert.throws(
    () =>
      within((room) => {
        room.take(1000);
        throw new Error('stopped');
      }),
    /stopped/,
  );
  within((room) => {
    assert.equal(room.free, free + 32);
    assert.throws(() => room.take(-1), RangeError);
    assert.throws(() => room.take(Number.NaN), RangeError);
  });
});
