import { modulo } from '../../src/core/units.ts';

const two = (value: number) => String(value).padStart(2, '0');

/** `HH:MM:SS`, or `HH:MM.T` in low precision, of degrees. */
export function hourText(degrees: number, precise = true): string {
  const seconds = Math.round(modulo(degrees, 360) * 240) % 86_400;
  const tenths = Math.round(modulo(degrees, 360) * 40) % 14_400;
  return precise
    ? `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
    : `${two(Math.floor(tenths / 600))}:${two(Math.floor(tenths / 10) % 60)}.${tenths % 10}`;
}

/** `sDD*MM:SS`, or `sDD*MM` in low precision. @param digits of the degrees; @param marks after degrees, minutes */
export function degreeText(value: number, precise: boolean, digits = 2, marks = '*:'): string {
  const unit = precise ? 3600 : 60;
  const total = Math.round(Math.abs(value) * unit);
  const sign = value < 0 && total > 0 ? '-' : '+';
  const whole = String(Math.floor(total / unit)).padStart(digits, '0');
  const rest = total % unit;
  return precise
    ? `${sign}${whole}${marks[0]}${two(Math.floor(rest / 60))}${marks[1]}${two(rest % 60)}`
    : `${sign}${whole}${marks[0]}${two(rest)}`;
}

export const clockText = (hour: number, minute: number, second: number): string =>
  `${two(hour)}:${two(minute)}:${two(second)}`;
export const dateText = (year: number, month: number, day: number): string =>
  `${two(month)}/${two(day)}/${two(year % 100)}`;
