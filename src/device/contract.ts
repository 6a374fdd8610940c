import assert from 'node:assert/strict';
import { when } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import type { Actor } from '../core/lane.ts';
import { SIDEREAL_ARCSEC_PER_SECOND } from '../core/units.ts';
import { separation } from '../sky/angle.ts';
import { fromApparent } from '../sky/apparent.ts';
import { apparentPlace } from '../sky/direction.ts';
import { localSidereal } from '../sky/sidereal.ts';
import type { CapabilityName } from './capabilities.ts';
import type { Device } from './device.ts';
import type { Observatory } from './observatory.ts';

/** What a case needs of its surroundings; the device is connected when a case begins. */
export interface ContractSetting {
  device: Device;
  clock: Clock;
  observatory: Observatory;
}

export interface ContractCase {
  capability: CapabilityName | 'device';
  name: string;
  perform(setting: ContractSetting): Promise<void>;
}

const person: Actor = { name: 'contract', rank: 'person' };

function has<C extends CapabilityName>(device: Device, capability: C) {
  const found = device.capabilities.value[capability];
  assert.ok(found, `${device.id} has no ${capability}`);
  return found as NonNullable<typeof found>;
}

const refused = (error: unknown) => error instanceof Fault && error.kind === 'refused';
const stoppedByUser = { name: 'Stopped' };

