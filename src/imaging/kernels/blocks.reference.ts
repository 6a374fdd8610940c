/** Averages of blocks: rows are added to sums of columns first, then columns to blocks. */
export function blocksReference(memory: ArrayBuffer) {
  const words = new Uint16Array(memory);
  const counters = new Uint32Array(memory);
  const floats = new Float32Array(memory);
  return {
    /**
     * Adds rows of big-endian int16 with BZERO 32768 to u32 sums of `count` columns.
     * @param stride pixels from a row to the next
     * @param rows at most 256
     */
    addRows16(from: number, stride: number, rows: number, count: number, sums: number): void {
      for (let row = 0; row < rows; row++) {
        const start = (from >> 1) + row * stride;
        for (let x = 0; x < count; x++) {
          const word = words[start + x]! ^ 0x80;
          counters[sums / 4 + x]! += ((word & 0xff) << 8) | (word >> 8);
        }
      }
    },

    /** Adds rows of native f32 to f32 sums of columns, but for NaN; the others are counted in u32. */
    addRowsF32(
      from: number,
      stride: number,
      rows: number,
      count: number,
      sums: number,
      counts: number,
    ): void {
      for (let row = 0; row < rows; row++) {
        const start = from / 4 + row * stride;
        for (let x = 0; x < count; x++) {
          const value = floats[start + x]!;
          if (Number.isNaN(value)) continue;
          floats[sums / 4 + x]! += value;
          counters[counts / 4 + x]!++;
        }
      }
    },

    /**
     * Of each `factor` u32 sums in turn, adds every `step`th from the first on and writes their sum × weight as f32.
     * Blocks of up to 256 × 256 pixels fit 32 bits.
     */
    meanBlocks16(
      sums: number,
      factor: number,
      step: number,
      weight: number,
      blocks: number,
      to: number,
    ): void {
      for (let block = 0; block < blocks; block++) {
        const start = sums / 4 + block * factor;
        let sum = 0;
        for (let x = 0; x < factor; x += step) sum += counters[start + x]!;
        floats[to / 4 + block] = (sum >>> 0) * weight;
      }
    },

    /** The same of f32 sums with their counts: the mean of what was counted, NaN where that is nothing. */
    meanBlocksF32(
      sums: number,
      counts: number,
      factor: number,
      step: number,
      blocks: number,
      to: number,
    ): void {
      for (let block = 0; block < blocks; block++) {
        const start = block * factor;
        let sum = 0;
        let count = 0;
        for (let x = start; x < start + factor; x += step) {
          sum += floats[sums / 4 + x]!;
          count += counters[counts / 4 + x]!;
        }
        floats[to / 4 + block] = count ? sum / count : Number.NaN;
      }
    },
  };
}
