/** How the light of one star spreads over the pixels: seeing, defocus, and the path of the telescope under it. */

/**
 * An image of a star on a grid finer than the pixels, as a table of sums over the rectangle from its corner: the
 * light that falls on any pixel is the difference of four readings, so that no light is lost and a star lands where
 * it should to a thousandth of a pixel.
 */
export interface Spread {
  /** Grid cells a pixel. */
  readonly fine: number;
  /** Cells along one side, odd; the star is in the middle. */
  readonly side: number;
  /** (side + 1)² sums, the last one 1. */
  readonly sums: Float64Array;
}

interface Grid {
  fine: number;
  side: number;
  cells: Float64Array;
}

export interface Blur {
  /** Full width at half maximum of the seeing and diffraction, pixels. */
  fwhm: number;
  /** Radius of the defocused pupil, pixels. */
  radius: number;
  /** Share of it that the central obstruction takes. */
  obstruction: number;
}

/** Beyond this many pixels from the middle of the exposure a trail is left out: that light is no star any more. */
const LONGEST_TRAIL = 48;
const LARGEST_RADIUS = 120;
/** Above so many products the seeing is put on by running means instead of its true profile. */
const PATIENCE = 3_000_000;

/**
 * Shapes stars for one camera; the motionless images last used are kept, for seeing and focus change slowly.
 * `path`: where a star in the middle of the field stood at equal intervals, pixels from its place at mid-exposure.
 */
export type Shaper = (blur: Blur, path: readonly { x: number; y: number }[]) => Spread;

export function createShaper(): Shaper {
  const kept = new Map<string, Grid>();
  return (blur, path) => {
    const fwhm = Math.max(0.4, Math.round(blur.fwhm * 50) / 50);
    const radius = Math.min(LARGEST_RADIUS, Math.round(blur.radius * 20) / 20);
    const key = `${fwhm} ${radius} ${blur.obstruction}`;
    const still = kept.get(key) ?? compose(fwhm, radius, blur.obstruction);
    if (kept.size >= 8 && !kept.has(key)) kept.delete(kept.keys().next().value!);
    kept.set(key, still);
    return smeared(still, path);
  };
}

function smeared(still: Grid, path: readonly { x: number; y: number }[]): Spread {
  const { fine } = still;
  const reach = Math.ceil(
    Math.min(LONGEST_TRAIL, Math.max(0, ...path.map(({ x, y }) => Math.max(Math.abs(x), Math.abs(y))))) *
      fine +
      1,
  );
  const stops = pathCells(path, fine, reach);
  const side = still.side + 2 * reach;
  const cells = new Float64Array(side * side);
  for (const [cell, weight] of stops) {
    const shift = Math.floor(cell / (2 * reach + 1)) * side + (cell % (2 * reach + 1));
    for (let row = 0; row < still.side; row++) {
      const from = row * still.side;
      const to = row * side + shift;
      for (let column = 0; column < still.side; column++)
        cells[to + column]! += weight * still.cells[from + column]!;
    }
  }
  return { fine, side, sums: cumulated(cells, side) };
}

/** Path → cells of a (2·reach + 1)² grid with their shares, each point parted between its four neighbours. */
function pathCells(
  path: readonly { x: number; y: number }[],
  fine: number,
  reach: number,
): Map<number, number> {
  const cells = new Map<number, number>();
  const width = 2 * reach + 1;
  for (const point of path) {
    const [x, y] = [point.x * fine + reach, point.y * fine + reach];
    const [column, row] = [Math.floor(x), Math.floor(y)];
    for (const [dx, dy] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      const share = (1 - Math.abs(x - column - dx)) * (1 - Math.abs(y - row - dy));
      const [c, r] = [column + dx, row + dy];
      if (share <= 0 || c < 0 || r < 0 || c >= width || r >= width) continue;
      const cell = r * width + c;
      cells.set(cell, (cells.get(cell) ?? 0) + share / path.length);
    }
  }
  return cells;
}

