/** A chip's trimming values (BST-BME280-DS002, table 16). */
export interface Trim {
  t: readonly [number, number, number];
  p: readonly [number, number, number, number, number, number, number, number, number];
  h: readonly [number, number, number, number, number, number];
}

/** Temperature and pressure of Bosch's worked example, humidity of a common chip. */
export const trim: Trim = {
  t: [27504, 26435, -1000],
  p: [36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000],
  h: [75, 370, 0, 313, 50, 30],
};

/** As they lie in the chip: register and bytes. */
export function trimBytes({ t, p, h }: Trim, wet: boolean): [number, number[]][] {
  const word = (value: number) => [value & 0xff, (value >> 8) & 0xff];
  const [h1, h2, h3, h4, h5, h6] = h;
  const warm: [number, number[]][] = [
    [0x88, t.flatMap(word)],
    [0x8e, p.flatMap(word)],
  ];
  if (!wet) return warm;
  const split = [(h4 >> 4) & 0xff, (h4 & 0xf) | ((h5 & 0xf) << 4), (h5 >> 4) & 0xff];
  return [...warm, [0xa1, [h1]], [0xe1, [...word(h2), h3, ...split, h6 & 0xff]]];
}

/**
 * The data sheet's compensation in whole numbers (section 4.2.3; pressure in 64 bits): another form than a driver in floating
 * point would take, and so a judge of it.
 */
export const compensate = {
  celsius: (by: Trim, raw: number): number => Number((fine(by, raw) * 5n + 128n) >> 8n) / 100,

  pascals({ t, p, h }: Trim, raw: number, rawT: number): number {
    const [p1, p2, p3, p4, p5, p6, p7, p8, p9] = p.map(BigInt) as bigint[] & { length: 9 };
    let v1 = fine({ t, p, h }, rawT) - 128000n;
    let v2 = v1 * v1 * p6!;
    v2 += (v1 * p5!) << 17n;
    v2 += p4! << 35n;
    v1 = ((v1 * v1 * p3!) >> 8n) + ((v1 * p2!) << 12n);
    v1 = (((1n << 47n) + v1) * p1!) >> 33n;
    if (v1 === 0n) return 0;
    let pressure = 1048576n - BigInt(raw);
    pressure = (((pressure << 31n) - v2) * 3125n) / v1;
    v1 = (p9! * (pressure >> 13n) * (pressure >> 13n)) >> 25n;
    v2 = (p8! * pressure) >> 19n;
    return Number(((pressure + v1 + v2) >> 8n) + (p7! << 4n)) / 256;
  },

  humidity(by: Trim, raw: number, rawT: number): number {
    const [h1, h2, h3, h4, h5, h6] = by.h.map(BigInt) as bigint[] & { length: 6 };
    const v = fine(by, rawT) - 76800n;
    const wet = ((BigInt(raw) << 14n) - (h4! << 20n) - h5! * v + 16384n) >> 15n;
    const warm = (((v * h6!) >> 10n) * (((v * h3!) >> 11n) + 32768n)) >> 10n;
    let humidity = wet * (((warm + 2097152n) * h2! + 8192n) >> 14n);
    humidity -= ((((humidity >> 15n) * (humidity >> 15n)) >> 7n) * h1!) >> 4n;
    const clamped = humidity < 0n ? 0n : humidity > 419430400n ? 419430400n : humidity;
    return Number(clamped >> 12n) / 1024;
  },
};

function fine({ t }: Trim, raw: number): bigint {
  const [t1, t2, t3] = t.map(BigInt) as [bigint, bigint, bigint];
  const adc = BigInt(raw);
  const linear = (((adc >> 3n) - (t1 << 1n)) * t2) >> 11n;
  const offset = (adc >> 4n) - t1;
  return linear + ((((offset * offset) >> 12n) * t3) >> 14n);
}
