const { fround } = Math;

export function debayerReference(memory: ArrayBuffer) {
  const floats = new Float32Array(memory);
  return {
    /**
     * One row of a Bayer mosaic to its three colours, each the mean of its two or four nearest neighbours; the sides
     * are mirrored on the outermost pixel. All rows are native f32; NaN spreads to its neighbours.
     * @param above and @param below the rows beside it: at the top and bottom edge of the image twice the same
     * @param first 0 where the row begins with its own colour, red or blue; 1 where it begins with green
     * @param own the red of red rows, the blue of blue rows; @param other the blue of red rows, the red of blue rows
     */
    debayerRow(
      above: number,
      row: number,
      below: number,
      width: number,
      first: number,
      own: number,
      green: number,
      other: number,
    ): void {
      const at = (pointer: number, x: number) => floats[pointer / 4 + x]!;
      for (let x = 0; x < width; x++) {
        const left = x > 0 ? x - 1 : 1;
        const right = x < width - 1 ? x + 1 : width - 2;
        const across = fround(at(row, left) + at(row, right));
        const along = fround(at(above, x) + at(below, x));
        const corners = fround(
          fround(at(above, left) + at(above, right)) + fround(at(below, left) + at(below, right)),
        );
        const isGreen = ((x ^ first) & 1) === 1;
        floats[own / 4 + x] = isGreen ? across * 0.5 : at(row, x);
        floats[green / 4 + x] = isGreen ? at(row, x) : fround(across + along) * 0.25;
        floats[other / 4 + x] = isGreen ? along * 0.5 : corners * 0.25;
      }
    },
  };
}
