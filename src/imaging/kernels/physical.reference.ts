type Read = (view: DataView, offset: number) => number;

/**
 * Big-endian samples of the five kinds of BITPIX to native f32: physical value = zero + scale × stored (FITS 4.0,
 * section 4.4.2.5), computed in double precision and rounded once; NaN where that is no finite f32.
 */
export function physicalReference(memory: ArrayBuffer) {
  const view = new DataView(memory);
  const floats = new Float32Array(memory);
  const kernel =
    (size: number, stored: Read) =>
    (from: number, to: number, count: number, zero: number, scale: number): void => {
      for (let index = 0; index < count; index++) {
        const value = Math.fround(zero + scale * stored(view, from + index * size));
        floats[to / 4 + index] = Number.isFinite(value) ? value : Number.NaN;
      }
    };
  return {
    physical8: kernel(1, (bytes, offset) => bytes.getUint8(offset)),
    physical16: kernel(2, (bytes, offset) => bytes.getInt16(offset)),
    physical32: kernel(4, (bytes, offset) => bytes.getInt32(offset)),
    physicalF32: kernel(4, (bytes, offset) => bytes.getFloat32(offset)),
    physicalF64: kernel(8, (bytes, offset) => bytes.getFloat64(offset)),
  };
}
