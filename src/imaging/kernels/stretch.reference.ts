const { fround } = Math;

export function stretchReference(memory: ArrayBuffer) {
  const floats = new Float32Array(memory);
  const bytes = new Uint8Array(memory);
  return {
    /**
     * Native f32 to every `stride`th byte: black and what is darker or NaN to 0, white and what is brighter to 255, the
     * values between by the midtones transfer function.
     * @param midtones the part of the way from black to white that becomes mid grey, 0…1
     */
    stretchRow(
      from: number,
      count: number,
      black: number,
      white: number,
      midtones: number,
      to: number,
      stride: number,
    ): void {
      const [dark, span] = [fround(black), fround(white - black)];
      const [top, slope] = [fround(255 * (midtones - 1)), fround(2 * midtones - 1)];
      const foot = fround(-midtones * (white - black));
      for (let x = 0, at = to; x < count; x++, at += stride) {
        const above = fround(floats[from / 4 + x]! - dark);
        if (above >= span && above > 0) bytes[at] = 255;
        else if (above > 0) {
          const below = fround(fround(slope * above) + foot);
          bytes[at] = fround(fround(fround(top * above) / below) + 0.5);
        } else bytes[at] = 0;
      }
    },
  };
}
