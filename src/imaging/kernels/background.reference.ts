/** Samples apart at which neither a Bayer pattern nor interpolation ties the noise together. */
const LAG = 4;

const deviation = (variance: number) => (variance > 0.25 ? Math.sqrt(variance) : 0.5);
const toU16 = (value: number) => Math.trunc(Math.min(65_535, Math.max(0, value)));

export function backgroundReference(memory: ArrayBuffer) {
  const words = new Uint16Array(memory);
  const counts = new Uint32Array(memory);
  const doubles = new Float64Array(memory);

  return {
    /**
     * Level and standard deviation of the sky in a tile of u16 samples: median and lower quartile first, for stars lie
     * above, then the mean within three standard deviations, two rounds. The deviation is that of differences between
     * samples four apart, so that gradients and nebulae are no noise; at least half a unit.
     * @param stride samples from one row of the tile to the next
     * @param width ≥ 1, width × height ≤ 32 768 samples
     * @param scratch width × height u16
     * @param counters 256 u32
     * @param sky two f64: level, deviation
     */
    skyOfTile(
      from: number,
      stride: number,
      width: number,
      height: number,
      scratch: number,
      counters: number,
      sky: number,
    ): void {
      let count = 0;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          words[(scratch >> 1) + count++] = words[(from >> 1) + y * stride + x]!;
        }
      }
      const samples = words.subarray(scratch >> 1, (scratch >> 1) + count);
      const [median, quartile] = ranked(samples, counts.subarray(counters >> 2, (counters >> 2) + 256));
      let level = median;
      let spread = deviation((median - quartile) * (median - quartile) * 2.2);
      for (let round = 0; round < 2; round++) {
        const [low, high] = [toU16(level - 3 * spread), toU16(level + 3 * spread + 1)];
        let [used, sum, squares] = [0, 0, 0];
        for (const sample of samples) {
          if (sample < low || sample > high) continue;
          used++;
          sum += sample - median;
          squares += (sample - median) ** 2;
        }
        if (used < 2) break;
        const mean = sum / used;
        level = median + mean;
        spread = deviation(squares / used - mean * mean);
      }
      const most = toU16(4.2 * spread + 1);
      let [pairs, squares] = [0, 0];
      for (let index = LAG; index < count; index++) {
        const step = samples[index]! - samples[index - LAG]!;
        if (step < -most || step > most) continue;
        pairs++;
        squares += step * step;
      }
      if (pairs > 8) spread = deviation(squares / (2 * pairs));
      doubles[sky >> 3] = level;
      doubles[(sky >> 3) + 1] = spread;
    },
  };
}

/** Median and lower quartile, by counting high bytes first, then the low ones of the bin that holds them. */
function ranked(samples: Uint16Array, counters: Uint32Array): [number, number] {
  const { length } = samples;
  const within = (rank: number): [number, number] => {
    let bin = 0;
    while (counters[bin]! <= rank) rank -= counters[bin++]!;
    return [bin, rank];
  };
  const count = (byteOf: (sample: number) => number) => {
    counters.fill(0);
    for (const sample of samples) {
      const byte = byteOf(sample);
      if (byte >= 0) counters[byte]!++;
    }
  };
  const lowOf = (high: number) => count((sample) => (sample >> 8 === high ? sample & 255 : -1));
  count((sample) => sample >> 8);
  const [half, fourth] = [within(length >> 1), within(length >> 2)];
  lowOf(half[0]);
  const median = (half[0] << 8) | within(half[1])[0];
  if (fourth[0] !== half[0]) lowOf(fourth[0]);
  return [median, (fourth[0] << 8) | within(fourth[1])[0]];
}
