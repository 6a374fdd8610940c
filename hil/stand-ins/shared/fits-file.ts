export type Value = string | number | boolean;

const BLOCK = 2880;

/** A FITS file as libindi writes it: the structure, then what the driver knows (FITS 4.0, sections 3 and 4). */
export function fitsFile(
  pixels: Uint16Array | Uint8Array,
  width: number,
  cards: Readonly<Record<string, Value>>,
): Uint8Array {
  const wide = pixels instanceof Uint16Array;
  const all = {
    SIMPLE: true,
    BITPIX: wide ? 16 : 8,
    NAXIS: 2,
    NAXIS1: width,
    NAXIS2: pixels.length / width,
    EXTEND: true,
    ...(wide && { BZERO: 32768, BSCALE: 1 }),
    ROWORDER: 'TOP-DOWN',
    ...cards,
  };
  const text = `${Object.entries(all).map(card).join('')}${'END'.padEnd(80)}`;
  const header = text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK);
  const data = Buffer.alloc(Math.ceil(pixels.byteLength / BLOCK) * BLOCK);
  if (wide) pixels.forEach((value, index) => void data.writeInt16BE(value - 32768, 2 * index));
  else data.set(pixels);
  return Buffer.concat([Buffer.from(header, 'latin1'), data]);
}

function card([keyword, value]: [string, Value]): string {
  const word =
    typeof value === 'string'
      ? `'${value.replaceAll("'", "''").padEnd(8)}'`
      : (typeof value === 'boolean' ? (value ? 'T' : 'F') : String(value)).padStart(20);
  return `${keyword.padEnd(8)}= ${word}`.padEnd(80).slice(0, 80);
}