function compose(fwhm: number, radius: number, obstruction: number): Grid {
  const width = fwhm + radius;
  const fine = width < 1.5 ? 8 : width < 6 ? 4 : width < 20 ? 2 : 1;
  const seeing = Math.ceil(6 * fwhm * fine);
  const disc = Math.ceil(radius * fine);
  const side = 2 * (seeing + disc) + 1;
  const pupil = annulus(radius * fine, obstruction, disc);
  const lit = pupil.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  let cells = new Float64Array(side * side);
  const pupilSide = 2 * disc + 1;
  if (lit * (2 * seeing + 1) ** 2 < PATIENCE) {
    const profile = moffat(fwhm * fine, seeing);
    const profileSide = 2 * seeing + 1;
    pupil.forEach((light, i) => {
      if (light === 0) return;
      const shift = Math.floor(i / pupilSide) * side + (i % pupilSide);
      for (let row = 0; row < profileSide; row++) {
        const [from, to] = [row * profileSide, row * side + shift];
        for (let column = 0; column < profileSide; column++)
          cells[to + column]! += light * profile[from + column]!;
      }
    });
  } else {
    pupil.forEach((light, i) => {
      cells[(Math.floor(i / pupilSide) + seeing) * side + (i % pupilSide) + seeing] = light;
    });
    cells = softened(cells, side, (fwhm * fine) / 2.3548);
  }
  const total = cells.reduce((sum, value) => sum + value, 0);
  return { fine, side, cells: cells.map((value) => value / total) };
}

/** The pupil, its edges softened by one cell. */
function annulus(radius: number, obstruction: number, reach: number): Float64Array {
  const side = 2 * reach + 1;
  const cells = new Float64Array(side * side);
  if (radius < 0.5) return cells.fill(0).fill(1, (cells.length - 1) / 2, (cells.length + 1) / 2);
  const covered = (edge: number, distance: number) => Math.min(1, Math.max(0, edge + 0.5 - distance));
  for (let i = 0; i < cells.length; i++) {
    const distance = Math.hypot((i % side) - reach, Math.floor(i / side) - reach);
    const hole = obstruction > 0 ? covered(radius * obstruction, distance) : 0;
    cells[i] = covered(radius, distance) - hole;
  }
  return cells;
}

/** Moffat's profile with β = 3, close to what seeing gives. */
function moffat(fwhm: number, reach: number): Float64Array {
  const side = 2 * reach + 1;
  const alpha2 = (fwhm / 2) ** 2 / (2 ** (1 / 3) - 1);
  return Float64Array.from({ length: side * side }, (_, i) => {
    const r2 = ((i % side) - reach) ** 2 + (Math.floor(i / side) - reach) ** 2;
    return r2 > reach * reach ? 0 : 1 / (1 + r2 / alpha2) ** 3;
  });
}

/** Three running means, rows and columns: close to a Gaussian of that sigma. */
function softened(cells: Float64Array, side: number, sigma: number): Float64Array<ArrayBuffer> {
  const half = Math.max(1, Math.round(Math.sqrt(sigma * sigma + 0.25) - 0.5));
  let from = Float64Array.from(cells);
  for (let pass = 0; pass < 6; pass++) {
    const to = new Float64Array(from.length);
    const [along, across] = pass % 2 ? [side, 1] : [1, side];
    for (let line = 0; line < side; line++) {
      let sum = 0;
      for (let i = -half; i < side; i++) {
        if (i + half < side) sum += from[line * across + (i + half) * along]!;
        if (i - half - 1 >= 0) sum -= from[line * across + (i - half - 1) * along]!;
        if (i >= 0) to[line * across + i * along] = sum / (2 * half + 1);
      }
    }
    from = to;
  }
  return from;
}

function cumulated(cells: Float64Array, side: number): Float64Array {
  const sums = new Float64Array((side + 1) * (side + 1));
  for (let row = 0; row < side; row++) {
    let sum = 0;
    for (let column = 0; column < side; column++) {
      sum += cells[row * side + column]!;
      sums[(row + 1) * (side + 1) + column + 1] = sums[row * (side + 1) + column + 1]! + sum;
    }
  }
  return sums;
}
