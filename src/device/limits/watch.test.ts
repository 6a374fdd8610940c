import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cell } from '../../core/cell.ts';
import { parseUtc, SimClock } from '../../core/clock.ts';
import { Fault } from '../../core/errors.ts';
import { silentLog } from '../../core/log.ts';
import { separation } from '../../sky/angle.ts';
import { fromApparent } from '../../sky/apparent.ts';
import { apparentPlace, type Direction } from '../../sky/direction.ts';
import { localSidereal } from '../../sky/sidereal.ts';
import { sunDirection } from '../../sky/sun-moon.ts';
import { memoryWire } from '../../wire/memory.ts';
import { defineDriver, serial } from '../driver.ts';
import { DeviceHost } from '../host.ts';
import { wholeGuard } from '../limits.ts';
import type { Mount, MountMotion, PierSide } from '../mount.ts';
import { noDarkroom } from '../no-darkroom.ts';
import { createObservatory } from '../observatory.ts';
import { LimitBook } from './book.ts';
import type { MountLimits } from './mount-limits.ts';
import { LimitWatch } from './watch.ts';

const NIGHT = parseUtc('2026-11-22T22:00:00Z');
const NOON = parseUtc('2026-11-22T11:30:00Z');
const north = { latitude: 49.4, longitude: 8.7, elevationMetres: 560 };
const south = { latitude: -31.27, longitude: 149.07, elevationMetres: 1165 };
const phone = { name: 'phone', rank: 'person' } as const;
const night = { name: 'night', rank: 'night' } as const;

interface Scene {
  site?: typeof north;
  utc?: number;
  /** Minutes of hour angle at the start. */
  minutes: number;
  dec?: number;
  side: PierSide;
  limits?: Partial<MountLimits>;
  trusted?: boolean;
  /** The mount has no command that stops its tracking. */
  unstoppable?: boolean;
}

/** A mount that tracks: where it points among the stars stays, the hour angle runs. */
function setUp(scene: Scene) {
  const { site = north, utc = NIGHT, minutes, side } = scene;
  const clock = new SimClock(utc);
  const at = (past: number, dec: number): Direction =>
    fromApparent(apparentPlace(localSidereal(clock.now(), site.longitude) - past / 4, dec), clock.now());
  const position = cell<Direction>(at(minutes, scene.dec ?? site.latitude / 2));
  const pierSide = cell<PierSide>(side);
  const motion = cell<MountMotion>('tracking');
  const done: string[] = [];
  const mount: Mount = {
    position,
    pierSide,
    motion,
    rates: ['max'],
    async slewTo(target, run) {
      motion.set('slewing');
      await run.sleep(20_000);
      position.set(target);
      motion.set('tracking');
    },
    async sync() {},
    async setTracking(on) {
      done.push(`track ${on}`);
      if (!on && scene.unstoppable) throw new Fault('unsupported', 'it has no such command');
      motion.set(on ? 'tracking' : 'stopped');
    },
    async park(run) {
      motion.set('parking');
      await run.sleep(5000);
      done.push('parked');
      motion.set('parked');
    },
    async unpark() {
      motion.set('stopped');
    },
    /** Degrees of declination a second, upwards. */
    async move(direction, _, run) {
      motion.set('moving');
      try {
        for (;;) {
          await run.sleep(500);
          const step = direction === 'north' ? 0.5 : -0.5;
          position.set({ ra: position.value.ra, dec: position.value.dec + step });
        }
      } finally {
        motion.set('stopped');
      }
    },
    async halt() {
      done.push('halt');
    },
  };
  const driver = defineDriver({
    id: 'pretender',
    label: 'Pretender',
    transport: serial(),
    pollMs: 3_600_000,
    provides: ['mount'],
    settings: {},
    open: async () => ({ mount }),
  });
  const observatory = createObservatory(site);
  if (scene.trusted !== false) observatory.offerTime('gps');
  const book = new LimitBook();
  const guard = wholeGuard(book, observatory);
  const host = new DeviceHost({ clock, observatory, darkroom: noDarkroom, log: silentLog }, guard);
  const port = {
    kind: 'stream' as const,
    name: 'memory',
    open: async () => memoryWire(clock).host,
  };
  const device = host.add({ id: 'mount', label: 'Mount', driver, port });
  if (scene.limits) book.change('mount', scene.limits);
  const watch = new LimitWatch(host, { book, log: silentLog });
  return {
    ...{ clock, host, device, mount, position, pierSide, motion, done, book, watch, at, observatory },
    state: () => watch.states.value.mount,
    /** Plays the scene, and ends it. */
    play: (body: () => Promise<void>) =>
      clock.drive(
        (async () => {
          await device.connect();
          await body();
          watch.close();
          await host.close();
        })(),
      ),
    minutes: (count: number) => clock.sleep(count * 60_000),
  };
}

