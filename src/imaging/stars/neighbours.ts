import type { Blob } from './deblend.ts';
import type { Mask } from './measure.ts';

const CELL = 32;

/** Which blobs lie near a place, and what of a patch is theirs; in samples of the plane. */
export interface Neighbours {
  near(x: number, y: number, radius: number): Blob[];
  /** @param scale samples of the patch that make one of the plane */
  maskOf(blob: Blob, scale: number): Mask;
}

export function neighboursAmong(blobs: readonly Blob[]): Neighbours {
  const cells = new Map<number, Blob[]>();
  const keyOf = (column: number, row: number) => row * 4096 + column;
  for (const blob of blobs) {
    const key = keyOf(Math.floor(blob.x / CELL), Math.floor(blob.y / CELL));
    const cell = cells.get(key);
    if (cell) cell.push(blob);
    else cells.set(key, [blob]);
  }

  const near = (x: number, y: number, radius: number): Blob[] => {
    const found: Blob[] = [];
    const [left, right] = [Math.max(0, Math.floor((x - radius) / CELL)), Math.floor((x + radius) / CELL)];
    const [top, bottom] = [Math.max(0, Math.floor((y - radius) / CELL)), Math.floor((y + radius) / CELL)];
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        for (const blob of cells.get(keyOf(column, row)) ?? []) {
          if ((blob.x - x) ** 2 + (blob.y - y) ** 2 <= radius * radius) found.push(blob);
        }
      }
    }
    return found;
  };

  const maskOf =
    (blob: Blob, scale: number): Mask =>
    (left, top, side, pixels) => {
      for (const other of near(blob.x, blob.y, (0.75 * side) / scale)) {
        if (other !== blob) takeOut(blob, other, scale, left, top, side, pixels);
      }
    };

  return { near, maskOf };
}

/** The other's disc, as far as it is nearer to the other; each reaches as far as its light is wide. */
function takeOut(
  blob: Blob,
  other: Blob,
  scale: number,
  left: number,
  top: number,
  side: number,
  pixels: Float32Array,
): void {
  const place = (at: number, start: number) => (at + 0.5) * scale - 0.5 - start;
  const [x, y] = [place(other.x, left), place(other.y, top)];
  const [ownX, ownY] = [place(blob.x, left), place(blob.y, top)];
  const radius = 1.3 * Math.sqrt(other.area / Math.PI) * scale + 1;
  const share = other.area / blob.area;
  for (let row = Math.max(0, Math.ceil(y - radius)); row <= Math.min(side - 1, y + radius); row++) {
    for (
      let column = Math.max(0, Math.ceil(x - radius));
      column <= Math.min(side - 1, x + radius);
      column++
    ) {
      const toOther = (column - x) ** 2 + (row - y) ** 2;
      const toOwn = (column - ownX) ** 2 + (row - ownY) ** 2;
      if (toOther > radius * radius || toOther > share * toOwn) continue;
      pixels[row * side + column] = Number.NaN;
    }
  }
}
