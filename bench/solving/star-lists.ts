import type { Catalogue } from '../../hil/sky/catalogue.ts';
import { normalAt } from '../../hil/sky/noise.ts';
import { chance, mixed } from '../../hil/sky/random.ts';
import type { StarList } from '../../src/solve/solution.ts';
import { cameraOf, type Framing } from './camera.ts';

type Listed = StarList['stars'][number];

/**
 * What a list is made of: nothing real at all (scattered, in rows and columns as a bad sensor gives them, or in
 * clumps as nebulae do), or a real field with up to 70 % of strangers, some stars missing and places 0.3 pixels off.
 */
export const LIST_KINDS = ['scattered', 'ranked', 'clumped', 'field'] as const;
export type ListKind = (typeof LIST_KINDS)[number];

export interface MadeList {
  readonly kind: ListKind;
  readonly list: StarList;
  /** Where it lies; of an invented one nothing is right. */
  readonly framing?: Framing;
  readonly strangers: number;
  /** Catalogue stars in it. */
  readonly real: number;
}

const SIZES = [
  [1280, 960],
  [1936, 1216],
  [3008, 3008],
  [6000, 4000],
] as const;
/** Half of all lists are real fields. */
const KIND_OF = ['field', 'scattered', 'field', 'ranked', 'field', 'scattered', 'field', 'clumped'] as const;

/** The `index`-th list: the same at every call. */
export function makeList(catalogue: Catalogue, index: number): MadeList {
  const next = chance(mixed(0x115757, index));
  const kind = KIND_OF[index % KIND_OF.length]!;
  const [width, height] = SIZES[Math.floor(next() * SIZES.length)]!;
  if (kind === 'field') return realField(catalogue, next, index, { width, height });
  const count = 15 + Math.floor(next() ** 2 * 185);
  const clumps = Array.from({ length: 6 }, () => ({ x: next() * width, y: next() * height }));
  const lines = Array.from({ length: 8 }, () => next());
  const stars = Array.from({ length: count }, (_, i): Listed => {
    const even = { x: next() * width, y: next() * height, flux: faint(next) };
    if (kind === 'ranked' && i % 3 > 0) {
      const line = lines[i % lines.length]!;
      return i % 2 ? { ...even, x: line * width } : { ...even, y: line * height };
    }
    if (kind === 'clumped' && i % 4 > 0) {
      const clump = clumps[i % clumps.length]!;
      const x = clump.x + (next() + next() - 1) * width * 0.08;
      const y = clump.y + (next() + next() - 1) * height * 0.08;
      return { ...even, x: clamped(x, width), y: clamped(y, height) };
    }
    return even;
  });
  return { kind, list: { width, height, stars: brightestFirst(stars) }, strangers: count, real: 0 };
}

function realField(
  catalogue: Catalogue,
  next: () => number,
  seed: number,
  size: { width: number; height: number },
): MadeList {
  // Across it spans 0.8° to 60°, each doubling as likely as the other.
  const degrees = 0.8 * 75 ** next();
  const framing: Framing = {
    ...size,
    ra: 360 * next(),
    dec: (Math.asin(2 * next() - 1) * 180) / Math.PI,
    scale: (degrees * 3600) / size.width,
    rotation: 360 * next(),
    mirrored: next() < 0.3,
    distortion: (next() - 0.5) * 0.02,
  };
  const missing = 0.3 * next();
  const share = 0.7 * next();
  const stars = listOf(catalogue, framing, { seed, noisePixels: 0.3, most: 150 }).filter(
    () => next() >= missing,
  );
  const strangers = Math.round((stars.length * share) / (1 - share));
  const brightest = stars[0]?.flux ?? 1000;
  const invented = Array.from(
    { length: strangers },
    (): Listed => ({
      x: next() * size.width,
      y: next() * size.height,
      flux: Math.min(brightest, (stars.at(-1)?.flux ?? 1) * faint(next)),
    }),
  );
  const list = { ...size, stars: brightestFirst([...stars, ...invented]) };
  return { kind: 'field', list, framing, strangers, real: stars.length };
}

/** Catalogue stars as a detector would list them, brightest first. */
export function listOf(
  catalogue: Catalogue,
  framing: Framing,
  { seed, noisePixels, most }: { seed: number; noisePixels: number; most: number },
): Listed[] {
  const { width, height, scale } = framing;
  const camera = cameraOf(framing);
  const radius = (Math.hypot(width, height) * scale * 0.55) / 3600;
  // Wide fields hold far more stars than are wanted.
  const degrees = (width * height * scale * scale) / 3600 ** 2;
  const faintest = degrees > 300 ? 7.5 : degrees > 20 ? 9.5 : degrees > 4 ? 11 : 99;
  const stars = catalogue.near(framing, radius, faintest).flatMap((star, i): Listed[] => {
    const spot = camera.spotOf(star);
    if (!spot || spot.x < 0 || spot.y < 0 || spot.x >= width || spot.y >= height) return [];
    const [dx, dy] = [normalAt(mixed(seed, 1), i) * noisePixels, normalAt(mixed(seed, 2), i) * noisePixels];
    const dimmed = 10 ** (-0.4 * (star.magnitude + 0.15 * normalAt(mixed(seed, 3), i)));
    return [{ x: spot.x - 0.5 + dx, y: spot.y - 0.5 + dy, flux: 1e9 * dimmed }];
  });
  return brightestFirst(stars).slice(0, most);
}

/** Fluxes as stars have them: the fainter, the more. */
const faint = (next: () => number): number => 100 / (0.01 + next()) ** 1.1;
const clamped = (value: number, size: number): number => Math.min(size - 1, Math.max(0, value));
const brightestFirst = (stars: readonly Listed[]): Listed[] => stars.toSorted((a, b) => b.flux - a.flux);
