import assert from 'node:assert/strict';
import { isoUtc, systemClock } from '../../src/core/clock.ts';
import { modulo, signedDegrees } from '../../src/core/units.ts';
import { siderealDegrees } from '../sky/geometry.ts';
import type { Court } from './judges.ts';

const PULSE_MS = 1000;
/** What rounding in the protocol, its drivers and a second of time may add up to. */
const CLOSE_DEGREES = 0.05;

/**
 * Time and site, a goto to each side of the meridian, a stop on the way, guide pulses, and a park where the driver
 * leaves that to the mount; each judged by where the telescope truly is.
 */
export const moveMount =
  ({ parks = false, tellsPierSide = false }) =>
  async ({ driver, truth, world }: Court): Promise<void> => {
    const { site } = world;
    const now = () => systemClock.now();
    driver.send('GEOGRAPHIC_COORD', {
      LAT: site.latitude,
      LONG: modulo(site.longitude, 360),
      ELEV: site.elevationMetres,
    });
    driver.send('TIME_UTC', { UTC: isoUtc(now()).slice(0, 19), OFFSET: '0' });
    await driver.until('time and site taken', () =>
      ['GEOGRAPHIC_COORD', 'TIME_UTC'].every((name) => driver.said(name)?.state === 'Ok'),
    );
    if (driver.said('TELESCOPE_PARK')?.values.PARK === true) {
      driver.send('TELESCOPE_PARK', { UNPARK: true });
      await driver.until('unparked', () => driver.said('TELESCOPE_PARK')?.values.UNPARK === true);
    }

    const goTo = (hourAngle: number, declination: number) => {
      const ra = modulo(siderealDegrees(now(), site.longitude) - hourAngle, 360);
      driver.send('ON_COORD_SET', { TRACK: true });
      driver.send('EQUATORIAL_EOD_COORD', { RA: ra / 15, DEC: declination });
      return ra;
    };
    for (const [hourAngle, side] of [
      [-30, 'west'],
      [30, 'east'],
    ] as const) {
      const ra = goTo(hourAngle, 40);
      await driver.until('a slew', () => truth.value.slewing, 5);
      await driver.until('arrival', () => !truth.value.slewing, 30);
      await driver.until('the driver says so', () => driver.said('EQUATORIAL_EOD_COORD')?.state === 'Ok');
      const { rightAscension, declination } = world.mount.counted();
      assert.ok(
        Math.abs(signedDegrees(rightAscension - ra)) < CLOSE_DEGREES,
        `${rightAscension}° for ${ra}°`,
      );
      assert.ok(Math.abs(declination - 40) < CLOSE_DEGREES, `declination ${declination}° for 40°`);
      assert.equal(truth.value.pierSide, side);
      if (!tellsPierSide) continue;
      const word = side === 'west' ? 'PIER_WEST' : 'PIER_EAST';
      await driver.until(word, () => driver.said('TELESCOPE_PIER_SIDE')?.values[word] === true);
    }

    if (driver.said('UsePulseCmd')) driver.send('UsePulseCmd', { UsePulseCmd: true });
    for (const [property, element, axis] of [
      ['TELESCOPE_TIMED_GUIDE_NS', 'TIMED_GUIDE_N', 'declination'],
      ['TELESCOPE_TIMED_GUIDE_WE', 'TIMED_GUIDE_E', 'rightAscension'],
    ] as const) {
      const before = world.mount.counted()[axis];
      driver.send(property, { [element]: PULSE_MS });
      await driver.until('the end of the pulse', () => {
        const moved = (world.mount.counted()[axis] - before) * 3600;
        return moved > 5 && driver.said(property)?.state !== 'Busy';
      });
      await systemClock.sleep(300);
      const moved = (world.mount.counted()[axis] - before) * 3600;
      assert.ok(moved > 5 && moved < 25, `a pulse of one second moved ${moved.toFixed(1)}″`);
    }

    goTo(-75, 20);
    await driver.until('a slew', () => truth.value.slewing, 5);
    driver.send('TELESCOPE_ABORT_MOTION', { ABORT: true });
    await driver.until('a stop on the way', () => !truth.value.slewing, 5);
    const { hourAngle } = world.mount.counted();
    assert.ok(Math.abs(hourAngle + 75) > 1, 'the stop came after the arrival');

    if (!parks) return;
    driver.send('TELESCOPE_PARK', { PARK: true });
    await driver.until('parked', () => truth.value.parked, 30);
    // The property is Ok as soon as the mount accepts; a message says when it has arrived.
    await driver.until('the driver says so', () => driver.heard('Mount is parked'));
    driver.send('TELESCOPE_PARK', { UNPARK: true });
    await driver.until('unparked', () => truth.value.parked === false);
  };
