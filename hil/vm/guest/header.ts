import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { drivers } from '../../../drivers/index.ts';
import { openBoard, realPort } from '../../../src/cli/ports.ts';
import { systemClock } from '../../../src/core/clock.ts';
import type { CapabilityName } from '../../../src/device/capabilities.ts';
import type { AnyDriver } from '../../../src/device/driver.ts';
import { GpioOutputs } from '../../../src/wire/gpio-outputs.ts';
import type { Port } from '../../../src/wire/link.ts';
import type { Case, Suite } from '../../suites/suite.ts';
import { contractOn, withRig } from '../../wired.ts';
import { share } from './share.ts';
import { until } from './until.ts';
import { workbench } from './workbench.ts';

const LABEL = 'nightjar-bench';
const PROBE = 0x4711;
const person = { name: 'bench', rank: 'person' } as const;

export interface HeaderPlaces {
  bus: number;
  probe: string;
}

let made: Promise<HeaderPlaces> | undefined;

/** What is on the header of this bench, made once: a GPIO chip, two chips on I2C, a probe on the glass. */
export function headerPlaces(): Promise<HeaderPlaces> {
  made ??= (async () => {
    const bench = workbench();
    await bench.header(LABEL);
    await bench.hold(24, true);
    const bus = await bench.chips(join(share(), 'i2c-stub.ko'));
    const probe = await bench.thermometer(PROBE, 6);
    await until(
      'the kernel has found the probe',
      () => existsSync(`/sys/bus/w1/devices/${probe}/w1_slave`),
      60,
    );
    return { bus, probe };
  })();
  return made;
}

/** The place of each driver's device, as a bench file names it. */
export const placesOn = ({ bus, probe }: HeaderPlaces) => ({
  gpio: { gpio: { chip: LABEL } },
  bme280: { i2c: { bus, address: 0x76 } },
  ina219: { i2c: { bus, address: 0x40 } },
  ds18b20: { w1: probe },
});

/** Drivers of GPIO, I2C and 1-wire on interfaces of the kernel, through `onoff` and `i2c-bus` as shipped. */
export const header: Suite = {
  name: 'header',
  async cases() {
    const places = placesOn(await headerPlaces());
    // Notes of safe levels are the service's business.
    const board = { ...openBoard(), outputs: new GpioOutputs({ run: share() }) };
    const cases: Case[] = [];
    const portOf = (id: keyof typeof places): Port => realPort(places[id], { board });
    for (const id of Object.keys(places) as (keyof typeof places)[]) {
      cases.push(...(await contractOn(driverOf(id), () => portOf(id))));
    }
    const also: [string, () => Promise<void>][] = [
      ['gpio: a port and a heater are seen switching from the other side', () => otherSide(portOf('gpio'))],
      ['gpio: a contact follows its wire', () => contact(portOf('gpio'))],
      ['bme280: tells the air as it is', () => air(portOf('bme280'))],
      ['ina219: tells volts and amperes of the supply', () => supply(portOf('ina219'))],
      ['ds18b20: tells the glass, by the kernel’s own conversion', () => glass(portOf('ds18b20'))],
    ];
    return [...cases, ...also.map(([name, run]) => ({ name, run: async () => void (await run()) }))];
  },
};

function driverOf(id: string): AnyDriver {
  const driver = drivers.find((each) => each.id === id);
  assert.ok(driver, `there is no driver ${id}`);
  return driver;
}

