import assert from 'node:assert/strict';
import { when } from '../../src/core/cell.ts';
import type { Actor } from '../../src/core/lane.ts';
import { signedDegrees } from '../../src/core/units.ts';
import type { CapabilityName } from '../../src/device/capabilities.ts';
import type { Device } from '../../src/device/device.ts';
import { fromApparent, toApparent } from '../../src/sky/apparent.ts';
import { apparentPlace } from '../../src/sky/direction.ts';
import { localSidereal } from '../../src/sky/sidereal.ts';
import type { Adopted } from './adoption-desk.ts';

/** What the shared contract cannot ask for, because it is about what each of these programs says. */
export interface AdoptionCase {
  name: string;
  perform(adopted: Adopted): Promise<void>;
}

const person: Actor = { name: 'adoption', rank: 'person' };

function of<C extends CapabilityName>(device: Device, capability: C) {
  const found = device.capabilities.value[capability];
  assert.ok(found, `${device.id} has no ${capability}`);
  return found as NonNullable<typeof found>;
}

/**
 * The side of the pier is a mechanical state: time passes the meridian, and only a slew changes it.
 * @param slewSeconds what the mount's longest slew takes
 */
export const pierSide = (slewSeconds: number): AdoptionCase => ({
  name: 'tracks past the meridian on the side it came from, and changes it with the next slew',
  async perform({ device, clock, observatory }) {
    const { pierSide, position } = of(device, 'mount');
    const longitude = observatory.site.value?.longitude ?? 0;
    const sidereal = () => localSidereal(clock.now(), longitude);
    const slew = (hours: number) => {
      const place = apparentPlace(sidereal() - hours * 15, 60);
      return device.operate(person, 'mount', 'slewTo', fromApparent(place, clock.now())).outcome;
    };
    await device.operate(person, 'mount', 'unpark', {}).outcome;
    await slew(-(slewSeconds + 4) / 3600);
    const before = pierSide.value;
    assert.equal(before, 'west', 'a telescope that looks east stands west of its pier');
    const { ra } = toApparent(position.value, clock.now());
    while (signedDegrees(sidereal() - ra) < 0.02) await clock.sleep(500);
    await clock.sleep(1500);
    assert.equal(pierSide.value, before, 'it says another side without having flipped');
    await slew(1);
    assert.equal(pierSide.value, 'east');
  },
});

export const focusing: AdoptionCase = {
  name: 'a focuser that does not know where it is is counted',
  async perform({ device }) {
    const { position } = of(device, 'focuser');
    const start = position.value;
    await device.operate(person, 'focuser', 'moveTo', { steps: start + 200 }).outcome;
    await device.operate(person, 'focuser', 'moveTo', { steps: start - 300 }).outcome;
    assert.equal(of(device, 'focuser').position.value, start - 300);
    await device.operate(person, 'focuser', 'sync', { steps: 1000 }).outcome;
    assert.equal(of(device, 'focuser').position.value, 1000);
  },
};

export const rolling: AdoptionCase = {
  name: 'a roll-off roof closes by parking and opens by unparking',
  async perform({ device }) {
    const dome = of(device, 'dome');
    assert.equal(dome.azimuth, undefined);
    await device.operate(person, 'dome', 'closeRoof', {}).outcome;
    assert.equal(dome.roof?.value, 'closed');
    await device.operate(person, 'dome', 'openRoof', {}).outcome;
    assert.equal(dome.roof?.value, 'open');
  },
};

export const locating: AdoptionCase = {
  name: 'says where and when it is',
  async perform({ device, clock }) {
    const gps = of(device, 'gps');
    await device.operate(person, 'gps', 'refresh', {}).outcome;
    const fix = await when(gps.fix, (value) => value?.utc !== undefined);
    assert.ok(fix && Math.abs(fix.site.latitude - 51) < 0.1 && Math.abs(fix.site.longitude + 2.3) < 0.1);
    assert.ok(Math.abs((fix.utc ?? 0) - clock.now()) < 3000);
  },
};

export const judging: AdoptionCase = {
  name: 'readings have kinds and units, and its judgement turns with the weather',
  async perform({ device, foreign }) {
    const weather = of(device, 'weather');
    const temperature = weather.readings.find(({ kind }) => kind === 'temperature');
    assert.ok(
      temperature && temperature.unit === 'C',
      JSON.stringify(weather.readings.map(({ label }) => label)),
    );
    await when(weather.verdict, (verdict) => verdict === 'safe');
    const control = foreign.property('WEATHER_CONTROL');
    assert.ok(control);
    const elements = Object.entries({ ...control.values, Wind: 90 }).map(([name, value]) => ({
      name,
      value: Number(value),
    }));
    const address = { device: foreign.device, name: 'WEATHER_CONTROL' } as const;
    foreign.send({ type: 'new', kind: 'number', ...address, elements });
    await device.operate(person, 'weather', 'refresh', {}).outcome;
    await when(weather.verdict, (verdict) => verdict === 'unsafe');
    assert.equal(weather.readings.find(({ kind }) => kind === 'windSpeed')?.verdict?.value, 'unsafe');
  },
};

export const switching: AdoptionCase = {
  name: 'outputs have their names, and inputs follow',
  async perform({ device }) {
    const lines = of(device, 'lines');
    assert.deepEqual(
      lines.outputs.map(({ id, label }) => [id, label.value]),
      [
        ['output-1', 'Heater'],
        ['output-2', 'output-2'],
      ],
    );
    await device.operate(person, 'lines', 'output', { id: 'output-1', on: true }).outcome;
    const [door] = lines.inputs;
    assert.ok(door && lines.outputs[0]?.on.value);
    await when(door.on, Boolean);
    assert.equal(lines.analog[0]?.value.value, 3.3);
  },
};

export const powering = (older: boolean): AdoptionCase => ({
  name: 'every output is found by its name, switched, dimmed and measured',
  async perform({ device }) {
    const box = of(device, 'power');
    const { ports, usb, heaters, adjustable } = box;
    assert.deepEqual([ports.length, usb.length, heaters.length, adjustable.length], [4, 2, 2, 1]);
    const [first, second] = ports;
    const [heater, other] = heaters;
    const [supply] = adjustable;
    assert.ok(first && second && heater && other && supply);
    assert.equal(first.label.value, 'Mount');
    const both = [first, second].map(({ id }) => device.operate(person, 'power', 'port', { id, on: true }));
    await Promise.all(both.map((run) => run.outcome));
    assert.deepEqual([first.on.value, second.on.value, ports[2]?.on.value], [true, true, false]);
    assert.ok(box.amperes);
    await when(box.amperes, (amperes) => amperes === 3);
    assert.equal(first.amperes?.value, 1.5);
    const warm = [heater, other].map(({ id }, index) =>
      device.operate(person, 'power', 'heat', { id, percent: 40 + index }),
    );
    await Promise.all(warm.map((run) => run.outcome));
    assert.deepEqual([heater.duty.value, other.duty.value], [40, 41]);
    await device.operate(person, 'power', 'heatAutomatically', { id: heater.id, on: true }).outcome;
    assert.deepEqual([heater.automatic?.value, other.automatic?.value], [true, older]);
    await device.operate(person, 'power', 'adjust', { id: supply.id, volts: 9 }).outcome;
    assert.equal(supply.volts.value, 9);
    await device.operate(person, 'power', 'usb', { id: usb[0]?.id ?? '', on: false }).outcome;
    assert.deepEqual([usb[0]?.on.value, usb[1]?.on.value], [false, true]);
    if (!older) await device.operate(person, 'power', 'cycle', {}).outcome;
    assert.equal(first.on.value, true);
  },
});
