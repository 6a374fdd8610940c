import { calendarUtc } from '../../src/core/clock.ts';
import type { Picture } from '../sky/photographs.ts';
import type { ImageAnswer } from './alpaca.ts';

/** "Alpaca ImageBytes" and `imagearray`: column after column. Integers are int32 to the client, packed where they fit. */
export function imageAnswer({ width, height, format, samples }: Picture): ImageAnswer {
  const columns = { u16: Uint16Array, i32: Int32Array, f32: Float64Array }[format];
  const elementTypes = { u16: [2, 8], i32: [2, 2], f32: [3, 3] } as const;
  const turned = () => {
    const into = new columns(width * height);
    for (let x = 0, at = 0; x < width; x++) {
      for (let y = 0; y < height; y++) into[at++] = samples[y * width + x]!;
    }
    return into;
  };
  return {
    binary() {
      const [imageElementType, transmissionElementType] = elementTypes[format];
      return {
        imageElementType,
        transmissionElementType,
        width,
        height,
        pixels: new Uint8Array(turned().buffer),
      };
    },
    json() {
      const all = turned();
      const Value = Array.from({ length: width }, (_, x) => [...all.subarray(x * height, (x + 1) * height)]);
      return { Type: format === 'f32' ? 3 : 2, Rank: 2, Value };
    },
  };
}

/** `2026-01-15T23:00:00.500`, as in FITS headers. */
export function fitsTime(utc: number): string {
  const { year, month, day, hour, minute, second, millisecond } = calendarUtc(utc);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = `${two(hour)}:${two(minute)}:${two(second)}.${String(millisecond).padStart(3, '0')}`;
  return `${year}-${two(month)}-${two(day)}T${time}`;
}
