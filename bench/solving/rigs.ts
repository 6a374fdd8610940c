import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCatalogue } from '../../hil/sky/catalogue.ts';
import { chance, mixed } from '../../hil/sky/random.ts';
import type { Figure } from '../figure.ts';
import { CATALOGUE } from './album.ts';
import { cameraOf, type Framing } from './camera.ts';
import { ours } from './ours.ts';
import type { RigOutcome, RigTask } from './ours-rigs.ts';

/** [name, focal length mm, pixels across and down, µm a pixel] */
const rigs: readonly (readonly [string, number, number, number, number])[] = [
  ['C8 f/10, ASI533', 2032, 3008, 3008, 3.76],
  ['C9.25 f/10, ASI1600', 2350, 4656, 3520, 3.8],
  ['C8 f/6.3, ASI533', 1280, 3008, 3008, 3.76],
  ['Newton 200/1000, ASI533', 1000, 3008, 3008, 3.76],
  ['Newton 150/750, IMX585', 750, 3840, 2160, 2.9],
  ['RC8 1625 mm, APS-C', 1625, 6248, 4176, 3.76],
  ['Newton 106/530, IMX174', 530, 1936, 1216, 5.86],
  ['guide scope 200 mm, IMX290', 200, 1936, 1096, 2.9],
  ['ED80 510 mm, APS-C', 510, 6248, 4176, 3.76],
  ['RedCat 51 250 mm, APS-C', 250, 6248, 4176, 3.76],
];
const FIELDS = 60;
/** A goto's own pointing is trusted so far. */
const TRUSTED_DEGREES = 0.5;
/** What such an exposure shows at least, and where the built-in catalogue thins out. */
const SHOWN = 14.5;
const THIN = 11.7;
const GROWTH = 10 ** 0.36;
const MOST = 200;
const MARGIN = 1.4;

interface DeepStar {
  ra: number;
  dec: number;
  magnitude: number;
}

/**
 * The share of random sky that rigs can place themselves on, with the catalogue that comes along and with a deeper
 * one. No deeper one can be had here: it is the built-in stars and, below their limit, invented ones, as many as the sky
 * has by the usual growth of counts, which stand in the pictures as well.
 */
export async function rigShares(): Promise<Figure[]> {
  const sky = openCatalogue(join(CATALOGUE, 'stars.bin'));
  const deeper = mkdtempSync(join(tmpdir(), 'nightjar-bench-'));
  try {
    const csv: string[] = ['ra,dec,mag,epoch'];
    const tasks: RigTask[] = [];
    for (const [r, [name, focal, width, height, microns]] of rigs.entries()) {
      for (let field = 0; field < FIELDS; field++) {
        const next = chance(mixed(r + 1, field));
        const framing: Framing = {
          width,
          height,
          scale: (206.264806 * microns) / focal,
          ra: 360 * next(),
          dec: (Math.asin(2 * next() - 1) * 180) / Math.PI,
          rotation: 360 * next(),
          mirrored: false,
          distortion: 0,
        };
        const radius = MARGIN * (TRUSTED_DEGREES + (Math.hypot(width, height) * framing.scale) / 7200);
        const stars: DeepStar[] = [...sky.near(framing, radius), ...invented(sky, framing, radius, next)];
        for (const { ra, dec, magnitude } of stars) {
          csv.push(`${ra.toFixed(7)},${dec.toFixed(7)},${magnitude.toFixed(3)},2000`);
        }
        tasks.push({
          name,
          framing,
          list: seen(stars, framing, next),
          catalogue: CATALOGUE,
          deeper,
          trusted: TRUSTED_DEGREES,
        });
      }
    }
    const file = join(deeper, 'deep.csv');
    writeFileSync(file, csv.join('\n'));
    const script = join(import.meta.dirname, '../../scripts/catalogue.ts');
    execFileSync(process.execPath, [script, '--csv', file, '--out', join(deeper, 'deep.bin')]);
    const { outcomes } = await ours<RigTask, RigOutcome>('ours-rigs.ts', tasks);
    const wrong = outcomes.filter((of) => [of.near, of.blind, of.deeper].includes('wrong')).length;
    return [
      ...rigs.map(([name, focal, width, height, microns]): Figure => {
        const those = outcomes.filter((_, i) => tasks[i]!.name === name);
        const percent = (of: 'near' | 'blind' | 'deeper') =>
          `${Math.round((100 * those.filter((outcome) => outcome[of] === 'right').length) / those.length)} %`;
        const degrees = (pixels: number) => ((57.29578 * pixels * microns) / 1000 / focal).toFixed(2);
        return {
          measure: `${name}, ${degrees(width)}° × ${degrees(height)}°`,
          unit: 'of random sky',
          nightjar: `${percent('near')} / ${percent('blind')} / ${percent('deeper')}`,
          note: 'told ±0.5° / blind / told, deeper catalogue (invented below magnitude 11.7)',
        };
      }),
      { measure: 'wrong, all rigs', unit: 'fields', nightjar: wrong },
    ];
  } finally {
    rmSync(deeper, { recursive: true, force: true });
  }
}

/** Stars below the built-in catalogue's limit: as dense as its own around there let expect. */
function invented(
  sky: ReturnType<typeof openCatalogue>,
  framing: Framing,
  radius: number,
  next: () => number,
): DeepStar[] {
  const around = Math.max(1, radius);
  const perDegree = sky.near(framing, around, 11).length / (Math.PI * around * around);
  const area = (2 * radius) ** 2;
  const count = area * Math.max(4, perDegree) * GROWTH ** (THIN - 11) * (GROWTH ** (SHOWN - THIN) - 1);
  const least = GROWTH ** (THIN - SHOWN);
  const pixels = (2 * radius * 3600) / framing.scale;
  const camera = cameraOf(framing);
  return Array.from({ length: Math.round(count) }, () => ({
    ...camera.placeOf({
      x: framing.width / 2 + (next() - 0.5) * pixels,
      y: framing.height / 2 + (next() - 0.5) * pixels,
    }),
    magnitude: SHOWN + Math.log(least + (1 - least) * next()) / Math.log(GROWTH),
  }));
}

/** The brightest as a detector lists them, their places off by a fifth of a pixel. */
function seen(stars: readonly DeepStar[], framing: Framing, next: () => number): RigTask['list'] {
  const { width, height } = framing;
  const camera = cameraOf(framing);
  const listed = stars.flatMap((star) => {
    const spot = camera.spotOf(star);
    if (!spot || spot.x < 0 || spot.y < 0 || spot.x >= width || spot.y >= height) return [];
    const off = () => (next() + next() + next() - 1.5) * 0.4;
    return [
      {
        x: spot.x - 0.5 + off(),
        y: spot.y - 0.5 + off(),
        flux: 1e9 * 10 ** (-0.4 * (star.magnitude + off())),
      },
    ];
  });
  return { width, height, stars: listed.toSorted((a, b) => b.flux - a.flux).slice(0, MOST) };
}
