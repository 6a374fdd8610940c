import { cell } from '../../core/cell.ts';
import type { Gps, GpsFix } from '../../device/gps.ts';
import type { Reading, Verdict, Weather } from '../../device/weather.ts';

/** Two thermometers, a rain gauge that judges by itself, and something INDI has no word for. */
export function pretendWeather() {
  const verdict = cell<Verdict>('safe');
  const rainVerdict = cell<Verdict>('safe');
  const temperature = cell<number | undefined>(4.5);
  let refreshed = 0;
  const reading = (id: string, kind: Reading['kind'], unit: string, value = cell<number | undefined>(1)) => ({
    id,
    label: id,
    kind,
    unit,
    value,
  });
  const weather: Weather = {
    verdict,
    readings: [
      reading('air', 'temperature', '°C', temperature),
      reading('box-temperature', 'temperature', '°C'),
      { ...reading('rain', 'rain', 'mm/h'), verdict: rainVerdict },
      reading('mood', 'other', ''),
    ],
    async refresh() {
      refreshed++;
    },
  };
  return { weather, verdict, rainVerdict, temperature, refreshed: () => refreshed };
}

export function pretendGps() {
  const fix = cell<GpsFix | undefined>(undefined);
  const gps: Gps = { fix, async refresh() {} };
  return { gps, fix };
}
