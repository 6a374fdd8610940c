import type { Device } from '../../device/device.ts';
import type { Reading, ReadingKind, Verdict, Weather } from '../../device/weather.ts';
import { indi, MAIN, OPTIONS } from '../actor.ts';
import type { State } from '../message.ts';
import { number, type Panel } from '../panel.ts';
import { constantCase } from './settings.ts';
import { projectButton } from './switches.ts';

const states: Record<Verdict, State> = { safe: 'Ok', warning: 'Busy', unsafe: 'Alert', unknown: 'Idle' };

/** libindi's names, by which clients find temperature and rain. */
const names: Record<Exclude<ReadingKind, 'other'>, string> = {
  temperature: 'WEATHER_TEMPERATURE',
  humidity: 'WEATHER_HUMIDITY',
  dewPoint: 'WEATHER_DEWPOINT',
  pressure: 'WEATHER_PRESSURE',
  windSpeed: 'WEATHER_WIND_SPEED',
  windGust: 'WEATHER_WIND_GUST',
  rain: 'WEATHER_RAIN_HOUR',
  cloudCover: 'WEATHER_CLOUD_COVER',
  skyTemperature: 'WEATHER_SKY_TEMPERATURE',
  skyQuality: 'WEATHER_SKY_QUALITY',
  light: 'WEATHER_LIGHT',
};

/** INDI protocol 1.7, weather: the state of WEATHER_STATUS is the verdict, and so is the light of SAFETY_STATUS. */
export function projectWeather(panel: Panel, device: Device, weather: Weather): void {
  const { verdict, readings } = weather;
  const named = nameAll(readings);
  const safety = panel.lights('SAFETY_STATUS', 'Safety', MAIN, { SAFETY: 'Safety' });
  panel.watch([verdict], () => {
    const state = states[verdict.value];
    safety.show({ SAFETY: state }, state);
  });

  const judged = named.filter(({ reading }) => reading.verdict);
  if (judged.length > 0) {
    const labels = Object.fromEntries(judged.map(({ name, reading }) => [name, reading.label]));
    const status = panel.lights<string>('WEATHER_STATUS', 'Status', MAIN, labels);
    panel.watch([verdict, ...judged.map(({ reading }) => reading.verdict)], () => {
      const lights = judged.map(({ name, reading }) => [name, states[reading.verdict?.value ?? 'unknown']]);
      status.show(Object.fromEntries(lights), states[verdict.value]);
    });
  } else {
    // A monitor that judges the whole has no light of its own for each reading.
    const status = panel.lights('WEATHER_STATUS', 'Status', MAIN, { SAFETY: 'Safety' });
    panel.watch([verdict], () => status.show({ SAFETY: states[verdict.value] }, states[verdict.value]));
  }

  if (named.length > 0) projectReadings(panel, named);
  if (weather.refresh) {
    projectButton(panel, ['WEATHER_REFRESH', 'Weather', MAIN], 'REFRESH', 'Refresh', (button) =>
      panel.command(button, [], () => device.operate(indi, 'weather', 'refresh', {})),
    );
  }
  projectPeriod(panel, device);
}

function projectReadings(panel: Panel, named: readonly Named[]): void {
  const elements = named.map(({ name, reading: { label, unit } }) => [
    name,
    number(unit ? `${label} (${unit})` : label, '%.2f'),
  ]);
  const now = () =>
    Object.fromEntries(
      named.flatMap(({ name, reading: { value } }) =>
        value.value === undefined ? [] : [[name, value.value]],
      ),
    ) as Record<string, number>;
  const zeros = Object.fromEntries(named.map(({ name }) => [name, 0]));
  const parameters = panel.numbers(
    'WEATHER_PARAMETERS',
    'Parameters',
    'Parameters',
    Object.fromEntries(elements),
    {
      ...zeros,
      ...now(),
    },
  );
  panel.watch(
    named.map(({ reading }) => reading.value),
    () => {
      const missing = named.some(({ reading }) => reading.value.value === undefined);
      parameters.show(now(), missing ? 'Alert' : 'Ok');
    },
  );
}

/** WEATHER_UPDATE is POLLING_PERIOD in seconds. */
function projectPeriod(panel: Panel, device: Device): void {
  const now = () => ({ PERIOD: device.pollMs.value / 1000 });
  const elements = { PERIOD: number('Period (s)', '%g', 0.01, 600, 1) };
  const period = panel.numbers('WEATHER_UPDATE', 'Update', OPTIONS, elements, now(), { perm: 'rw' });
  panel.watch([device.pollMs], () => period.show(now(), 'Ok'));
  period.onWrite(({ PERIOD }) => device.setPollMs(PERIOD * 1000));
}

interface Named {
  name: string;
  reading: Reading;
}

/** The first of a kind has the well-known name; the others, and what INDI has no word for, are named by their ids. */
function nameAll(readings: readonly Reading[]): Named[] {
  const taken = new Set<string>();
  return readings.map((reading) => {
    const known = reading.kind === 'other' ? undefined : names[reading.kind];
    const name = known && !taken.has(known) ? known : `WEATHER_${constantCase(reading.id)}`;
    taken.add(name);
    return { name, reading };
  });
}
