import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { degrees, radians, unsignedDegrees } from '../core/units.ts';
import type { StarCatalogue } from './catalogue/catalogue.ts';
import { openStars } from './catalogue/stars.ts';
import { FEW, indexQuads } from './quad-bake.ts';
import { encodeQuads } from './quad-file.ts';
import type { StarList } from './solution.ts';
import { tabulate } from './star-table.ts';

const extract = fileURLToPath(new URL('../../hil/sky/data/stars.bin', import.meta.url));

/** The committed catalogue. */
export const sky: StarCatalogue = openStars(extract);

/** A folder with the committed catalogue and an index of its stars to a magnitude; ends with the process. */
export function bakedFolder(faintest: number): string {
  const folder = emptyFolder();
  copyFileSync(extract, join(folder, 'stars.bin'));
  const { vectors, magnitudes } = sky.near({ ra: 0, dec: 90 }, 180, { faintest });
  const { table, numbers } = tabulate(vectors, magnitudes);
  const index = { ...indexQuads(vectors, FEW, 24, table, numbers), stars: table };
  writeFileSync(join(folder, 'quads.bin'), encodeQuads(index));
  return folder;
}

export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-sky-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Numbers in 0…1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** An image of the sky as a list of stars. */
export interface Shot {
  ra: number;
  dec: number;
  /** Arc-seconds a pixel at the centre. */
  scale: number;
  rotation: number;
  parity?: 1 | -1;
  width?: number;
  height?: number;
  /** Standard deviation of a centre on each axis, pixels. */
  noise?: number;
  /** Share of the stars that were not found. */
  missing?: number;
  /** Share of the list that is no star of the catalogue. */
  spurious?: number;
  /** Displacement along the radius at the corners, as a share of it. */
  distortion?: number;
  seed?: number;
  most?: number;
  utc?: number;
}

/** By spherical trigonometry of its own: Meeus 1998, chapter 13, for the angles; none of the solver's planes. */
export function shotOf(shot: Shot): StarList {
  const { ra, dec, scale, rotation, parity = 1, width = 3000, height = 2000 } = shot;
  const { noise = 0.2, missing = 0.05, spurious = 0.1, distortion = 0, seed = 1, most = 200, utc } = shot;
  const random = randomFrom(seed);
  const corner = Math.hypot(width, height) / 2;
  const focal = 1 / radians(scale / 3600);
  const reach = degrees(Math.atan((1.1 * corner) / focal));
  const near = sky.near({ ra, dec }, reach, { most: 8 * most, ...(utc !== undefined && { utc }) });
  const stars: { x: number; y: number; flux: number }[] = [];
  for (let i = 0; i < near.length; i++) {
    const [x, y, z] = [near.vectors[3 * i]!, near.vectors[3 * i + 1]!, near.vectors[3 * i + 2]!];
    const [alpha, delta, delta0] = [Math.atan2(y, x) - radians(ra), Math.asin(z), radians(dec)];
    const cosine = Math.sin(delta) * Math.sin(delta0) + Math.cos(delta) * Math.cos(delta0) * Math.cos(alpha);
    const angle = Math.atan2(
      Math.cos(delta) * Math.sin(alpha),
      Math.sin(delta) * Math.cos(delta0) - Math.cos(delta) * Math.sin(delta0) * Math.cos(alpha),
    );
    const straight = focal * Math.tan(Math.acos(Math.min(1, cosine)));
    const radius = straight * (1 + distortion * (straight / corner) ** 2);
    // The position angle counts from up towards the left as the sky is seen.
    const turn = (angle - radians(rotation)) * parity;
    const px = (width - 1) / 2 - radius * Math.sin(turn) + noise * normal(random);
    const py = (height - 1) / 2 - radius * Math.cos(turn) + noise * normal(random);
    const lost = random() < missing;
    const flux = 10 ** (-0.4 * (near.magnitudes[i]! + 0.4 * normal(random)));
    if (!lost && px >= 0 && py >= 0 && px <= width - 1 && py <= height - 1)
      stars.push({ x: px, y: py, flux });
  }
  stars.sort((a, b) => b.flux - a.flux);
  const real = stars.slice(0, Math.round(most * (1 - spurious)));
  const false_ = Math.round((real.length * spurious) / (1 - spurious));
  for (let n = 0; n < false_; n++) {
    const flux = real[Math.floor(random() * real.length)]!.flux;
    real.push({ x: random() * (width - 1), y: random() * (height - 1), flux });
  }
  return { width, height, stars: real.sort((a, b) => b.flux - a.flux) };
}

/** A list that is no image of the sky. */
export function noiseOf(seed: number, count: number, width = 3000, height = 2000): StarList {
  const random = randomFrom(seed);
  const stars = Array.from({ length: count }, (_, i) => ({
    x: random() * width,
    y: random() * height,
    flux: count - i,
  }));
  return { width, height, stars };
}

/** A place of the whole sky, each as likely. */
export const placeFrom = (random: () => number): { ra: number; dec: number } => ({
  ra: unsignedDegrees(360 * random()),
  dec: degrees(Math.asin(2 * random() - 1)),
});