/** What every implementation of a capability does, whoever made it (HOUSE, rule 8). */
export const contract: readonly ContractCase[] = [
  {
    capability: 'device',
    name: 'comes back with the same capabilities after a reconnect',
    async perform({ device, clock }) {
      const before = Object.keys(device.capabilities.value).sort();
      device.reopen('contract');
      await when(device.status, ({ state }) => state === 'recovering');
      await when(device.status, ({ state }) => state === 'connected');
      assert.deepEqual(Object.keys(device.capabilities.value).sort(), before);
      assert.ok(clock.now() > 0);
    },
  },
  {
    capability: 'focuser',
    name: 'arrives where it is told, outward and inward',
    async perform({ device }) {
      const { position, maxStep } = has(device, 'focuser');
      const start = position.value;
      const away = start + 300 <= maxStep ? start + 300 : start - 300;
      await device.operate(person, 'focuser', 'moveTo', { steps: away }).outcome;
      assert.equal(has(device, 'focuser').position.value, away);
      assert.equal(has(device, 'focuser').moving.value, false);
      await device.operate(person, 'focuser', 'moveTo', { steps: start }).outcome;
      assert.equal(has(device, 'focuser').position.value, start);
    },
  },
  {
    capability: 'focuser',
    name: 'halts the motor when a move is stopped, and shows it moving on the way',
    async perform({ device, clock }) {
      const focuser = has(device, 'focuser');
      const start = focuser.position.value;
      const target = start > focuser.maxStep / 2 ? 0 : focuser.maxStep;
      const seen = new Set<number>();
      const end = focuser.position.watch((value) => seen.add(value));
      const run = device.operate(person, 'focuser', 'moveTo', { steps: target });
      await clock.sleep(1500);
      run.stop('user');
      await assert.rejects(run.outcome, stoppedByUser);
      await clock.sleep(1000);
      await device.operate(person, 'focuser', 'halt', {}).outcome;
      const rest = focuser.position.value;
      assert.notEqual(rest, target);
      assert.ok(seen.size >= 2, 'the position was not followed on the way');
      await clock.sleep(2000);
      await device.operate(person, 'focuser', 'halt', {}).outcome;
      assert.equal(focuser.position.value, rest, 'the motor runs on after the stop');
      end();
      await device.operate(person, 'focuser', 'moveTo', { steps: start }).outcome;
    },
  },
  {
    capability: 'focuser',
    name: 'refuses positions off its range without moving',
    async perform({ device }) {
      const { maxStep, position } = has(device, 'focuser');
      const start = position.value;
      for (const steps of [-1, maxStep + 1, 0.5, Number.NaN]) {
        await assert.rejects(device.operate(person, 'focuser', 'moveTo', { steps }).outcome, refused);
      }
      assert.equal(position.value, start);
    },
  },
  {
    capability: 'wheel',
    name: 'brings every slot in place and refuses the others',
    async perform({ device }) {
      const wheel = has(device, 'wheel');
      for (let slot = 1; slot <= wheel.slots; slot++) {
        await device.operate(person, 'wheel', 'select', { slot }).outcome;
        assert.equal(wheel.slot.value, slot);
      }
      for (const slot of [0, wheel.slots + 1, 1.5]) {
        await assert.rejects(device.operate(person, 'wheel', 'select', { slot }).outcome, refused);
      }
      await device.operate(person, 'wheel', 'select', { slot: 1 }).outcome;
    },
  },
  {
    capability: 'mount',
    name: 'slews to a place in the sky, and tracks it',
    async perform({ device, clock, observatory }) {
      const mount = has(device, 'mount');
      await device.operate(person, 'mount', 'unpark', {}).outcome;
      const target = placeAt(clock, observatory, -30);
      await device.operate(person, 'mount', 'slewTo', target).outcome;
      assert.ok(separation(mount.position.value, target) < 1 / 60, 'more than 1′ off the target');
      await clock.sleep(10_000);
      await device.operate(person, 'mount', 'track', { on: true }).outcome;
      assert.equal(mount.motion.value, 'tracking');
      assert.ok(separation(mount.position.value, target) < 1 / 60, 'it does not follow the sky');
    },
  },
  {
    capability: 'mount',
    name: 'halts when a slew is stopped',
    async perform({ device, clock, observatory }) {
      const mount = has(device, 'mount');
      await device.operate(person, 'mount', 'unpark', {}).outcome;
      const target = placeAt(clock, observatory, -75);
      const run = device.operate(person, 'mount', 'slewTo', target);
      await clock.sleep(2500);
      run.stop('user');
      await assert.rejects(run.outcome, stoppedByUser);
      await clock.sleep(3000);
      await device.operate(person, 'mount', 'track', { on: true }).outcome;
      const rest = mount.position.value;
      assert.ok(separation(rest, target) > 1, 'it went on to the target');
      await clock.sleep(3000);
      await device.operate(person, 'mount', 'halt', {}).outcome;
      assert.ok(separation(mount.position.value, rest) < 3 / 60, 'it moves after the stop');
    },
  },
  {
    capability: 'mount',
    name: 'the paddle moves while it is held, in the right direction, and stops with the finger',
    async perform({ device, clock, observatory }) {
      const mount = has(device, 'mount');
      await onTarget({ device, clock, observatory });
      for (const [direction, sign] of [
        ['north', 1],
        ['south', -1],
      ] as const) {
        const start = mount.position.value;
        const run = device.operate(person, 'mount', 'move', { direction, rate: mount.rates.length - 1 });
        await clock.sleep(1500);
        run.stop('user');
        await assert.rejects(run.outcome, stoppedByUser);
        await device.operate(person, 'mount', 'halt', {}).outcome;
        await clock.sleep(2500);
        const rest = mount.position.value;
        assert.ok(Math.sign(rest.dec - start.dec) === sign, `${direction}: ${start.dec} → ${rest.dec}`);
        await clock.sleep(2500);
        assert.ok(Math.abs(mount.position.value.dec - rest.dec) < 1 / 60, 'it moves after the finger lifted');
      }
    },
  },
  {
    capability: 'mount',
    name: 'parks, says so only when it is, refuses to slew there, and unparks where it can',
    async perform({ device, clock, observatory }) {
      const mount = has(device, 'mount');
      await device.operate(person, 'mount', 'unpark', {}).outcome;
      await device.operate(person, 'mount', 'park', {}).outcome;
      assert.equal(mount.motion.value, 'parked');
      const slew = device.operate(person, 'mount', 'slewTo', placeAt(clock, observatory, -30));
      await assert.rejects(slew.outcome, refused);
      // A mount that only a power switch wakes says so.
      const unsupported = (error: unknown) => error instanceof Fault && error.kind === 'unsupported';
      const unparked = await device.operate(person, 'mount', 'unpark', {}).outcome.then(
        () => true,
        (error) => !unsupported(error) && Promise.reject(error),
      );
      assert.equal(mount.motion.value === 'parked', !unparked);
    },
  },
  {
    capability: 'guide',
    name: 'pulses last as long as asked, and one axis does not cancel the other',
    async perform({ device, clock, observatory }) {
      if (device.capabilities.value.mount) await onTarget({ device, clock, observatory });
      const before = device.capabilities.value.mount?.position.value;
      const start = clock.monotonic();
      const north = device.operate(person, 'guide', 'pulse', { direction: 'north', milliseconds: 1500 });
      const west = device.operate(person, 'guide', 'pulse', { direction: 'west', milliseconds: 500 });
      await west.outcome;
      assert.ok(clock.monotonic() - start < 1300, 'the short pulse waited for the long one');
      await north.outcome;
      assert.ok(clock.monotonic() - start >= 1450, `1500 ms took ${clock.monotonic() - start} ms`);
      if (!before) return;
      await clock.sleep(3000);
      const moved = (has(device, 'mount').position.value.dec - before.dec) * 3600;
      const most = 1.5 * SIDEREAL_ARCSEC_PER_SECOND + 2;
      assert.ok(moved > -2 && moved < most, `a pulse of 1.5 s moved ${moved.toFixed(1)}″ north`);
    },
  },
  {
    capability: 'camera',
    name: 'delivers the whole sensor, a region and a binned frame, each of the right size',
    async perform({ device }) {
      const { sensor, binnings } = has(device, 'camera');
      const request = { seconds: 0.2, type: 'light' } as const;
      const whole = await device.operate(person, 'camera', 'expose', request).outcome;
      assert.deepEqual([whole.width, whole.height], [sensor.width, sensor.height]);
      const region = { x: 16, y: 32, width: 128, height: 64 };
      const part = await device.operate(person, 'camera', 'expose', { ...request, region }).outcome;
      assert.deepEqual([part.width, part.height], [128, 64]);
      const binning = binnings.at(-1) as number;
      const binned = await device.operate(person, 'camera', 'expose', { ...request, region, binning })
        .outcome;
      assert.deepEqual([binned.width, binned.height], [Math.floor(128 / binning), Math.floor(64 / binning)]);
      assert.equal(has(device, 'camera').state.value, 'idle');
    },
  },
  {
    capability: 'camera',
    name: 'aborts at once and is ready for the next exposure',
    async perform({ device, clock }) {
      const run = device.operate(person, 'camera', 'expose', { seconds: 60, type: 'light' });
      await clock.sleep(1000);
      const start = clock.monotonic();
      await device.operate(person, 'camera', 'abort', {}).outcome;
      await assert.rejects(run.outcome, stoppedByUser);
      assert.ok(clock.monotonic() - start < 5000);
      const region = { x: 0, y: 0, width: 64, height: 64 };
      const next = await device.operate(person, 'camera', 'expose', { seconds: 0.1, type: 'light', region })
        .outcome;
      assert.equal(next.width, 64);
    },
  },
  {
    capability: 'camera',
    name: 'reports progress on the way of a long exposure',
    async perform({ device, clock }) {
      const run = device.operate(person, 'camera', 'expose', { seconds: 10, type: 'dark' });
      await clock.sleep(5000);
      const half = run.progress.value.fraction ?? 0;
      assert.ok(half > 0.3 && half < 0.7, `half way it says ${half}`);
      await run.outcome;
    },
  },
];

/** Near a pole north is no direction: axes are tried on a target half way up the sky. */
async function onTarget({ device, clock, observatory }: ContractSetting): Promise<void> {
  await device.operate(person, 'mount', 'unpark', {}).outcome;
  await device.operate(person, 'mount', 'slewTo', placeAt(clock, observatory, -30)).outcome;
  await clock.sleep(3000);
}

/** A place at the site's mid-declination, so many degrees of hour angle from the meridian (east negative). */
function placeAt(clock: Clock, { site }: Observatory, hourAngle: number) {
  assert.ok(site.value, 'the contract needs a site');
  const { latitude, longitude } = site.value;
  const ra = (localSidereal(clock.now(), longitude) - hourAngle + 360) % 360;
  return fromApparent(apparentPlace(ra, latitude / 2), clock.now());
}
