import type { Mangler } from '../../src/wire/memory.ts';
import type { ByteFault } from '../../src/wire/memory-chips.ts';
import { below, type Chance, mutated, nasty, noise } from './fuzz-bytes.ts';

type Pieces = ReturnType<Mangler>;

/** How many answers have been spoiled so far. */
export interface Tally {
  strings: number;
}

const LATE_MS = 4000;

/** Spoils this share of a device's answers in every way a line can: replaced, bent, cut, swallowed, late, in pieces. */
export function spoiling(chance: Chance, share: number, tally: Tally): Mangler {
  let before: Uint8Array = new Uint8Array(0);
  const ways: readonly ((bytes: Uint8Array) => Pieces)[] = [
    (bytes) => [{ bytes: mutated(chance, bytes, before) }],
    (bytes) => [{ bytes: mutated(chance, bytes, before) }],
    (bytes) => [{ bytes: noise(chance, 2 * bytes.length + 8) }],
    () => [{ bytes: before }],
    (bytes) => [{ bytes: before }, { bytes }],
    (bytes) => [{ bytes }, { bytes }],
    () => [],
    (bytes) => [{ bytes, delayMs: below(chance, LATE_MS) }],
    (bytes) =>
      [...bytes].map((byte, at) => ({ bytes: Uint8Array.of(byte), delayMs: at * below(chance, 50) })),
    (bytes) => [{ bytes: noise(chance, 8) }, { bytes, delayMs: 10 }],
    () => [{ bytes: Buffer.from(`${nasty(chance)}#\n`) }],
    (bytes) => [{ bytes: Buffer.alloc(below(chance, 6000), bytes) }],
  ];
  return (bytes, toward) => {
    if (toward === 'device' || chance() >= share) return [{ bytes }];
    tally.strings++;
    const pieces = (ways[below(chance, ways.length)] as (typeof ways)[number])(bytes);
    before = bytes;
    return pieces;
  };
}

/** The same for a chip on a bus, whose answers always have the length that was asked for: bent, replaced, late by one, none. */
export function spoilingBytes(chance: Chance, share: number, tally: Tally): ByteFault {
  let before: Uint8Array = new Uint8Array(0);
  const fit = (bytes: Uint8Array, { length }: Uint8Array) =>
    Uint8Array.from({ length }, (_, at) => bytes[at] ?? 0xff);
  const ways: readonly ((bytes: Uint8Array) => Uint8Array | undefined)[] = [
    (bytes) => fit(mutated(chance, bytes, before), bytes),
    (bytes) => bytes.map(() => below(chance, 256)),
    (bytes) => bytes.map(() => (chance() < 0.5 ? 0xff : 0)),
    (bytes) => bytes.map((byte) => byte ^ (1 << below(chance, 8))),
    (bytes) => fit(before, bytes),
    () => undefined,
  ];
  return (bytes) => {
    if (chance() >= share) return bytes;
    tally.strings++;
    const spoiled = (ways[below(chance, ways.length)] as (typeof ways)[number])(bytes);
    before = bytes;
    return spoiled;
  };
}
