import type { Device } from '../device/device.ts';
import { dewPointOf, humidityOf } from '../device/dew-point.ts';
import type { DeviceHost } from '../device/host.ts';
import type { Reading, ReadingKind } from '../device/weather.ts';
import type { Air } from './dew.ts';

/** Where a temperature is told: a reading of a device. */
export interface ProbePlace {
  device: string;
  reading: string;
}

export interface KnownAir extends Air {
  humidityPercent: number;
}

const readingsOf = (device: Device): readonly Reading[] => device.capabilities.value.weather?.readings ?? [];
const first = (device: Device, kind: ReadingKind) => readingsOf(device).find((each) => each.kind === kind);

/** Devices that know the air's dew point, by themselves or by its humidity. */
export const airSensors = (host: DeviceHost): readonly Device[] =>
  host.devices.value.filter(
    (device) => first(device, 'temperature') && (first(device, 'dewPoint') ?? first(device, 'humidity')),
  );

/** The owner's choice while it is there, else the observatory's weather station, else the first that can. */
export function airSensorOf(host: DeviceHost, chosen: string | undefined): Device | undefined {
  if (chosen !== undefined) return host.find(chosen);
  const able = airSensors(host);
  return able.find((device) => device === host.inRole('weather')) ?? able[0];
}

/** Undefined: it is silent, or what it says is not all that is needed. */
export function readAir(device: Device): KnownAir | undefined {
  if (device.status.value.state !== 'connected') return undefined;
  const ambientCelsius = celsiusOf(first(device, 'temperature'));
  const told = celsiusOf(first(device, 'dewPoint'));
  const measured = first(device, 'humidity')?.value.value;
  // No air is so dry: it is what broken sensors say, and would leave every heater off.
  if (measured !== undefined && !(measured > 0 && Number.isFinite(measured))) return undefined;
  if (ambientCelsius === undefined || (told === undefined && measured === undefined)) return undefined;
  const humidityPercent = measured ?? humidityOf(ambientCelsius, told as number);
  return {
    ambientCelsius,
    humidityPercent,
    dewPointCelsius: told ?? dewPointOf(ambientCelsius, humidityPercent),
  };
}

/** Every temperature that may be a glass's: all but those of the air. */
export function probesIn(host: DeviceHost): readonly (ProbePlace & { label: string })[] {
  const air = airSensors(host).map((device) => first(device, 'temperature'));
  return host.devices.value.flatMap((device) => {
    const free = readingsOf(device).filter((each) => each.kind === 'temperature' && !air.includes(each));
    return free.map(({ id, label }) => ({
      device: device.id,
      reading: id,
      label: free.length > 1 ? `${device.label.value}: ${label}` : device.label.value,
    }));
  });
}

/** What the probe is called, and what it says: undefined while it is silent. */
export function readProbe(host: DeviceHost, { device: id, reading }: ProbePlace) {
  const device = host.find(id);
  const name = device?.label.value ?? id;
  const connected = device?.status.value.state === 'connected';
  const found = connected ? readingsOf(device).find((each) => each.id === reading) : undefined;
  return { name, celsius: celsiusOf(found) };
}

function celsiusOf(reading: Reading | undefined): number | undefined {
  const value = reading?.value.value;
  if (value === undefined || !Number.isFinite(value)) return undefined;
  return /F$/.test(reading?.unit ?? '') ? (value - 32) / 1.8 : value;
}
