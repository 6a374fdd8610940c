import type { DewSampleView } from '../src/api/dew.ts';

/** What is drawn of the last hours: a path a temperature, and the duty as an area from the bottom. */
export interface DewLines {
  paths: { name: 'air' | 'dew point' | 'glass'; d: string }[];
  duty: string;
  low: number;
  high: number;
  hours: number;
}

/** Two samples further apart have a gap between them: the unit was off. */
const GAP_MS = 300_000;
/** The least range that fills the height, °C. */
const LEAST_RANGE = 4;

/** Of one heater; undefined: there is nothing to draw yet. Earliest left, one scale for all temperatures. */
export function dewLines(
  samples: readonly DewSampleView[],
  channel: string,
  width: number,
  height: number,
): DewLines | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || first === last) return undefined;
  const series = {
    air: samples.map(({ ambientCelsius }) => ambientCelsius),
    'dew point': samples.map(({ dewPointCelsius }) => dewPointCelsius),
    glass: samples.map(({ channels }) => channels[channel]?.glassCelsius),
  };
  const told = Object.values(series).flatMap((values) => values.filter((value) => value !== undefined));
  const [low, high] = told.length > 0 ? [Math.min(...told), Math.max(...told)] : [0, 0];
  const range = Math.max(high - low, LEAST_RANGE);
  const middle = (low + high) / 2;
  const x = (utc: number) => round(((utc - first.utc) / (last.utc - first.utc)) * width);
  const path = (values: readonly (number | undefined)[], y: (value: number) => number) => {
    let pen: number | undefined;
    return samples
      .map(({ utc }, index) => {
        const value = values[index];
        if (value === undefined) {
          pen = undefined;
          return '';
        }
        const joined = pen !== undefined && utc - pen <= GAP_MS;
        pen = utc;
        return `${joined ? 'L' : 'M'}${x(utc)} ${round(y(value))}`;
      })
      .join('');
  };
  const names = Object.keys(series) as (keyof typeof series)[];
  const duties = samples.map(
    ({ utc, channels }) => `${x(utc)} ${round(height * (1 - (channels[channel]?.duty ?? 0) / 100))}`,
  );
  return {
    paths: names
      .map((name) => ({ name, d: path(series[name], (value) => height * (0.5 - (value - middle) / range)) }))
      .filter(({ d }) => d !== ''),
    duty: `M0 ${height}L${duties.join('L')}L${width} ${height}Z`,
    low,
    high,
    hours: (last.utc - first.utc) / 3_600_000,
  };
}

const round = (value: number) => Math.round(value * 10) / 10;
