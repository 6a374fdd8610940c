/** Units and small arithmetic that every folder shares. Angles are degrees unless a name says otherwise. */

export const ARCSECONDS_PER_DEGREE = 3600;
/** Sidereal rate in arc-seconds per second of UTC (IERS: 1.00273790935 × 15). */
export const SIDEREAL_ARCSEC_PER_SECOND = 15.04106858;

export const radians = (degrees: number): number => (degrees * Math.PI) / 180;
export const degrees = (angle: number): number => (angle * 180) / Math.PI;
export const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

/** The remainder with the sign of the divisor: always in [0, range). */
export function modulo(value: number, range: number): number {
  const rest = value % range;
  const wrapped = rest < 0 ? rest + range : rest;
  // A tiny negative rest disappears in the sum.
  return wrapped === range ? 0 : wrapped;
}

/** An angle in [0, 360). */
export const unsignedDegrees = (angle: number): number => modulo(angle, 360);

/** An angle in (−180, 180]. */
export function signedDegrees(angle: number): number {
  const wrapped = modulo(angle, 360);
  return wrapped > 180 ? wrapped - 360 : wrapped;
}

/**
 * Sexagesimal text: `sexagesimal(-0.5, 1)` → `-00:30:00.0`. Rounds first, so that 59.96 s never prints as 60.
 * @param plus written before values ≥ 0 (`+` for declinations)
 */
export function sexagesimal(value: number, decimals = 0, plus = '', separators = [':', ':', '']): string {
  const scale = 10 ** decimals;
  const total = Math.round(Math.abs(value) * 3600 * scale);
  const seconds = (total % (60 * scale)) / scale;
  const minutes = Math.floor(total / (60 * scale)) % 60;
  const whole = Math.floor(total / (3600 * scale));
  const sign = value < 0 && total > 0 ? '-' : plus;
  const width = decimals > 0 ? 3 + decimals : 2;
  return (
    `${sign}${String(whole).padStart(2, '0')}${separators[0]}${String(minutes).padStart(2, '0')}` +
    `${separators[1]}${seconds.toFixed(decimals).padStart(width, '0')}${separators[2]}`
  );
}

/**
 * Reads decimal or sexagesimal text by the INDI rules (card INDI, section 1): the sign applies to the whole,
 * up to three fields separated by any non-digit. Returns NaN for text that is no number.
 */
export function parseSexagesimal(text: string): number {
  const trimmed = text.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(trimmed)) return Number(trimmed);
  const match = /^([+-]?)\s*(\d+(?:\.\d*)?)[^\d.+-]+(\d+(?:\.\d*)?)(?:[^\d.+-]+(\d+(?:\.\d*)?))?[^\d]*$/.exec(
    trimmed,
  );
  if (!match) return Number.NaN;
  const value = Number(match[2]) + Number(match[3]) / 60 + Number(match[4] ?? 0) / 3600;
  return match[1] === '-' ? -value : value;
}
