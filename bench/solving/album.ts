import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalogue, openCatalogue } from '../../hil/sky/catalogue.ts';
import { drawFrame } from './draw.ts';
import { writeFrame } from './fits-file.ts';
import type { FrameSpec, FrameTruth } from './frame-spec.ts';
import { frameSpecs, largeSpecs } from './frames.ts';

const root = join(import.meta.dirname, '../..');
const shelf = join(root, '.cache/solving/frames');
/** All 1.88 million stars, as `make catalogue` bakes them; without them the committed extract. */
export const CATALOGUE = process.env.NIGHTJAR_CATALOGUE ?? join(root, '.cache/catalogue');
/** What a frame depends on besides its spec. */
const sources = [
  ...['draw.ts', 'camera.ts', 'scenery.ts', 'shape.ts', 'fits-file.ts'].map((name) =>
    join(import.meta.dirname, name),
  ),
  ...['canvas.ts', 'optics.ts', 'sensor.ts', 'spread.ts', 'noise.ts', 'random.ts'].map((name) =>
    join(root, 'hil/sky', name),
  ),
];

export interface Shot {
  readonly file: string;
  readonly truth: FrameTruth;
}

/** The 66 frames. */
export const openAlbum = (say: (line: string) => void): Shot[] => open(say, frameSpecs);
export const openLargeFrames = (say: (line: string) => void): Shot[] => open(say, largeSpecs);

/** Frames are drawn where they are not at hand yet; those of other versions are removed. */
function open(say: (line: string) => void, chosen: (catalogue: Catalogue) => FrameSpec[]): Shot[] {
  const stars = join(CATALOGUE, 'stars.bin');
  const catalogue = existsSync(stars) ? openCatalogue(stars) : openCatalogue();
  const key = createHash('sha256');
  for (const file of sources) key.update(readFileSync(file));
  key.update(String(catalogue.count));
  const version = key.digest('hex').slice(0, 12);
  mkdirSync(shelf, { recursive: true });
  const specs = chosen(catalogue);
  const names = new Map(
    [...frameSpecs(catalogue), ...largeSpecs(catalogue)].map((spec) => {
      const hash = createHash('sha256').update(version).update(JSON.stringify(spec)).digest('hex');
      return [spec.name, `${spec.name}-${hash.slice(0, 12)}`];
    }),
  );
  const kept = new Set([...names.values()].flatMap((name) => [`${name}.fits`, `${name}.json`]));
  for (const old of readdirSync(shelf)) if (!kept.has(old)) rmSync(join(shelf, old));

  const missing = specs.filter(({ name }) => !existsSync(join(shelf, `${names.get(name)}.json`)));
  if (missing.length > 0) say(`drawing ${missing.length} frames into ${shelf}`);
  return specs.map((spec) => {
    const base = join(shelf, names.get(spec.name)!);
    const file = `${base}.fits`;
    if (!existsSync(`${base}.json`)) {
      const { samples, truth } = drawFrame(spec, catalogue);
      writeFrame(file, spec, samples);
      writeFileSync(`${base}.part`, JSON.stringify(truth, rounded));
      renameSync(`${base}.part`, `${base}.json`);
    }
    return { file, truth: JSON.parse(readFileSync(`${base}.json`, 'utf8')) as FrameTruth };
  });
}

const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(10)) : value;
