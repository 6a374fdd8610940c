import type { Found } from './detectors.ts';
import type { FrameTruth, TrueStar } from './frame-spec.ts';

export interface Marks {
  found: number;
  /** Of the lone stars at an SNR of 9 to 12, the share that was found; NaN where there are too few. */
  completeness: number;
  judgedComplete: number;
  /** Share of what was found that is no star; NaN without any. */
  spurious: number;
  /** Median of measured over true half-flux radius of lone, unsaturated stars at an SNR of 20 and more. */
  hfr: number;
  /** Root of the mean square distance from the truth along one axis, pixels, of the same stars at SNR 50…500. */
  placePixels: number;
}

const SNR_ASKED = [9, 12] as const;
const LEAST_JUDGED = 10;

/** Compares what a detector says with what was drawn. */
export function marksOf(found: readonly Found[], truth: FrameTruth): Marks {
  const near = Math.max(1.5, 0.6 * truth.hfr);
  const drawn = new Cells(truth.stars, 16);
  const told = new Cells(found, 16);
  const lone = truth.stars.filter((star) => isLone(star, drawn, truth));
  const asked = lone.filter(({ snr }) => snr >= SNR_ASKED[0] && snr <= SNR_ASKED[1]);
  const seen = asked.filter((star) => told.nearest(star, near) !== undefined);
  // A star is a blend of what lies within its width, and bright ones are told with more than one peak.
  const reach = (star: TrueStar) => near + truth.hfr * (star.saturated ? 4 : 1);
  const spurious = found.filter((star) => !drawn.some(star, near + 4 * truth.hfr, reach));
  const ratios: number[] = [];
  let squares = 0;
  let places = 0;
  for (const star of lone) {
    if (star.saturated || star.snr < 20) continue;
    const match = told.nearest(star, near);
    if (!match) continue;
    ratios.push(match.hfr / truth.hfr);
    if (star.snr < 50 || star.snr > 500) continue;
    squares += ((match.x - star.x) ** 2 + (match.y - star.y) ** 2) / 2;
    places++;
  }
  return {
    found: found.length,
    completeness: asked.length >= LEAST_JUDGED ? seen.length / asked.length : Number.NaN,
    judgedComplete: asked.length,
    spurious: found.length > 0 ? spurious.length / found.length : Number.NaN,
    hfr: ratios.length >= LEAST_JUDGED ? median(ratios) : Number.NaN,
    placePixels: places >= LEAST_JUDGED ? Math.sqrt(squares / places) : Number.NaN,
  };
}

/** Nothing else within its reach that adds 3 % to its light, and the edge is far. */
function isLone(star: TrueStar, drawn: Cells<TrueStar>, { spec, hfr }: FrameTruth): boolean {
  const reach = 5 * hfr + 3;
  const { width, height } = spec;
  if (Math.min(star.x, star.y, width - 1 - star.x, height - 1 - star.y) < reach) return false;
  return !drawn.some(star, 4 * reach, (other) => {
    if (other === star || other.flux < 0.03 * star.flux) return -1;
    return other.flux > 30 * star.flux ? 4 * reach : other.flux > 3 * star.flux ? 2 * reach : reach;
  });
}

class Cells<T extends { x: number; y: number }> {
  private readonly cells = new Map<number, T[]>();
  private readonly size: number;

  constructor(points: readonly T[], size: number) {
    this.size = size;
    for (const point of points) {
      const key = this.key(Math.floor(point.x / size), Math.floor(point.y / size));
      const cell = this.cells.get(key);
      if (cell) cell.push(point);
      else this.cells.set(key, [point]);
    }
  }

  nearest(to: { x: number; y: number }, radius: number): T | undefined {
    let best: T | undefined;
    let least = radius;
    this.around(to, radius, (point, distance) => {
      if (distance <= least) {
        least = distance;
        best = point;
      }
      return false;
    });
    return best;
  }

  /** Whether one of them lies within its own reach of a place; none reaches further than `most`. */
  some(of: { x: number; y: number }, most: number, reach: (point: T) => number): boolean {
    return this.around(of, most, (point, distance) => distance <= reach(point));
  }

  private around(
    { x, y }: { x: number; y: number },
    radius: number,
    stop: (point: T, distance: number) => boolean,
  ): boolean {
    const at = (value: number) => Math.floor(value / this.size);
    for (let row = at(y - radius); row <= at(y + radius); row++) {
      for (let column = at(x - radius); column <= at(x + radius); column++) {
        for (const point of this.cells.get(this.key(column, row)) ?? []) {
          const distance = Math.hypot(point.x - x, point.y - y);
          if (distance <= radius && stop(point, distance)) return true;
        }
      }
    }
    return false;
  }

  private key(column: number, row: number): number {
    return (row + 4096) * 65536 + column + 4096;
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