for (const [name, site] of Object.entries({ north, south })) {
  test(`a mount that tracks through the meridian is stopped half an hour after it (${name})`, async () => {
    const { play, minutes, motion, done, state, watch } = setUp({ site, minutes: -10, side: 'west' });
    const states = new Set<string>();
    watch.states.watch(({ mount }) => states.add(mount?.state ?? ''));
    await play(async () => {
      await minutes(39);
      assert.equal(motion.value, 'tracking');
      assert.equal(state()?.state, 'near');
      assert.ok((state()?.minutesLeft ?? 9) <= 1);
      await minutes(2);
      assert.equal(motion.value, 'stopped');
      assert.deepEqual(done, ['track false']);
      assert.match(state()?.reason ?? '', /30 min past the meridian on the west side/);
      assert.deepEqual([...states], ['unwatched', 'within', 'near', 'stopped']);
      // It goes on pointing where it was stopped: the alert stays until it is led out.
      await minutes(30);
      assert.equal(state()?.state, 'stopped');
    });
  });

  test(`a flipped one tracks on (${name})`, async () => {
    const { play, minutes, motion, done, state } = setUp({ site, minutes: -10, side: 'east' });
    await play(async () => {
      await minutes(120);
      assert.equal(motion.value, 'tracking');
      assert.deepEqual(done, []);
      assert.equal(state()?.state, 'within');
    });
  });
}

test('what sets is stopped at the lowest altitude, and parked where the owner wishes', async () => {
  const limits = { lowestAltitude: 30, atLimit: 'park' } as const;
  const { play, minutes, motion, done, state } = setUp({ minutes: 170, dec: 10, side: 'east', limits });
  await play(async () => {
    await minutes(90);
    assert.deepEqual(done, ['track false', 'parked']);
    assert.equal(motion.value, 'parked');
    assert.match(state()?.reason ?? '', /the limit is 30\.0°/);
  });
});

test('a mount that cannot be stopped is halted and parked', async () => {
  const { play, minutes, done } = setUp({ minutes: 25, side: 'west', unstoppable: true });
  await play(async () => {
    await minutes(8);
    assert.deepEqual(done, ['track false', 'halt', 'parked']);
  });
});

test('a running night does not keep the limits from their work', async () => {
  const { play, minutes, device, motion } = setUp({ minutes: 25, side: 'west' });
  await play(async () => {
    const leases = device.lease(night, 'mount');
    await minutes(8);
    assert.equal(motion.value, 'stopped');
    assert.ok(leases.every(({ lost }) => lost.aborted));
  });
});

test('a mount that begins to track beyond its limits has three seconds to leave', async () => {
  const { play, device, motion, clock, at, done } = setUp({ minutes: 60, side: 'west' });
  motion.set('stopped');
  await play(async () => {
    motion.set('tracking');
    await clock.sleep(1500);
    await device.operate(night, 'mount', 'slewTo', at(-60, 40)).outcome;
    await clock.sleep(10_000);
    assert.deepEqual(done, []);
    assert.equal(motion.value, 'tracking');
  });
});

