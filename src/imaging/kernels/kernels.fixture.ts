import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { type Kernels, loadKernels, referenceKernels } from './kernels.ts';
import { ROOM_START, type Room } from './room.ts';

/** Another binary than the committed one, where it was rebuilt by another compiler. */
const rebuilt = process.env.NIGHTJAR_KERNELS;

/** The binary and the references. */
export const bothKernels: readonly [Kernels, Kernels] = [
  rebuilt ? loadKernels(pathToFileURL(rebuilt)) : loadKernels(),
  referenceKernels(),
];

/** Whole numbers 0 ≤ x < 2³², evenly distributed, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

const NOISE_WORDS = 16_384;

/** The same noise all over both memories. */
function fill(kernels: Kernels, seed: number): void {
  const words = new Uint32Array(kernels.memory, ROOM_START);
  const random = seeded(seed);
  for (let index = 0; index < NOISE_WORDS; index++) words[index] = random();
  for (let filled = NOISE_WORDS; filled < words.length; filled *= 2) words.copyWithin(filled, 0, filled);
}

/**
 * Does the same with the binary and with the references on memories of equal noise, and compares every byte of them
 * afterwards and what was returned.
 */
export function assertEqualKernels(seed: number, use: (kernels: Kernels, room: Room) => unknown): void {
  const results = bothKernels.map((kernels) => {
    fill(kernels, seed);
    return kernels.within((room) => use(kernels, room));
  });
  assert.deepEqual(results[0], results[1]);
  const [bytes, expected] = bothKernels.map(({ memory }) => Buffer.from(memory, ROOM_START));
  if (bytes!.equals(expected!)) return;
  const at = bytes!.findIndex((byte, index) => byte !== expected![index]);
  assert.fail(`seed ${seed}: byte ${at} of the room is ${bytes![at]}, ${expected![at]} by the reference`);
}
