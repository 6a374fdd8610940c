import assert from 'node:assert/strict';
import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/errors.ts';
import { SIDEREAL_ARCSEC_PER_SECOND } from '../../core/units.ts';
import { separation } from '../../sky/angle.ts';
import { fromApparent } from '../../sky/apparent.ts';
import { apparentPlace } from '../../sky/direction.ts';
import { localSidereal } from '../../sky/sidereal.ts';
import type { Observatory } from '../observatory.ts';
import { type ContractCase, type ContractSetting, has, person, refused, stoppedByUser } from './case.ts';

/** Mount and guide port: slews, stops, the paddle, parking, pulses. */
export const mountContract: readonly ContractCase[] = [
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
