/** Reproducible mischief: everything follows from the seed of the chance. */

/** Numbers in [0, 1). */
export type Chance = () => number;

export const below = (chance: Chance, limit: number): number => Math.floor(chance() * limit);
export const pick = <T>(chance: Chance, list: readonly T[]): T => list[below(chance, list.length)] as T;

export const noise = (chance: Chance, most: number): Uint8Array =>
  Uint8Array.from({ length: 1 + below(chance, most) }, () => below(chance, 256));

/** Numbers, names and characters on which parsers have been seen to stumble. */
const NASTY: readonly string[] = [
  ...['NaN', 'Infinity', '-1', '1e999', '0x10', '99999999999999999999', '-0', '1e-400', '\u0000', ' ', ''],
  ...['__proto__', 'constructor', '%s%n', '#', '\r\n', '<', '>', '&', "'", '"', '/>', ']]>', '{', '}', '[]'],
  ...['null', 'true', '\\', ':', '\u00ff', '\ufeff', '\ud83d', 'FFFFFFFF', '*'],
];

export const nasty = (chance: Chance): string => pick(chance, NASTY);

/** The bytes after one to four accidents: flipped, cut, doubled, left out, spoiled, mixed with others. */
export function mutated(chance: Chance, bytes: Uint8Array, other: Uint8Array = bytes): Uint8Array {
  let result = Uint8Array.from(bytes);
  for (let left = 1 + below(chance, 4); left > 0; left--) {
    const from = below(chance, result.length + 1);
    const to = from + below(chance, Math.min(64, result.length - from) + 1);
    const [before, part, after] = [result.subarray(0, from), result.subarray(from, to), result.subarray(to)];
    switch (below(chance, 8)) {
      case 0:
        if (from < result.length) result[from] = (result[from] as number) ^ (1 << below(chance, 8));
        break;
      case 1:
        result = joined(before);
        break;
      case 2:
        result = joined(before, part, part, after);
        break;
      case 3:
        result = joined(before, after);
        break;
      case 4:
        result = joined(before, noise(chance, 16), after);
        break;
      case 5:
        result = joined(before, Buffer.from(nasty(chance)), after);
        break;
      case 6:
        result = joined(before, other.subarray(below(chance, other.length + 1)));
        break;
      default:
        result = joined(before, Buffer.from(nasty(chance)), part.subarray(part.length), after);
    }
  }
  return result;
}

const joined = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.concat(parts));
