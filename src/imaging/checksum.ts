/**
 * The FITS checksum (FITS 4.0, appendix J): the ones' complement sum of big-endian 32-bit words.
 * @param length bytes, a multiple of 4
 */
export function sumOf(buffer: ArrayBufferLike, start: number, length: number): number {
  const words = new DataView(buffer, start, length);
  let sum = 0;
  // Doubles are exact to 2^53: 2^20 words of 2^32 are added between two folds.
  for (let from = 0; from < length; from += SLICE) {
    const to = Math.min(length, from + SLICE);
    for (let at = from; at < to; at += 4) sum += words.getUint32(at);
    sum = fold(sum);
  }
  return sum;
}

const SLICE = 4 << 20;

export const addSums = (a: number, b: number): number => fold(a + b);

function fold(sum: number): number {
  let rest = sum;
  while (rest > 0xffffffff) rest = (rest % 0x100000000) + Math.floor(rest / 0x100000000);
  return rest;
}

/** Punctuation between the digits and the letters of ASCII, which the encoding steps around. */
const isPunctuation = (code: number) => (code >= 0x3a && code <= 0x40) || (code >= 0x5b && code <= 0x60);

/** The 16 characters that add `value` to a header's sum where the CHECKSUM card stands (appendix J, section J.2). */
function encodeChecksum(value: number): string {
  const characters = new Uint8Array(16);
  for (let byteIndex = 0; byteIndex < 4; byteIndex++) {
    const byte = (value >>> (24 - 8 * byteIndex)) & 0xff;
    const codes = new Uint8Array(4).fill((byte >> 2) + 0x30);
    codes[0]! += byte & 3;
    while (codes.some(isPunctuation)) {
      for (const pair of [0, 2]) {
        if (!isPunctuation(codes[pair]!) && !isPunctuation(codes[pair + 1]!)) continue;
        codes[pair]!++;
        codes[pair + 1]!--;
      }
    }
    // The value starts in column 12, one byte before a word: hence the rotation by one.
    codes.forEach((code, index) => {
      characters[(4 * index + byteIndex + 1) % 16] = code;
    });
  }
  return String.fromCharCode(...characters);
}

/** What stands in a CHECKSUM card while the sum is taken. */
export const CHECKSUM_ZERO = '0'.repeat(16);

/** Fills in the CHECKSUM of a unit's header, which has `CHECKSUM_ZERO` there. @param dataSum of its data unit */
export function sign(header: Uint8Array, dataSum: number): void {
  const bytes = Buffer.from(header.buffer, header.byteOffset, header.length);
  const total = addSums(sumOf(header.buffer, header.byteOffset, header.length), dataSum);
  const card = bytes.indexOf(`CHECKSUM= '${CHECKSUM_ZERO}'`);
  bytes.write(encodeChecksum(~total >>> 0), card + "CHECKSUM= '".length, 'latin1');
}
