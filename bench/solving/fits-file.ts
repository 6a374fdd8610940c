import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';

const BLOCK = 2880;
const CARD = 80;
const MOST_CARDS = 4000;

/** Writes 16-bit samples with BZERO 32768 (FITS 4.0, section 5.2.5), row 0 first. */
export function writeFrame(
  file: string,
  { width, height, bayer, utc }: { width: number; height: number; bayer?: string; utc: number },
  samples: Uint16Array,
): void {
  const cards: [string, string | number | boolean][] = [
    ['SIMPLE', true],
    ['BITPIX', 16],
    ['NAXIS', 2],
    ['NAXIS1', width],
    ['NAXIS2', height],
    ['BZERO', 32768],
    ['BSCALE', 1],
    ['ROWORDER', 'TOP-DOWN'],
    ['DATE-OBS', new Date(utc).toISOString().slice(0, 23)],
    ...(bayer ? ([['BAYERPAT', bayer]] as [string, string][]) : []),
  ];
  const header = Buffer.alloc(BLOCK, ' ');
  cards.forEach(([key, value], i) => {
    const text =
      typeof value === 'boolean'
        ? (value ? 'T' : 'F').padStart(20)
        : typeof value === 'number'
          ? String(value).padStart(20)
          : `'${value.padEnd(8)}'`;
    header.write(`${key.padEnd(8)}= ${text}`, i * CARD, 'latin1');
  });
  header.write('END', cards.length * CARD, 'latin1');
  const bytes = Buffer.alloc(BLOCK + Math.ceil((2 * samples.length) / BLOCK) * BLOCK);
  header.copy(bytes);
  const stored = new Uint16Array(bytes.buffer, bytes.byteOffset + BLOCK, samples.length);
  for (let i = 0; i < samples.length; i++) stored[i] = samples[i]! ^ 0x8000;
  bytes.subarray(BLOCK, BLOCK + 2 * samples.length).swap16();
  writeFileSync(file, bytes);
}

/** The cards of a file's first header, values as numbers where they are; astap_cli leaves out the padding. */
export function readCards(file: string): Map<string, string | number> {
  const handle = openSync(file, 'r');
  const cards = new Map<string, string | number>();
  try {
    const card = Buffer.alloc(CARD);
    for (let i = 0; i < MOST_CARDS; i++) {
      const got = readSync(handle, card, 0, CARD, i * CARD);
      const text = card.toString('latin1', 0, got);
      const key = text.slice(0, 8).trim();
      if (got === 0 || key === 'END') break;
      if (text.slice(8, 10) !== '= ' || cards.has(key)) continue;
      const quoted = /^\s*'([^']*)'/.exec(text.slice(10));
      const bare = text.slice(10).split('/')[0]!.trim();
      const number = Number(bare);
      cards.set(key, quoted ? quoted[1]!.trimEnd() : Number.isNaN(number) ? bare : number);
    }
  } finally {
    closeSync(handle);
  }
  return cards;
}
