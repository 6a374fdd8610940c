import { gunzipSync } from 'node:zlib';
import { emptyPrimary, extension, headerOf } from '../../src/imaging/fits.fixture.ts';
import { integer, logical, text } from '../../src/imaging/fits-card.ts';
import { packFrame } from '../../src/imaging/fits-pack.ts';
import { type FitsImage, readFits } from '../../src/imaging/fits-read.ts';
import { allocateFrame, type PixelFormat, pixelsOf } from '../../src/imaging/frame.ts';
import vectors from '../../src/imaging/tiles/vectors.json' with { type: 'json' };
import { below, type Chance, mutated, nasty, noise, pick } from './fuzz-bytes.ts';

export interface Sample {
  name: string;
  file: Uint8Array;
  image: FitsImage;
}

export interface Spoiled {
  how: string;
  file: Uint8Array;
  /** What is read of it, if anything, has to be the image as it was. */
  same?: boolean;
}

/** One of the ways in which a file goes wrong. */
export function spoiled(chance: Chance, { file }: Sample, samples: readonly Sample[]): Spoiled {
  switch (below(chance, 9)) {
    case 0: {
      const length = below(chance, file.length + 1);
      return { how: `cut at ${length}`, file: file.subarray(0, length), same: true };
    }
    case 1:
      return { how: 'bits flipped', file: flipped(chance, file) };
    case 2:
      return { how: 'bent', file: mutated(chance, file, pick(chance, samples).file) };
    case 3:
      return { how: 'units behind it', file: Buffer.concat([file, mutated(chance, file)]), same: true };
    case 4:
      return { how: 'units before it', file: Buffer.concat([...emptyUnits(chance), file.subarray(2880)]) };
    case 5:
      return {
        how: 'noise',
        file: Buffer.concat([file.subarray(0, below(chance, 4) * 80), noise(chance, 9000)]),
      };
    case 6:
      return { how: 'header for ever', file: endless(chance) };
    default:
      return { how: 'cards that lie', file: lying(chance, file) };
  }
}

function flipped(chance: Chance, file: Uint8Array): Uint8Array {
  const bent = Uint8Array.from(file);
  for (let flips = 1 + below(chance, 20); flips > 0; flips--) {
    bent[below(chance, bent.length)]! ^= 1 << below(chance, 8);
  }
  return bent;
}

const emptyUnits = (chance: Chance): Buffer[] =>
  Array.from({ length: below(chance, 80) }, (_, index) =>
    index === 0 ? emptyPrimary() : extension('IMAGE', 8, [], []),
  );

function endless(chance: Chance): Uint8Array {
  const first = ['SIMPLE  =                    T', "K       = '&'"].map((line) => line.padEnd(80)).join('');
  const line = chance() < 0.5 ? nasty(chance) : `CONTINUE  '${'y'.repeat(below(chance, 68))}&'`;
  const more = Buffer.alloc(2880 * below(chance, 900), line.padEnd(80), 'latin1');
  return Buffer.concat([Buffer.from(first), more, Buffer.from(chance() < 0.5 ? 'END'.padEnd(80) : '')]);
}

const NUMBERS: readonly string[] = [
  ...'-1 0 1 2 3 4 7 8 16 31 64 -32 -64 255 999 1000 4096 30000 65535 65536 2147483647 2147483648'.split(' '),
  ...'4294967296 9007199254740991 9007199254740993 99999999999999999999999 1E308 -1E-320 0.5'.split(' '),
  ...['NaN', 'T', 'F', "''", "'", "'x", "'&'", '', '/', "'1PB'", "'9QJ(1)'"],
];

/** One to three values of the header in place of others. */
function lying(chance: Chance, file: Uint8Array): Uint8Array {
  const bent = Buffer.from(file);
  const cards: number[] = [];
  for (let at = 0; at + 80 <= bent.length; at += 80) {
    if (bent.toString('latin1', at + 8, at + 10) === '= ') cards.push(at);
  }
  for (let lies = 1 + below(chance, 3); lies > 0 && cards.length > 0; lies--) {
    const value = chance() < 0.9 ? pick(chance, NUMBERS) : nasty(chance);
    bent.write(
      value
        .padStart(chance() < 0.5 ? 20 : 0)
        .padEnd(70)
        .slice(0, 70),
      pick(chance, cards) + 10,
      'latin1',
    );
  }
  return bent;
}

/** Each way in which an image can be stored and packed. */
export function soundFiles(): Sample[] {
  const plain: [bitpix: number, axes: number[]][] = [
    ...[8, 16, 32, 64, -32, -64].map((bitpix): [number, number[]] => [bitpix, [31, 17]]),
    [16, [9, 7, 3]],
    [8, [3, 9, 7]],
    [-32, [9, 7, 1, 1]],
  ];
  const files: [string, Uint8Array][] = [
    ...plain.map(([bitpix, axes]): [string, Uint8Array] => [
      `BITPIX ${bitpix} ${axes}`,
      plainFile(bitpix, axes),
    ]),
    ...(['u16', 'i32', 'f32'] as const).map((format): [string, Uint8Array] => [
      `packed ${format}`,
      packedFile(format),
    ]),
    ...vectors.map(({ name, file }): [string, Uint8Array] => [name, gunzipSync(Buffer.from(file, 'base64'))]),
  ];
  return files.map(([name, file]) => ({ name, file: Uint8Array.from(file), image: readFits(file) }));
}

function plainFile(bitpix: number, axes: readonly number[]): Uint8Array {
  const bytes = axes.reduce((product, length) => product * length, Math.abs(bitpix) / 8);
  const storage = [integer('BZERO', 0), integer('BSCALE', 1), integer('BLANK', 77)];
  const head = headerOf([
    ...[logical('SIMPLE', true), integer('BITPIX', bitpix), integer('NAXIS', axes.length)],
    ...axes.map((length, index) => integer(`NAXIS${index + 1}`, length)),
    ...(bitpix > 0 ? storage : []),
    ...[text('BAYERPAT', 'RGGB'), integer('XBAYROFF', 1), text('OBJECT', `M 31 ${'and so on '.repeat(9)}`)],
  ]);
  return Buffer.concat([
    head,
    Uint8Array.from({ length: Math.ceil(bytes / 2880) * 2880 }, (_, index) => index * 37),
  ]);
}

function packedFile(format: PixelFormat): Uint8Array {
  const frame = allocateFrame({ width: 40, height: 21, format });
  pixelsOf(frame).forEach((_, index, pixels) => {
    pixels[index] = index % (format === 'f32' ? 64 : 7);
  });
  const bitpix = { u16: 16, i32: 32, f32: -32 }[format];
  return packFrame(frame, [
    ...[logical('SIMPLE', true), integer('BITPIX', bitpix), integer('NAXIS', 2)],
    ...[integer('NAXIS1', 40), integer('NAXIS2', 21), text('OBJECT', 'M 31')],
    ...(format === 'u16' ? [integer('BZERO', 32_768), integer('BSCALE', 1)] : []),
  ]);
}