async function otherSide(port: Port): Promise<void> {
  const bench = workbench();
  await bench.heat(18);
  await withRig(driverOf('gpio'), port, async ({ device }) => {
    const set = (id: string, on: boolean) => device.operate(person, 'power', 'port', { id, on }).outcome;
    for (const [id, line, inverted] of [
      ['line-17', 17, false],
      ['line-27', 27, true],
    ] as const) {
      for (const on of [true, false, true]) {
        await set(id, on);
        assert.equal(await bench.level(line), on !== inverted, `${id} ${on ? 'on' : 'off'}`);
      }
    }
    const before = await bench.duty(18);
    await device.operate(person, 'power', 'heat', { id: 'line-18', percent: 40 }).outcome;
    await bench.duty(18);
    await systemClock.sleep(8000);
    const { duty = 0, changes = 0 } = (await bench.duty(18)) ?? {};
    assert.ok(Math.abs(duty - 0.4) < 0.05, `told 40 %, it is on ${(100 * duty).toFixed(1)} % of the time`);
    const switched = changes - (before?.changes ?? 0);
    console.log(`     heater told 40 %: on ${(100 * duty).toFixed(1)} % of 8 s, ${switched} edges seen`);
  });
  assert.equal(await bench.level(18), false, 'the heater is on after the device was closed');
  assert.equal(await bench.level(17), true, 'the port was not left as it was');
}

async function contact(port: Port): Promise<void> {
  const bench = workbench();
  await withRig(driverOf('gpio'), port, async ({ device }) => {
    const input = device.capabilities.value.lines?.inputs[0];
    assert.ok(input);
    for (const on of [false, true]) {
      await bench.hold(24, on);
      await until(`the contact says ${on}`, () => input.on.value === on, 10);
    }
  });
}

async function read(
  driver: AnyDriver,
  port: Port,
  capability: CapabilityName & 'weather',
  ids: readonly string[],
) {
  return withRig(driver, port, async ({ device }) => {
    const readings = device.capabilities.value[capability]?.readings ?? [];
    const values = () => ids.map((id) => readings.find((reading) => reading.id === id)?.value.value);
    await until(`${ids} are read`, () => values().every((value) => value !== undefined));
    // What was measured at the first question comes with a later one.
    await systemClock.sleep(11_000);
    return values() as number[];
  });
}

async function air(port: Port): Promise<void> {
  const bench = workbench();
  await bench.weather({ temperatureCelsius: 7.5, humidity: 80 });
  const [celsius = 0, humidity = 0, dewPoint = 0] = await read(driverOf('bme280'), port, 'weather', [
    'temperature',
    'humidity',
    'dew-point',
  ]);
  const { dewPointCelsius } = await bench.glass();
  assert.ok(Math.abs(celsius - 7.5) < 0.05, `${celsius} °C`);
  assert.ok(Math.abs(humidity - 80) < 0.5, `${humidity} %`);
  assert.ok(Math.abs(dewPoint - dewPointCelsius) < 0.2, `dew point ${dewPoint}, in truth ${dewPointCelsius}`);
  console.log(`     ${celsius.toFixed(2)} °C, ${humidity.toFixed(1)} %, dew point ${dewPoint.toFixed(2)} °C`);
}

async function supply(port: Port): Promise<void> {
  await withRig(driverOf('ina219'), port, async ({ device }) => {
    const power = device.capabilities.value.power;
    await until('amperes are read', () => (power?.amperes?.value ?? 0) > 0.5);
    const [volts = 0, amperes = 0] = [power?.volts?.value, power?.amperes?.value];
    assert.ok(volts > 12 && volts < 13, `${volts} V`);
    assert.ok(amperes > 1 && amperes < 2, `${amperes} A`);
    console.log(`     ${volts.toFixed(2)} V, ${amperes.toFixed(3)} A`);
  });
}

async function glass(port: Port): Promise<void> {
  const [celsius = 0] = await read(driverOf('ds18b20'), port, 'weather', ['temperature']);
  const { glassCelsius } = await workbench().glass();
  assert.ok(
    Math.abs(celsius - glassCelsius) < 0.5,
    `it says ${celsius} °C, the glass has ${glassCelsius} °C`,
  );
  console.log(`     ${celsius.toFixed(2)} °C; the glass has ${glassCelsius.toFixed(2)} °C`);
}
