import type { Analysis, SolutionView } from '../src/api/exposure-view.ts';
import type { RunView } from '../src/api/views.ts';

const two = (value: number) => String(Math.floor(value)).padStart(2, '0');

/** `00h 42m 44s` of ICRS degrees. */
export function raText(degrees: number): string {
  const seconds = Math.round(degrees * 240) % 86_400;
  return `${two(seconds / 3600)}h ${two((seconds / 60) % 60)}m ${two(seconds % 60)}s`;
}

/** `+41° 16′ 09″`. */
export function decText(degrees: number): string {
  const seconds = Math.round(Math.abs(degrees) * 3600);
  return `${degrees < 0 && seconds > 0 ? '−' : '+'}${two(seconds / 3600)}° ${two((seconds / 60) % 60)}′ ${two(seconds % 60)}″`;
}

/** `0.5 s`, `30 s`, `5 min`, `1 h 30 min`: an exposure as people say it. */
export function lengthText(seconds: number): string {
  if (seconds < 60 || (seconds % 60 !== 0 && seconds < 600)) return `${Number(seconds.toPrecision(3))} s`;
  if (seconds < 3600) return `${Number((seconds / 60).toFixed(1))} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

/** Time left, never showing zero before the end: `4:09`, `12`. */
export function leftText(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  return whole < 60 ? String(whole) : `${Math.floor(whole / 60)}:${two(whole % 60)}`;
}

/** 0…1 of an exposure, or undefined where nobody knows. @param utc milliseconds by the rig's clock */
export function exposureFraction(run: RunView, utc: number): number | undefined {
  if (run.exposureSeconds === undefined) return run.fraction;
  if (run.exposureSeconds === 0) return 1;
  const elapsed = (utc - Date.parse(run.startedUtc)) / 1000;
  return Math.min(1, Math.max(0, elapsed / run.exposureSeconds));
}

/**
 * `0 42 44, +41 16 9` or `0.712 41.27`: right ascension in hours, declination in degrees, sexagesimal or decimal.
 * @returns ICRS degrees, or undefined for what is no place on the sky
 */
export function parsePlace(text: string): { ra: number; dec: number } | undefined {
  const tidy = text
    .replace(/[−–]/g, '-')
    .replace(/[hms°'′"″:d]/g, ' ')
    .trim();
  const split = /^(.*?)[\s,]+([+-].*)$/.exec(tidy) ?? /^([^,]+),(.+)$/.exec(tidy);
  const numbers = tidy.split(/[\s,]+/);
  const half = numbers.length / 2;
  if (!split && !Number.isInteger(half)) return undefined;
  const first = split?.[1] ?? numbers.slice(0, half).join(' ');
  const second = split?.[2] ?? numbers.slice(half).join(' ');
  const hours = sexagesimal(first);
  const dec = sexagesimal(second);
  if (hours === undefined || dec === undefined) return undefined;
  if (hours < 0 || hours >= 24 || Math.abs(dec) > 90) return undefined;
  return { ra: hours * 15, dec };
}

function sexagesimal(text: string): number | undefined {
  const match = /^([+-]?)\s*(\d+(?:\.\d+)?)(?:\s+(\d+(?:\.\d+)?))?(?:\s+(\d+(?:\.\d+)?))?\s*$/.exec(
    text.replace(/,/g, ' ').trim(),
  );
  if (!match) return undefined;
  const [whole = 0, minutes = 0, seconds = 0] = match.slice(2).map((part) => Number(part ?? 0));
  if (minutes >= 60 || seconds >= 60) return undefined;
  const value = whole + minutes / 60 + seconds / 3600;
  return match[1] === '-' ? -value : value;
}

/** `−9.8`, `12`: a figure as instruments show it, with a true minus. */
export const figure = (value: number, digits = 1): string => value.toFixed(digits).replace('-', '−');

/** `HFR 2.14`, `260 stars`, `eccentricity 0.31`: of what is known. */
export function sharpnessWords(analysis: Analysis | undefined): string[] {
  if (!analysis) return [];
  const { hfr, stars, eccentricity } = analysis;
  return [
    ...(hfr === undefined ? [] : [`HFR ${figure(hfr, 2)}`]),
    `${stars} ${stars === 1 ? 'star' : 'stars'}`,
    ...(eccentricity === undefined ? [] : [`eccentricity ${figure(eccentricity, 2)}`]),
  ];
}

/** What lies between the stars, and their width: `FWHM 3.9`, `sky 980 ± 18 ADU`, `2 saturated`. */
export const skyWords = ({ fwhm, background, noise, saturated }: Analysis): string[] => [
  ...(fwhm === undefined ? [] : [`FWHM ${figure(fwhm)} px`]),
  `sky ${readingText(background)} ± ${readingText(noise)} ADU`,
  ...(saturated > 0 ? [`${saturated} saturated`] : []),
];

/** `3.95° × 2.63°`, `17.3′ × 11.5′`, `42″ × 28″`: a field in the unit that its longer side deserves. */
export function fieldText(width: number, height: number): string {
  const longer = Math.max(width, height);
  const [scale, unit] = longer >= 1 ? [1, '°'] : longer >= 1 / 60 ? [60, '′'] : [3600, '″'];
  const text = (degrees: number) => `${Number((degrees * scale).toPrecision(3))}${unit}`;
  return `${text(width)} × ${text(height)}`;
}

const by = (matched: number, off: number): [string, string] => [
  'by',
  `${matched} stars, ${Number(off.toPrecision(2))}″ off`,
];

/** What a solved image says of itself, each fact with its name. */
export const placeFacts = (solved: SolutionView & { solved: true }): [name: string, value: string][] => [
  ['field', fieldText(solved.fieldWidth, solved.fieldHeight)],
  ['scale', `${Number(solved.scale.toPrecision(4))}″ a pixel`],
  ['up is', `${figure(solved.rotation)}° from north${solved.parity === 1 ? '' : ', mirrored'}`],
  // Other programs do not say by how many stars.
  ...(solved.matched ? [by(solved.matched, solved.rmsArcsec)] : []),
];

/** With the digits that a reading deserves by its size: `1013`, `45.5`, `0.25`. */
export const readingText = (value: number): string =>
  figure(value, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 || value === 0 ? 1 : 2);

/** A figure that somebody has set, with no more digits than it has: `90`, `0.25`. */
export const settingText = (value: number): string => String(Number(value.toPrecision(4))).replace('-', '−');

/** `48.200° N 16.400° E`. */
export const placeText = ({ latitude, longitude }: { latitude: number; longitude: number }): string =>
  `${degrees(latitude, 'N', 'S')} ${degrees(longitude, 'E', 'W')}`;

const degrees = (value: number, plus: string, minus: string) =>
  `${Math.abs(value).toFixed(3)}° ${value < 0 ? minus : plus}`;

/** A free id for something that people call `name`: small letters, digits and `-`. */
export function freeId(name: string, taken: readonly string[]): string {
  const plain = name
    .toLowerCase()
    .replace(/^indi_/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 50);
  const base = plain || 'program';
  let id = base;
  for (let number = 2; taken.includes(id); number++) id = `${base}-${number}`;
  return id;
}

const winds = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'];
export const windOf = (azimuth: number): string => winds[Math.round(azimuth / 45) % 8] ?? 'N';

/** What to do about it, by the kind of a problem; the first sentence is the unit's own. */
const advice: Record<string, string> = {
  gone: 'Check its cable and power, then connect it under Rig.',
  silent: 'Check its power; Nightjar keeps trying.',
  garbled: 'Try again; if it stays, unplug it and plug it in again.',
  busy: 'Wait until it is done, or press STOP.',
  internal: 'Try again; the log has the details.',
};

/** With its capital and its stop. */
export const sentence = (words: string): string =>
  words.charAt(0).toUpperCase() + words.slice(1) + (/[.!?…]$/.test(words) ? '' : '.');

export interface Failure {
  /** `urn:nightjar:problem:<kind>`. */
  type?: string;
  detail?: string;
}

/** A problem document in plain words that say what to do. */
export function plainWords({ type, detail }: Failure): string {
  const kind = type?.split(':').at(-1) ?? '';
  return [sentence(detail || 'that did not work'), advice[kind]].filter(Boolean).join(' ');
}
