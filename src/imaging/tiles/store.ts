import type { StoredBitpix } from '../fits-hdu.ts';

/**
 * Integers as FITS stores them, big-endian.
 * @param at pixels from the start of the image
 */
export function storeIntegers(image: Uint8Array, bitpix: StoredBitpix, at: number, values: Int32Array): void {
  if (bitpix === 8) image.set(values, at);
  else if (bitpix === 16) {
    const words = new Uint16Array(image.buffer, image.byteOffset + 2 * at, values.length);
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!;
      words[index] = ((value & 0xff) << 8) | ((value >> 8) & 0xff);
    }
  } else {
    const size = bitpix / 8;
    const bytes = new DataView(image.buffer, image.byteOffset + size * at, size * values.length);
    for (let index = 0; index < values.length; index++) {
      if (bitpix === 32) bytes.setInt32(4 * index, values[index]!);
      else bytes.setBigInt64(8 * index, BigInt(values[index]!));
    }
  }
}

export function storeFloats(image: Uint8Array, bitpix: StoredBitpix, at: number, values: Float64Array): void {
  const size = Math.abs(bitpix) / 8;
  const bytes = new DataView(image.buffer, image.byteOffset + size * at, size * values.length);
  for (let index = 0; index < values.length; index++) {
    if (bitpix === -32) bytes.setFloat32(4 * index, values[index]!);
    else bytes.setFloat64(8 * index, values[index]!);
  }
}
