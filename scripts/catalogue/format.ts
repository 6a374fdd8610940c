/**
 * `stars.bin`, version 1: stars ordered by cell of the sky, little-endian throughout.
 *
 *     0  8 bytes  'NJSTARS' and a zero
 *     8  u32      version, 1
 *    12  u32      stars
 *    16  u32      declination bands, B
 *    20  u32      cells, C
 *    24  i32      complete to this magnitude, in thousandths (as complete as the source: 99000)
 *    28  u32      zero
 *    32  u32[C+1] number of the first star of each cell; the last entry is the number of stars
 *     …  u16[3]   a star: right ascension and declination as fractions of its cell, magnitude in thousandths + 2000
 *
 * Band b spans the declinations −90 + 180·b/B … −90 + 180·(b+1)/B and holds N(b) = ⌈2·B·cos δ⌉ cells of equal width
 * in right ascension from 0, δ its declination nearest to the equator; cells are numbered by band, then by right
 * ascension. A fraction f stands for (f + ½)/65536 of the cell. With B = 100 a cell is at most 1.8° wide, so that a
 * place is off by 0.05″ at most on either axis. Within a cell the brightest star comes first.
 */
export const BANDS = 100;
const HEADER_BYTES = 32;
const STAR_BYTES = 6;

/** A star as baked: J2000 degrees. */
export interface BakedStar {
  ra: number;
  dec: number;
  magnitude: number;
}

/** Cells in a band; see the format above. */
export function cellsInBand(band: number): number {
  const low = -90 + (180 * band) / BANDS;
  const nearest = band < BANDS / 2 ? low + 180 / BANDS : low;
  return Math.max(1, Math.ceil(2 * BANDS * Math.cos((nearest * Math.PI) / 180) - 1e-9));
}

/** The same stars always give the same bytes, in whatever order they come. */
export function encode(stars: readonly BakedStar[], completeTo: number): Uint8Array {
  const starts: number[] = [0];
  for (let band = 0; band < BANDS; band++) starts.push(starts[band]! + cellsInBand(band));
  const cells = starts[BANDS]!;
  const rows = stars.map((star) => place(star, starts));
  rows.sort((a, b) => a.cell - b.cell || a.magnitude - b.magnitude || a.ra - b.ra || a.dec - b.dec);

  const index = HEADER_BYTES + 4 * (cells + 1);
  const bytes = new Uint8Array(index + STAR_BYTES * rows.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode('NJSTARS\0'));
  for (const [i, value] of [1, rows.length, BANDS, cells].entries()) view.setUint32(8 + 4 * i, value, true);
  view.setInt32(24, Math.round(completeTo * 1000), true);

  let cell = 0;
  rows.forEach((row, number) => {
    // The first entry stays 0; a cell without stars begins where the next one does.
    while (cell < row.cell) view.setUint32(HEADER_BYTES + 4 * ++cell, number, true);
    const at = index + STAR_BYTES * number;
    view.setUint16(at, row.ra, true);
    view.setUint16(at + 2, row.dec, true);
    view.setUint16(at + 4, row.magnitude, true);
  });
  while (cell < cells) view.setUint32(HEADER_BYTES + 4 * ++cell, rows.length, true);
  return bytes;
}

function place(star: BakedStar, starts: readonly number[]) {
  const bandAt = Math.min(BANDS - 1e-9, ((star.dec + 90) * BANDS) / 180);
  const band = Math.floor(bandAt);
  const count = starts[band + 1]! - starts[band]!;
  const cellAt = Math.min(count - 1e-9, (star.ra / 360) * count);
  const cell = Math.floor(cellAt);
  return {
    cell: starts[band]! + cell,
    ra: Math.floor((cellAt - cell) * 65536),
    dec: Math.floor((bandAt - band) * 65536),
    magnitude: Math.min(65535, Math.max(0, Math.round((star.magnitude + 2) * 1000))),
  };
}
