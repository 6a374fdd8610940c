import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { systemClock } from '../../../src/core/clock.ts';
import type { Suite } from '../../suites/suite.ts';
import { HASTE } from '../gear/desk.ts';
import { headerPlaces, placesOn } from './header.ts';
import { said, shown } from './unit.ts';
import { until } from './until.ts';
import { workbench } from './workbench.ts';

const API = 'http://127.0.0.1/api/v1';
const RIG = '/data/rig.json';
/** What setup tells the service: here that it runs the emulated rig. */
const ENVIRONMENT = '/run/nightjar/environment';
const HEATER = 'box/line-18';
/** The loop learns in its own time, and the glass is in haste: a larger margin stands for what it has not learnt yet. */
const MARGIN_CELSIUS = 3.5;
const FLOOR_CELSIUS = 1;
/** From here on the floor is watched. */
const WARM_CELSIUS = 1.8;
const DAMPER_PERCENT = 3;
const WARM_UP_SECONDS = 100;
const HOLD_SECONDS = 50;

async function api<T>(method: string, path: string, body?: object): Promise<T> {
  const reply = await fetch(`${API}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
  return JSON.parse(text) as T;
}

let told = '';

const wired = ['box', 'air', 'supply', 'glass', 'focuser'];

/** The service of the image, with its user and its fences, on devices at interfaces of the kernel. */
export const dew: Suite = {
  name: 'dew',
  cases: () => [
    shown('the service finds its devices at the kernel’s interfaces, as the user nightjar', connect),
    shown(`glass is kept at or above dew point + ${FLOOR_CELSIUS} °C, through GPIO, I2C and 1-wire`, keep),
    shown('the heater is off once the process is killed', stop),
  ],
};

async function connect(): Promise<void> {
  const bench = workbench();
  const places = placesOn(await headerPlaces());
  const byId = existsSync('/dev/serial/by-id/usb-Bench_moonlite_bench-moonlite-if00')
    ? '/dev/serial/by-id/usb-Bench_moonlite_bench-moonlite-if00'
    : await bench.modem('moonlite');
  await bench.powerCycle('moonlite');
  await bench.heat(18);
  await bench.weather({ temperatureCelsius: 8, humidity: 75, clouds: 0, windMetresPerSecond: 0 });
  // As cold as a clear sky makes it, and dewed.
  await bench.cool(3);
  const settings = { ports: '17 Mount', heaters: '18 Main dew strap' };
  const rig = {
    name: 'bench',
    clock: 'trusted',
    devices: [
      { id: 'box', label: 'Box', driver: 'gpio', port: places.gpio, settings },
      { id: 'air', label: 'Air', driver: 'bme280', port: places.bme280 },
      { id: 'supply', label: 'Supply', driver: 'ina219', port: places.ina219 },
      { id: 'glass', label: 'Glass', driver: 'ds18b20', port: places.ds18b20 },
      { id: 'focuser', label: 'Focuser', driver: 'moonlite', port: { serial: byId } },
    ],
  };
  writeFileSync(RIG, JSON.stringify(rig));
  told = readFileSync(ENVIRONMENT, 'utf8');
  writeFileSync(ENVIRONMENT, `NIGHTJAR_BENCH=${RIG}\n`);
  await said('systemctl', 'restart', 'nightjar');
  const state = async (id: string) => {
    const device = await api<{ status: { state: string; message?: string } }>('GET', `/devices/${id}`);
    return device.status;
  };
  for (const id of wired) {
    await until(`${id} is connected: ${JSON.stringify(await state(id).catch(String))}`, async () => {
      const now = await state(id).catch(() => undefined);
      return now?.state === 'connected';
    });
  }
}

async function keep(): Promise<void> {
  const bench = workbench();
  await until('dew control has the heater', async () => {
    const { channels } = await api<{ channels: { id: string }[] }>('GET', '/dew');
    return channels.some(({ id }) => id === HEATER);
  });
  const path = `/dew/${encodeURIComponent(HEATER)}`;
  await api('PUT', path, {
    probe: { device: 'glass', reading: 'temperature' },
    margin: MARGIN_CELSIUS,
    automatic: true,
  });
  const above = async () => {
    const { glassCelsius, dewPointCelsius } = await bench.glass();
    return glassCelsius - dewPointCelsius;
  };
  const cold = await above();
  await bench.duty(18);
  const start = systemClock.monotonic();
  await until(
    `the glass is ${WARM_CELSIUS} °C above`,
    async () => (await above()) >= WARM_CELSIUS,
    WARM_UP_SECONDS,
  );
  const warmed = (systemClock.monotonic() - start) / 1000;
  const seen: number[] = [];
  for (let second = 0; second < HOLD_SECONDS; second++) {
    // It gets damper, as it does toward morning.
    await bench.weather({ humidity: 75 + (DAMPER_PERCENT * second) / HOLD_SECONDS });
    seen.push(await above());
    await systemClock.sleep(1000);
  }
  const { duty = 0 } = (await bench.duty(18)) ?? {};
  const minutes = (seconds: number) => ((seconds * HASTE) / 60).toFixed(0);
  console.log(
    `     glass ${cold.toFixed(1)} °C above the dew point, warmed in ${minutes(warmed)} min; then ${Math.min(...seen).toFixed(2)} … ${Math.max(...seen).toFixed(2)} °C for ${minutes(HOLD_SECONDS)} min, heater on ${(100 * duty).toFixed(0)} % (time of air and glass ×${HASTE})`,
  );
  assert.ok(cold < FLOOR_CELSIUS, 'it needed no heater');
  assert.ok(Math.min(...seen) >= FLOOR_CELSIUS, `it came down to ${Math.min(...seen).toFixed(2)} °C`);
}

async function stop(): Promise<void> {
  const bench = workbench();
  await said('systemctl', 'kill', '-s', 'KILL', 'nightjar');
  await until('the wire is low', async () => !(await bench.level(18)), 10);
  rmSync(RIG);
  writeFileSync(ENVIRONMENT, told);
  await said('systemctl', 'restart', 'nightjar');
}
