import { type Cell, derived } from '../../core/cell.ts';
import type { Reading, ReadingKind, Verdict, Weather } from '../../device/weather.ts';
import type { State } from '../message.ts';
import type { Hosted } from './hosted.ts';
import { command, elementCell, has, labelOf, numberCell, slug, stateCell } from './tools.ts';

const verdicts: Record<State, Verdict> = { Ok: 'safe', Busy: 'warning', Alert: 'unsafe', Idle: 'unknown' };
/** The worst first; what is not known does not outweigh what is. */
const worst: readonly Verdict[] = ['unsafe', 'warning', 'safe', 'unknown'];

/** By the element's name, as the drivers of libindi word it; the first that fits. */
const kinds: readonly (readonly [RegExp, ReadingKind])[] = [
  [/DEW/, 'dewPoint'],
  [/SKY_?TEMP|SKY_IR|INFRARED/, 'skyTemperature'],
  [/SKY_?(BRIGHT|QUAL)|SQM/, 'skyQuality'],
  [/TEMP/, 'temperature'],
  [/HUMID/, 'humidity'],
  [/PRESS|BAROM/, 'pressure'],
  [/GUST/, 'windGust'],
  [/WIND_?(SPEED|AVG)|^WEATHER_WIND$/, 'windSpeed'],
  [/RAIN|PRECIP/, 'rain'],
  [/CLOUD/, 'cloudCover'],
  [/LIGHT|LUX|BRIGHTNESS/, 'light'],
];

/** INDI protocol 1.7, weather: the state of WEATHER_STATUS is the worst of its lights. */
export function adoptWeather(hosted: Hosted): Weather | undefined {
  const judges = ['WEATHER_STATUS', 'SAFETY_STATUS'].filter((name) => has(hosted, name));
  const elements = Object.keys(hosted.property('WEATHER_PARAMETERS')?.values ?? {});
  if (judges.length + elements.length === 0) return undefined;
  const states = judges.map((name) => stateCell(hosted, name));
  const verdict = derived([hosted.alive, ...states], (): Verdict => {
    if (!hosted.alive.value) return 'unknown';
    const said = states.map(({ value }) => verdicts[value]);
    return worst.find((one) => said.includes(one)) ?? 'unknown';
  });
  return {
    verdict,
    readings: elements.map((name) => reading(hosted, name)),
    ...(has(hosted, 'WEATHER_REFRESH', 'REFRESH') && {
      refresh: (run) => command(hosted, 'WEATHER_REFRESH', { REFRESH: true }, run, { answerMs: 30_000 }),
    }),
  };
}

function reading(hosted: Hosted, name: string): Reading {
  const [, label = name, unit = ''] =
    /^(.*?)\s*(?:\(([^)]*)\))?$/.exec(labelOf(hosted, 'WEATHER_PARAMETERS', name)) ?? [];
  return {
    id: slug(name.replace(/^WEATHER_/, '')),
    label,
    kind: kinds.find(([words]) => words.test(name.toUpperCase()))?.[1] ?? 'other',
    unit,
    value: numberCell(hosted, 'WEATHER_PARAMETERS', name),
    ...(has(hosted, 'WEATHER_STATUS', name) && { verdict: light(hosted, name) }),
  };
}

const light = (hosted: Hosted, name: string): Cell<Verdict> =>
  elementCell<Verdict>(hosted, 'WEATHER_STATUS', 'unknown', ({ values }) => verdicts[values[name] as State]);
