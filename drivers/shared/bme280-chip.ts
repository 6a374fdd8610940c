import { clamp } from '../../src/core/units.ts';
import { fieldsOf, s8, s16le, u8, u16le } from './registers.ts';

/** What a BME280 or BMP280 measures (Bosch BST-BME280-DS002, BST-BMP280-DS001), apart from the bus it hangs on. */
export interface Air {
  celsius: number;
  /** Undefined: a BMP280, or a pressure of nonsense. */
  humidity?: number;
  hectopascals?: number;
}

/** Calibration, section 4.2.2: a first block 0x88…0xA1, a second one 0xE1…0xE7. */
const first = {
  t1: u16le(0x88),
  t2: s16le(0x8a),
  t3: s16le(0x8c),
  p1: u16le(0x8e),
  p2: s16le(0x90),
  p3: s16le(0x92),
  p4: s16le(0x94),
  p5: s16le(0x96),
  p6: s16le(0x98),
  p7: s16le(0x9a),
  p8: s16le(0x9c),
  p9: s16le(0x9e),
  h1: u8(0xa1),
};
const second = { h2: s16le(0xe1), h3: u8(0xe3), h4: s8(0xe4), h45: u8(0xe5), h5: s8(0xe6), h6: s8(0xe7) };

type Names = Exclude<keyof typeof first | keyof typeof second, 'h45'>;
export type Calibration = Readonly<Record<Names, number>>;

/** @param warm 26 bytes from 0x88. @param wet 7 bytes from 0xE1; a BMP280 has none */
export function calibrationOf(warm: Uint8Array, wet: Uint8Array = new Uint8Array(7)): Calibration {
  const { h45, ...rest } = fieldsOf(second, wet, 0xe1);
  // Two numbers of 12 bits share 0xE5; their high bytes carry the sign.
  const h4 = rest.h4 * 16 + (h45 & 0x0f);
  const h5 = rest.h5 * 16 + (h45 >> 4);
  return { ...fieldsOf(first, warm, 0x88), ...rest, h4, h5 };
}

/** What a channel says that was not measured. */
const SKIPPED = 0x80000;
const SKIPPED_HUMIDITY = 0x8000;

/**
 * Section 4.2.3 in floating point. @param data 8 bytes from 0xF7, or 6 of a BMP280
 * @returns undefined when nothing was measured
 */
export function airOf(calibration: Calibration, data: Uint8Array): Air | undefined {
  const c = calibration;
  const byte = (index: number) => data[index] ?? 0;
  const twenty = (index: number) => (byte(index) << 12) | (byte(index + 1) << 4) | (byte(index + 2) >> 4);
  const rawPressure = twenty(0);
  const rawTemperature = twenty(3);
  const rawHumidity = (byte(6) << 8) | byte(7);
  if (rawTemperature === SKIPPED) return undefined;

  const fine =
    (rawTemperature / 16384 - c.t1 / 1024) * c.t2 + (rawTemperature / 131072 - c.t1 / 8192) ** 2 * c.t3;
  const pascals = rawPressure === SKIPPED ? undefined : pressureOf(c, rawPressure, fine);
  return {
    celsius: fine / 5120,
    ...(pascals !== undefined && { hectopascals: pascals / 100 }),
    ...(data.length >= 8 &&
      rawHumidity !== SKIPPED_HUMIDITY && { humidity: humidityOf(c, rawHumidity, fine) }),
  };
}

function pressureOf(c: Calibration, raw: number, fine: number): number | undefined {
  let v1 = fine / 2 - 64000;
  let v2 = (v1 * v1 * c.p6) / 32768 + v1 * c.p5 * 2;
  v2 = v2 / 4 + c.p4 * 65536;
  v1 = ((c.p3 * v1 * v1) / 524288 + c.p2 * v1) / 524288;
  v1 = (1 + v1 / 32768) * c.p1;
  if (v1 === 0) return undefined;
  const p = ((1048576 - raw - v2 / 4096) * 6250) / v1;
  return p + ((c.p9 * p * p) / 2147483648 + (p * c.p8) / 32768 + c.p7) / 16;
}

function humidityOf(c: Calibration, raw: number, fine: number): number {
  const t = fine - 76800;
  const h =
    (raw - (c.h4 * 64 + (c.h5 / 16384) * t)) *
    ((c.h2 / 65536) * (1 + (c.h6 / 67108864) * t * (1 + (c.h3 / 67108864) * t)));
  return clamp(h * (1 - (c.h1 * h) / 524288), 0, 100);
}
