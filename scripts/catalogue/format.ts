/**
 * `stars.bin`, version 2: stars ordered by cell of the sky, little-endian throughout.
 *
 *     0  8 bytes  'NJSTARS' and a zero
 *     8  u32      version, 2
 *    12  u32      stars
 *    16  u32      declination bands, B
 *    20  u32      cells, C
 *    24  i32      complete to this magnitude, in thousandths (as complete as the source: 99000)
 *    28  u32      stars whose proper motion is known, M
 *    32  u32[C+1] number of the first star of each cell; the last entry is the number of stars
 *     …  u32[C+1] number of the first motion of each cell; the last entry is M
 *     …  i16[2]   a motion: towards east and towards north, milli-arc-seconds a year on the sky
 *     …  u16[3]   a star: right ascension and declination as fractions of its cell; magnitude in thousandths + 2000,
 *                 its highest bit set where the star takes the next motion of its cell
 *
 * Band b spans the declinations −90 + 180·b/B … −90 + 180·(b+1)/B and holds N(b) = ⌈2·B·cos δ⌉ cells of equal width
 * in right ascension from 0, δ its declination nearest to the equator; cells are numbered by band, then by right
 * ascension. A fraction f stands for (f + ½)/65536 of the cell. With B = 100 a cell is at most 1.8° wide, so that a
 * place is off by 0.05″ at most on either axis. Within a cell the brightest star comes first. Places are ICRS at
 * 2000.0. Version 1 has neither motions nor their index, and a zero at 28.
 */
const BANDS = 100;
const HEADER_BYTES = 32;
const STAR_BYTES = 6;
const MOTION_BYTES = 4;
const MOVES = 0x8000;

/** A star as baked: J2000 degrees; motion towards east and north in milli-arc-seconds a year on the sky. */
export interface BakedStar {
  ra: number;
  dec: number;
  magnitude: number;
  motion?: readonly [east: number, north: number];
}

/** Cells in a band; see the format above. */
function cellsInBand(band: number): number {
  const low = -90 + (180 * band) / BANDS;
  const nearest = band < BANDS / 2 ? low + 180 / BANDS : low;
  return Math.max(1, Math.ceil(2 * BANDS * Math.cos((nearest * Math.PI) / 180) - 1e-9));
}

/** The number of the first cell of each band, and after the last. */
function bandStarts(): number[] {
  const starts = [0];
  for (let band = 0; band < BANDS; band++) starts.push(starts[band]! + cellsInBand(band));
  return starts;
}

/** The same stars always give the same bytes, in whatever order they come. */
export function encode(stars: readonly BakedStar[], completeTo: number): Uint8Array {
  const starts = bandStarts();
  const cells = starts[BANDS]!;
  const rows = stars.map((star) => place(star, starts));
  rows.sort(inOrder);
  const moving = rows.filter((row) => row.motion).length;

  const indexBytes = 4 * (cells + 1);
  const motionsAt = HEADER_BYTES + 2 * indexBytes;
  const starsAt = motionsAt + MOTION_BYTES * moving;
  const bytes = new Uint8Array(starsAt + STAR_BYTES * rows.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode('NJSTARS\0'));
  for (const [i, value] of [2, rows.length, BANDS, cells].entries()) view.setUint32(8 + 4 * i, value, true);
  view.setInt32(24, Math.round(completeTo * 1000), true);
  view.setUint32(28, moving, true);

  let cell = 0;
  let motions = 0;
  // The first entries stay 0; a cell without stars begins where the next one does.
  const closeCells = (before: number, number: number) => {
    for (; cell < before; cell++) {
      view.setUint32(HEADER_BYTES + 4 * (cell + 1), number, true);
      view.setUint32(HEADER_BYTES + indexBytes + 4 * (cell + 1), motions, true);
    }
  };
  rows.forEach((row, number) => {
    closeCells(row.cell, number);
    const at = starsAt + STAR_BYTES * number;
    view.setUint16(at, row.ra, true);
    view.setUint16(at + 2, row.dec, true);
    view.setUint16(at + 4, row.motion ? row.magnitude | MOVES : row.magnitude, true);
    if (!row.motion) return;
    const motionAt = motionsAt + MOTION_BYTES * motions++;
    view.setInt16(motionAt, row.motion[0], true);
    view.setInt16(motionAt + 2, row.motion[1], true);
  });
  closeCells(cells, rows.length);
  return bytes;
}

/** What `encode` wrote: the same stars within the format's grain. Only for bytes of our own. */
export function decode(bytes: Uint8Array): BakedStar[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const starts = bandStarts();
  const indexBytes = 4 * (starts[BANDS]! + 1);
  const starsAt = HEADER_BYTES + 2 * indexBytes + MOTION_BYTES * view.getUint32(28, true);
  let motionAt = HEADER_BYTES + 2 * indexBytes;
  const stars: BakedStar[] = [];
  for (let band = 0; band < BANDS; band++) {
    const count = cellsInBand(band);
    for (let column = 0; column < count; column++) {
      const firstAt = HEADER_BYTES + 4 * (starts[band]! + column);
      const end = starsAt + STAR_BYTES * view.getUint32(firstAt + 4, true);
      for (let at = starsAt + STAR_BYTES * view.getUint32(firstAt, true); at < end; at += STAR_BYTES) {
        const [ra, dec, magnitude] = [0, 2, 4].map((offset) => view.getUint16(at + offset, true)) as [
          number,
          number,
          number,
        ];
        const star: BakedStar = {
          ra: ((column + (ra + 0.5) / 65536) * 360) / count,
          dec: ((band + (dec + 0.5) / 65536) * 180) / BANDS - 90,
          magnitude: (magnitude & (MOVES - 1)) / 1000 - 2,
        };
        if (magnitude & MOVES) {
          star.motion = [view.getInt16(motionAt, true), view.getInt16(motionAt + 2, true)];
          motionAt += MOTION_BYTES;
        }
        stars.push(star);
      }
    }
  }
  return stars;
}

type Row = ReturnType<typeof place>;

function inOrder(a: Row, b: Row): number {
  const motion = (row: Row, axis: 0 | 1) => row.motion?.[axis] ?? 0;
  return (
    a.cell - b.cell ||
    a.magnitude - b.magnitude ||
    a.ra - b.ra ||
    a.dec - b.dec ||
    motion(a, 0) - motion(b, 0) ||
    motion(a, 1) - motion(b, 1)
  );
}

function place(star: BakedStar, starts: readonly number[]) {
  const bandAt = Math.min(BANDS - 1e-9, ((star.dec + 90) * BANDS) / 180);
  const band = Math.floor(bandAt);
  const count = starts[band + 1]! - starts[band]!;
  const cellAt = Math.min(count - 1e-9, (star.ra / 360) * count);
  const cell = Math.floor(cellAt);
  const motion = star.motion?.map((mas) => Math.max(-32768, Math.min(32767, Math.round(mas)))) ?? [0, 0];
  return {
    cell: starts[band]! + cell,
    ra: Math.floor((cellAt - cell) * 65536),
    dec: Math.floor((bandAt - band) * 65536),
    magnitude: Math.min(MOVES - 1, Math.max(0, Math.round((star.magnitude + 2) * 1000))),
    // A star that hardly moves is kept as one that does not.
    motion: motion.some((mas) => mas !== 0) ? (motion as [number, number]) : undefined,
  };
}
