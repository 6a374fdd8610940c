import { type BayerPattern, shiftBayer } from '../../src/core/bayer.ts';
import { cell, type OwnedCell } from '../../src/core/cell.ts';
import { Fault } from '../../src/core/errors.ts';
import type { Control, Cooler, Sensor } from '../../src/device/camera.ts';
import { type Alpaca, orAbsent } from './alpaca.ts';

/** SensorType of an RGGB mosaic; its offsets say where in it the first pixel lies (ICameraV2, SensorType). */
const RGGB = 2;
const MOST_PIXELS = 32_768;

/** A sensor whose e⁻/ADU follow its gain. */
export type LiveSensor = { -readonly [K in keyof Sensor]: Sensor[K] };

/** What is fixed about the sensor, and its e⁻/ADU. @throws Fault `garbled` for a sensor that cannot be */
export async function readSensor(camera: Alpaca): Promise<LiveSensor> {
  const width = await within(camera, 'cameraxsize', 1, MOST_PIXELS);
  const height = await within(camera, 'cameraysize', 1, MOST_PIXELS);
  const maxAdu = await within(camera, 'maxadu', 1, 0x7fffffff);
  const bayer = await readBayer(camera);
  const sensor: LiveSensor = {
    name: (await orAbsent(camera.text('sensorname'))) ?? '',
    width,
    height,
    pixelMicrons: { x: await camera.number('pixelsizex'), y: await camera.number('pixelsizey') },
    bitsPerPixel: maxAdu <= 0xffff ? 16 : 32,
    maxAdu,
    ...(bayer && { bayer }),
  };
  await readElectrons(camera, sensor);
  return sensor;
}

/** To be asked again whenever the gain has changed (ICameraV2, ElectronsPerADU). */
export async function readElectrons(camera: Alpaca, sensor: LiveSensor): Promise<void> {
  const electronsPerAdu = await orAbsent(camera.number('electronsperadu'));
  if (electronsPerAdu !== undefined && electronsPerAdu > 0) sensor.electronsPerAdu = electronsPerAdu;
  else delete sensor.electronsPerAdu;
}

async function readBayer(camera: Alpaca): Promise<BayerPattern | undefined> {
  if ((await orAbsent(camera.number('sensortype'))) !== RGGB) return undefined;
  const x = (await orAbsent(camera.number('bayeroffsetx'))) ?? 0;
  const y = (await orAbsent(camera.number('bayeroffsety'))) ?? 0;
  return shiftBayer('RGGB', x, y);
}

export async function within(camera: Alpaca, member: string, low: number, high: number): Promise<number> {
  const value = await camera.number(member);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new Fault('garbled', `${member}: ${value} is outside ${low}…${high}`);
}

/** A control, and how its cell is kept fresh. */
export interface Reading<T> {
  readonly part: T;
  refresh(): Promise<void>;
}

/**
 * Gain or offset: numbers in a range, or an index into a list of names, as the camera has it (ICameraV3).
 * @param changed called after each change, whoever made it
 */
export async function readControl(
  camera: Alpaca,
  name: 'gain' | 'offset',
  changed?: () => Promise<void>,
): Promise<Reading<Control> | undefined> {
  const parameter = name === 'gain' ? 'Gain' : 'Offset';
  const min = await orAbsent(camera.number(`${name}min`));
  const max = await orAbsent(camera.number(`${name}max`));
  if (min !== undefined && max !== undefined && min <= max)
    return control(camera, name, parameter, [min, max], { changed });
  return named(camera, name, parameter, `${name}s`, changed);
}

export const readReadout = (camera: Alpaca): Promise<Reading<Control> | undefined> =>
  named(camera, 'readoutmode', 'ReadoutMode', 'readoutmodes');

async function named(
  camera: Alpaca,
  member: string,
  parameter: string,
  list: string,
  changed?: () => Promise<void>,
) {
  const names = await orAbsent(camera.texts(list));
  if (!names?.length) return undefined;
  return control(camera, member, parameter, [0, names.length - 1], { names, changed });
}

async function control(
  camera: Alpaca,
  member: string,
  parameter: string,
  [min, max]: readonly [number, number],
  { names, changed }: { names?: readonly string[]; changed?: (() => Promise<void>) | undefined },
): Promise<Reading<Control> | undefined> {
  const first = await orAbsent(camera.number(member));
  if (first === undefined) return undefined;
  const value = cell(first);
  const refresh = async () => {
    const before = value.value;
    value.set(await camera.number(member));
    if (value.value !== before) await changed?.();
  };
  return {
    refresh,
    part: {
      value,
      min,
      max,
      ...(names && { names }),
      async set(wanted) {
        if (!(Number.isInteger(wanted) && wanted >= min && wanted <= max)) {
          throw new Fault('refused', `${member} ${wanted} is no whole number in ${min}…${max}`);
        }
        await camera.put(member, { [parameter]: wanted });
        await refresh();
      },
    },
  };
}

/** The sensor's temperature; undefined where the camera has no probe. */
export async function readTemperature(
  camera: Alpaca,
): Promise<Reading<OwnedCell<number | undefined>> | undefined> {
  const first = await orAbsent(camera.number('ccdtemperature'));
  if (first === undefined) return undefined;
  const part = cell<number | undefined>(first);
  return { part, refresh: async () => part.set(await orAbsent(camera.number('ccdtemperature'))) };
}

export async function readCooler(camera: Alpaca): Promise<Reading<Cooler> | undefined> {
  if (!(await orAbsent(camera.flag('cansetccdtemperature')))) return undefined;
  const setpoint = cell<number | undefined>(undefined);
  const power = (await orAbsent(camera.flag('cangetcoolerpower')))
    ? cell<number | undefined>(undefined)
    : undefined;
  const on = cell(false);
  async function refresh() {
    setpoint.set(await orAbsent(camera.number('setccdtemperature')));
    on.set(await camera.flag('cooleron'));
    power?.set(await orAbsent(camera.number('coolerpower')));
  }
  await refresh();
  return {
    refresh,
    part: {
      setpoint,
      on,
      ...(power && { power }),
      async regulate(celsius) {
        if (celsius !== undefined) await camera.put('setccdtemperature', { SetCCDTemperature: celsius });
        await camera.put('cooleron', { CoolerOn: celsius !== undefined });
        await refresh();
      },
    },
  };
}
