/** What lies over and between the stars of a frame: light in electrons on the canvas, and faults of the sensor. */
import { addStar, type Canvas } from '../../hil/sky/canvas.ts';
import { chance } from '../../hil/sky/random.ts';
import type { Spread } from '../../hil/sky/spread.ts';

/** A number for each place of the frame, u and v in 0…1 from its top left. */
export type Field = (u: number, v: number) => number;

/** Smooth noise in 0…1: random values on a lattice, eased between, finer and weaker by octaves. */
export function clouded(seed: number, cells: number, octaves: number): Field {
  const lattices = Array.from({ length: octaves }, (_, octave) => {
    const side = cells * 2 ** octave + 2;
    const next = chance(seed + 77 * octave);
    return { side, scale: cells * 2 ** octave, values: Float64Array.from({ length: side * side }, next) };
  });
  const most = 2 - 2 ** (1 - octaves);
  return (u, v) => {
    let sum = 0;
    for (const [octave, { side, scale, values }] of lattices.entries()) {
      const [x, y] = [u * scale, v * scale];
      const [column, row] = [Math.floor(x), Math.floor(y)];
      const ease = (t: number) => t * t * (3 - 2 * t);
      const [s, t] = [ease(x - column), ease(y - row)];
      const at = row * side + column;
      const upper = values[at]! + s * (values[at + 1]! - values[at]!);
      const lower = values[at + side]! + s * (values[at + side + 1]! - values[at + side]!);
      sum += (upper + t * (lower - upper)) * 0.5 ** octave;
    }
    return sum / most;
  };
}

/** The Moon just outside: light that falls off from one side, three- to fivefold. */
export function moonlit(seed: number): Field {
  const next = chance(seed);
  const angle = 2 * Math.PI * next();
  const strength = 2 + 2 * next();
  return (u, v) => {
    const along = ((u - 0.5) * Math.cos(angle) + (v - 0.5) * Math.sin(angle)) * Math.SQRT2 * 0.5 + 0.5;
    return 1 + strength * along ** 3;
  };
}

/** Cells of `step` pixels, linear between: a field is dear, and smooth. */
export function sampled(canvas: { width: number; height: number }, field: Field, step: number) {
  const columns = Math.ceil(canvas.width / step) + 1;
  const rows = Math.ceil(canvas.height / step) + 1;
  const values = Float64Array.from({ length: columns * rows }, (_, i) =>
    field(
      Math.min(1, ((i % columns) * step) / canvas.width),
      Math.min(1, (Math.floor(i / columns) * step) / canvas.height),
    ),
  );
  return (x: number, y: number): number => {
    const column = Math.min(columns - 2, Math.floor(x / step));
    const row = Math.min(rows - 2, Math.floor(y / step));
    const [s, t] = [x / step - column, y / step - row];
    const at = row * columns + column;
    const upper = values[at]! + s * (values[at + 1]! - values[at]!);
    const lower = values[at + columns]! + s * (values[at + columns + 1]! - values[at + columns]!);
    return upper + t * (lower - upper);
  };
}

/** Two satellites across the frame, one of them bright, as wide as a star. */
export function addSatellites(canvas: Canvas, spread: Spread, seed: number, electronsPerPixel: number): void {
  const next = chance(seed);
  for (const brightness of [40, 6]) {
    const angle = Math.PI * next();
    const [x0, y0] = [canvas.width * (0.25 + 0.5 * next()), canvas.height * (0.25 + 0.5 * next())];
    const reach = Math.hypot(canvas.width, canvas.height);
    for (let along = -reach; along < reach; along++) {
      const [x, y] = [x0 + along * Math.cos(angle), y0 + along * Math.sin(angle)];
      if (x < -20 || y < -20 || x > canvas.width + 20 || y > canvas.height + 20) continue;
      addStar(canvas, spread, x, y, brightness * electronsPerPixel);
    }
  }
}

/** Glowing gas with ridges and dark lanes, up to `peak` electrons a pixel, and a small galaxy or two. */
export function addNebula(canvas: Canvas, seed: number, peak: number): void {
  const base = clouded(seed, 3, 4);
  const lanes = clouded(seed + 5, 6, 3);
  const next = chance(seed + 9);
  const glow = sampled(
    canvas,
    (u, v) => {
      const cloud = Math.max(0, base(u, v) - 0.42) * 3;
      const lane = 1 - 0.7 * Math.max(0, 1 - Math.abs(lanes(u, v) - 0.5) * 12);
      return peak * cloud * cloud * lane;
    },
    8,
  );
  const galaxies = Array.from({ length: 4 }, () => ({
    x: next() * canvas.width,
    y: next() * canvas.height,
    size: 8 + 30 * next(),
    flat: 0.3 + 0.6 * next(),
    angle: Math.PI * next(),
  }));
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) canvas.light[y * canvas.width + x]! += glow(x, y);
  }
  for (const { x, y, size, flat, angle } of galaxies) {
    const reach = Math.ceil(size * 8);
    for (let row = Math.max(0, Math.floor(y - reach)); row < Math.min(canvas.height, y + reach); row++) {
      for (
        let column = Math.max(0, Math.floor(x - reach));
        column < Math.min(canvas.width, x + reach);
        column++
      ) {
        const [dx, dy] = [column - x, row - y];
        const a = dx * Math.cos(angle) + dy * Math.sin(angle);
        const b = (-dx * Math.sin(angle) + dy * Math.cos(angle)) / flat;
        canvas.light[row * canvas.width + column]! += peak * Math.exp(-Math.hypot(a, b) / size);
      }
    }
  }
}

/** Columns that are dead, bright, or leak from some row on, and a bright row. */
export function spoilColumns(
  samples: Uint16Array,
  { width, height }: { width: number; height: number },
  seed: number,
): void {
  const next = chance(seed);
  for (let fault = 0; fault < 12; fault++) {
    const column = Math.floor(next() * width);
    const from = fault % 3 === 2 ? Math.floor(next() * height) : 0;
    const extra = fault % 3 === 0 ? undefined : 200 + 4000 * next() ** 3;
    for (let row = from; row < height; row++) {
      const at = row * width + column;
      samples[at] = extra === undefined ? 0 : Math.min(65535, samples[at]! + extra);
    }
  }
  const row = Math.floor(next() * height);
  for (let column = 0; column < width; column++) {
    samples[row * width + column] = Math.min(65535, samples[row * width + column]! + 900);
  }
}