test('tracking is not begun beyond a limit; a slew is judged by altitude alone', async () => {
  const { play, device, motion, at, position } = setUp({ minutes: 60, side: 'west' });
  motion.set('stopped');
  await play(async () => {
    assert.throws(
      () => device.operate(phone, 'mount', 'track', { on: true }),
      /out of its limits: .*west side/,
    );
    assert.throws(
      () => device.operate(phone, 'mount', 'slewTo', at(0, -40)),
      /out of the limits: .* the limit is 10\.0/,
    );
    await device.operate(phone, 'mount', 'slewTo', at(60, 40)).outcome;
    position.set(at(-60, 40));
    await device.operate(phone, 'mount', 'track', { on: true }).outcome;
    await device.operate(phone, 'mount', 'park', {}).outcome;
  });
});

test('the paddle passes every limit but the Sun, and may always leave the cone', async () => {
  const { play, clock, device, motion, position, state, done } = setUp({
    utc: NOON,
    minutes: 0,
    side: 'west',
  });
  const sun = sunDirection(NOON);
  motion.set('stopped');
  position.set({ ra: sun.ra, dec: sun.dec - 18 });
  await play(async () => {
    const run = device.operate(phone, 'mount', 'move', { direction: 'north', rate: 0 });
    await clock.sleep(10_000);
    assert.equal(run.ending.value?.state, 'stopped');
    const apart = separation(position.value, sunDirection(clock.now()));
    assert.ok(apart > 14 && apart < 15, `${apart}°`);
    assert.match(state()?.reason ?? '', /° from the Sun/);
    assert.deepEqual(done, ['halt', 'track false']);
    const away = device.operate(phone, 'mount', 'move', { direction: 'south', rate: 0 });
    await clock.sleep(20_000);
    assert.equal(away.ending.value, undefined, 'out of the cone it is free, below the horizon too');
    away.stop('user');
    await away.outcome.catch(() => {});
  });
});

test('solar mode lets it look at the Sun; without a trusted clock nothing is watched', async () => {
  const solar = setUp({ utc: NOON, minutes: 0, side: 'east', limits: { lowestAltitude: 0 } });
  solar.position.set(sunDirection(NOON));
  solar.book.setSolarMode(true);
  await solar.play(async () => {
    await solar.minutes(5);
    assert.equal(solar.motion.value, 'tracking');
    solar.book.setSolarMode(false);
    await solar.minutes(1);
    assert.equal(solar.motion.value, 'stopped');
  });
  const untrusted = setUp({ minutes: 60, side: 'west', trusted: false });
  await untrusted.play(async () => {
    await untrusted.minutes(5);
    assert.equal(untrusted.motion.value, 'tracking');
    assert.deepEqual(untrusted.state(), { state: 'unwatched' });
    untrusted.observatory.offerTime('ntp');
    await untrusted.minutes(1);
    assert.equal(untrusted.motion.value, 'stopped');
  });
});

test('one whose side of the pier nobody knows says that the meridian is not watched; a fork has none', async () => {
  const { play, minutes, state, book, motion, pierSide } = setUp({ minutes: 60, side: 'unknown' });
  await play(async () => {
    await minutes(1);
    assert.equal(motion.value, 'tracking');
    assert.match(state()?.blind ?? '', /side of the pier .* the meridian is not watched/);
    book.change('mount', { meridian: 'none' });
    await minutes(1);
    assert.equal(state()?.blind, undefined);
    book.change('mount', { meridian: 'pier' });
    await minutes(1);
    assert.ok(state()?.blind);
    pierSide.set('east');
    await minutes(1);
    assert.deepEqual([state()?.state, state()?.blind], ['within', undefined]);
  });
});

test('a mount in fault may track on: it is watched, and stopped once', async () => {
  const { play, minutes, motion, state, done, mount } = setUp({ minutes: 25, side: 'west' });
  mount.setTracking = async (on) => void done.push(`track ${on}`);
  await play(async () => {
    motion.set('fault');
    await minutes(1);
    assert.equal(state()?.state, 'near');
    await minutes(10);
    assert.deepEqual(done, ['halt', 'track false'], 'it stays in fault, and is not pressed for ever');
    assert.equal(state()?.state, 'stopped');
    motion.set('tracking');
    await minutes(1);
    assert.ok(done.length > 2, 'a fault that is over begins anew');
    motion.set('stopped');
  });
});
