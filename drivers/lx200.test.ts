import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { EmulatorFamily } from '../hil/emulators/emulator.ts';
import {
  lx200autostar as autostarMount,
  lx200 as classicMount,
  onstep as onstepMount,
} from '../hil/emulators/lx200.ts';
import { rigInMemory } from '../hil/rig-in-memory.ts';
import { apparentOf, siderealDegrees } from '../hil/sky/geometry.ts';
import { SimClock } from '../src/core/clock.ts';
import { Fault, type FaultKind } from '../src/core/errors.ts';
import type { Actor } from '../src/core/lane.ts';
import { silentLog } from '../src/core/log.ts';
import { Run } from '../src/core/run.ts';
import { contract } from '../src/device/contract.ts';
import type { Opened } from '../src/device/driver.ts';
import type { Compass } from '../src/device/mount.ts';
import { noDarkroom } from '../src/device/no-darkroom.ts';
import { createObservatory } from '../src/device/observatory.ts';
import { fromApparent } from '../src/sky/apparent.ts';
import { apparentPlace } from '../src/sky/direction.ts';
import { bytesOf, latin1 } from '../src/wire/framing.ts';
import { type Mangler, type MemoryPort, memoryWire } from '../src/wire/memory.ts';
import { parseTranscript, play } from '../src/wire/transcript.ts';
import { lx200, lx200autostar, onstep } from './lx200.ts';

type Name = 'lx200' | 'lx200autostar' | 'onstep';
const drivers = { lx200, lx200autostar, onstep };
const families = { lx200: classicMount, lx200autostar: autostarMount, onstep: onstepMount };
const names: readonly Name[] = ['lx200', 'lx200autostar', 'onstep'];
const person: Actor = { name: 'test', rank: 'person' };
const stopped = { name: 'Stopped' };
const isFault = (kind: FaultKind, words: RegExp) => (error: unknown) =>
  error instanceof Fault && error.kind === kind && words.test(error.message);

/** A mount that has forgotten time and site, so that it only points right when the driver has told them. */
function forgetful(family: EmulatorFamily): EmulatorFamily {
  if (family.kind !== 'stream') return family;
  const create: typeof family.create = (context) =>
    family.create({ ...context, options: { ...context.options, forgetful: true } });
  return { ...family, create };
}

/** At 30° east of the meridian, tracking: a mount at its home looks at the pole, where north leads nowhere. */
async function outside(name: Name) {
  const rig = rigInMemory(drivers[name], forgetful(families[name]));
  await rig.clock.drive(rig.device.connect());
  const { mount, guide } = rig.device.capabilities.value;
  assert.ok(mount && guide);
  const { clock, world, device } = rig;
  const place = (hourAngle: number, dec: number) => {
    const ra = siderealDegrees(clock.now(), world.site.longitude) - hourAngle;
    return fromApparent(apparentPlace(ra, dec), clock.now());
  };
  const slewTo = (target: { ra: number; dec: number }) => device.operate(person, 'mount', 'slewTo', target);
  const park = () => device.operate(person, 'mount', 'park', {}).outcome;
  const move = (direction: Compass, rate: number) =>
    device.operate(person, 'mount', 'move', { direction, rate });
  await clock.drive(slewTo(place(-30, 20)).outcome);
  return { ...rig, socket: rig.socket as MemoryPort, mount, guide, place, slewTo, park, move };
}

/** Loses the first message that holds these bytes. */
function losing(part: string): Mangler {
  let lost = false;
  return (bytes) => {
    if (lost || !latin1(bytes).includes(part)) return [{ bytes }];
    lost = true;
    return [];
  };
}

for (const name of names) {
  for (const { capability, name: what, perform } of contract) {
    if (!['mount', 'guide', 'device'].includes(capability)) continue;
    // Meade's have no way out of their park: what they do is shown below.
    if (name !== 'onstep' && what.startsWith('parks')) continue;
    test(`contract: ${name} ${capability}: ${what}`, async () => {
      const { clock, device, observatory } = await outside(name);
      await clock.drive(perform({ device, clock, observatory }));
    });
  }

  test(`${name} points the telescope at the place that was meant, on the side that looks there`, async () => {
    const { clock, world, mount, place, slewTo } = await outside(name);
    for (const [hourAngle, side] of [
      [-50, 'west'],
      [20, 'east'],
    ] as const) {
      const target = place(hourAngle, 40);
      await clock.drive(slewTo(target).outcome);
      const counted = world.mount.counted();
      const wanted = apparentOf(target, clock.now());
      assert.ok(Math.abs(counted.declination - wanted.dec) < 0.02);
      // The short sites of Meade's are good to a minute of arc.
      assert.ok(Math.abs(counted.rightAscension - wanted.ra) < 0.03);
      assert.equal(world.mount.pierSide, side);
      assert.equal(mount.pierSide.value, name === 'onstep' ? side : 'unknown');
    }
  });

  test(`${name} refuses what is below the horizon, says why, and stays`, async () => {
    const { clock, world, place, slewTo } = await outside(name);
    const { ra, dec } = world.mount.pointing();
    const refused = isFault('refused', /below the horizon/);
    await assert.rejects(clock.drive(slewTo(place(-120, -20)).outcome), refused);
    await clock.drive(clock.sleep(2000));
    const now = world.mount.pointing();
    assert.ok(Math.hypot(now.ra - ra, now.dec - dec) < 0.01);
  });

  test(`${name} shows how far a slew has come, survives a lost answer, and ends tracking`, async () => {
    const { clock, mount, socket, place, slewTo } = await outside(name);
    const run = slewTo(place(-80, 10));
    const fractions: number[] = [];
    run.progress.watch(({ fraction }) => fraction !== undefined && fractions.push(fraction));
    await clock.drive(clock.sleep(1200));
    socket.mangle = losing(name === 'onstep' ? '*' : '\xdf');
    await clock.drive(run.outcome);
    assert.equal(mount.motion.value, 'tracking');
    assert.deepEqual(fractions, fractions.toSorted());
    assert.ok(fractions.length > 5 && (fractions[0] as number) < 0.3 && (fractions.at(-1) as number) > 0.99);
  });

  test(`${name} reads answers in single bytes, and drops noise between them`, async () => {
    const { clock, socket, device, mount, place, slewTo } = await outside(name);
    socket.mangle = (bytes, toward) =>
      toward === 'device'
        ? [{ bytes }]
        : [...bytes].map((byte, index) => ({ bytes: Uint8Array.of(byte), delayMs: 5 * index }));
    await clock.drive(slewTo(place(-40, 25)).outcome);
    let noise = true;
    socket.mangle = (bytes, toward) => {
      if (toward === 'device' || !noise) return [{ bytes }];
      noise = false;
      return [{ bytes: Buffer.concat([bytesOf('?\x00'), bytes]) }];
    };
    await clock.drive(clock.sleep(5000));
    assert.deepEqual([device.status.value.state, mount.motion.value], ['connected', 'tracking']);
  });

  test(`${name} stops with the finger although the first stop is lost`, async () => {
    const { clock, world, socket, move, mount } = await outside(name);
    const run = move('south', mount.rates.length - 1);
    await clock.drive(clock.sleep(1000));
    assert.ok(world.mount.dec.moving);
    assert.equal(mount.motion.value, 'moving');
    socket.mangle = losing(':Qs#');
    run.stop('user');
    await assert.rejects(clock.drive(run.outcome), stopped);
    assert.equal(world.mount.dec.moving, false);
    assert.equal(mount.motion.value, 'tracking');
  });

  test(`${name} is halted when its answer to a goto is lost`, async () => {
    const { clock, world, socket, place, slewTo } = await outside(name);
    let asked = false;
    socket.mangle = (bytes, toward) => {
      if (toward === 'device') asked = latin1(bytes) === ':MS#';
      return asked && toward === 'host' ? [] : [{ bytes }];
    };
    await assert.rejects(clock.drive(slewTo(place(-80, 10)).outcome), isFault('silent', /:MS#/));
    assert.equal(world.mount.dec.moving, false);
    assert.ok(world.mount.counted().hourAngle > -79);
  });

  test(`${name} guides each axis by what the pulse says`, async () => {
    const { clock, world, device } = await outside(name);
    const rate = name === 'lx200' ? 15.04 : 7.52;
    const before = world.mount.counted();
    const pulse = (direction: Compass, milliseconds: number) =>
      device.operate(person, 'guide', 'pulse', { direction, milliseconds }).outcome;
    await clock.drive(Promise.all([pulse('north', 2000), pulse('west', 1000)]));
    const after = world.mount.counted();
    const north = (after.declination - before.declination) * 3600;
    const east = (after.rightAscension - before.rightAscension) * 3600;
    assert.ok(Math.abs(north - 2 * rate) < 0.2, `${north}″ north`);
    assert.ok(Math.abs(east + rate) < 0.2, `${east}″ east`);
  });

  test(`${name} resolves a park when the telescope is at home and still`, async () => {
    const { clock, world, park, mount, place, slewTo } = await outside(name);
    await clock.drive(park());
    assert.deepEqual([world.mount.ra.rate, world.mount.dec.rate], [0, 0]);
    assert.ok(Math.abs(world.mount.dec.angle) < 1e-6);
    assert.equal(mount.motion.value, 'parked');
    await assert.rejects(clock.drive(slewTo(place(-30, 20)).outcome), isFault('refused', /unpark it first/));
  });
}

test('Meade’s leave their park only by being switched off and on, and never stop tracking', async () => {
  for (const name of ['lx200', 'lx200autostar'] as const) {
    const { clock, device, park } = await outside(name);
    const off = device.operate(person, 'mount', 'track', { on: false }).outcome;
    await assert.rejects(clock.drive(off), isFault('unsupported', /stops its tracking/));
    await clock.drive(park());
    const unpark = device.operate(person, 'mount', 'unpark', {}).outcome;
    await assert.rejects(clock.drive(unpark), isFault('unsupported', /off and on/));
  }
});

test('OnStep tracks and rests as told; a pulse longer than four digits goes in parts', async () => {
  const { clock, world, device, mount } = await outside('onstep');
  await clock.drive(device.operate(person, 'mount', 'track', { on: false }).outcome);
  assert.deepEqual([mount.motion.value, world.mount.ra.moving], ['stopped', false]);
  await clock.drive(device.operate(person, 'mount', 'track', { on: true }).outcome);
  const { declination } = world.mount.counted();
  const pulse = { direction: 'south', milliseconds: 12_000 } as const;
  await clock.drive(device.operate(person, 'guide', 'pulse', pulse).outcome);
  const moved = (world.mount.counted().declination - declination) * 3600;
  assert.ok(Math.abs(moved + 12 * 7.52) < 0.5, `${moved}″`);
});

test('a sync moves what is shown, not the telescope', async () => {
  for (const name of names) {
    const { clock, world, device, mount, place } = await outside(name);
    const before = world.mount.counted();
    const target = place(-28, 21);
    await clock.drive(device.operate(person, 'mount', 'sync', target).outcome);
    assert.ok(Math.abs(world.mount.counted().declination - before.declination) < 1e-6);
    assert.ok(Math.abs(mount.position.value.dec - target.dec) < 1 / 60);
  }
});

test('a mount of another make is not taken for an OnStep or Autostar', async () => {
  const rig = rigInMemory(lx200autostar, onstepMount);
  await assert.rejects(rig.clock.drive(rig.device.connect()), isFault('garbled', /calls itself "On-Step"/));
});

test('time and site are told once they are known, and never when the owner says no', async () => {
  const line = async (settings: { tellTime: boolean }) => {
    const clock = new SimClock(1_700_000_000_000);
    const observatory = createObservatory();
    const { world } = rigInMemory(onstep, onstepMount);
    const emulator = onstepMount;
    assert.ok(emulator.kind === 'stream');
    const said: string[] = [];
    const wire = memoryWire(clock, () => (bytes, toward) => {
      if (toward === 'device') said.push(latin1(bytes));
      return [{ bytes }];
    });
    emulator.create({ clock, world, options: {} }).attach(wire.device);
    const opening = Run.start<Opened>(clock, 'open', (run) =>
      onstep.open({
        link: wire.host,
        settings,
        run: run as Run,
        observatory,
        darkroom: noDarkroom,
        log: silentLog,
      }),
    );
    const { poll } = await clock.drive(opening.outcome);
    assert.deepEqual(
      said.filter((text) => text.startsWith(':S')),
      [],
    );
    observatory.offerSite({ latitude: 49.398, longitude: 10.25, elevationMetres: 0 }, 'person');
    observatory.offerTime('person');
    for (let i = 0; i < 2; i++) await clock.drive(poll?.() ?? Promise.resolve());
    return said.filter((text) => text.startsWith(':S'));
  };
  const told = [':St+49*23:53#', ':Sg349*45:00#', ':SG+00:00#', ':SL22:13:20#', ':SC11/14/23#'];
  assert.deepEqual(await line({ tellTime: true }), told);
  assert.deepEqual(await line({ tellTime: false }), []);
});

const transcript = (path: string) =>
  parseTranscript(readFileSync(new URL(`../hil/transcripts/${path}.wire`, import.meta.url), 'utf8'));

for (const name of names) {
  test(`transcript ${name}/sets: the emulator answers as written`, async () => {
    const { clock, world } = rigInMemory(drivers[name], families[name]);
    const family = families[name];
    assert.ok(family.kind === 'stream');
    const { host, device } = memoryWire(clock);
    family.create({ clock, world, options: {} }).attach(device);
    assert.equal(await clock.drive(play(transcript(`${name}/sets`), 'host', host, clock)), undefined);
  });
}

for (const [path, act] of [
  ['onstep/open-and-refuse', 'refused'],
  ['lx200/open-and-go', 'go'],
  ['lx200autostar/open-and-park', 'park'],
] as const) {
  test(`transcript ${path}: the driver says and hears what is written`, async () => {
    const clock = new SimClock(0);
    const { host, device } = memoryWire(clock);
    const played = play(transcript(path), 'device', device, clock, 60_000);
    const driver = drivers[path.split('/')[0] as Name];
    const observatory = createObservatory();
    const settings = { tellTime: true };
    const work = Run.start(clock, 'all', async (run) => {
      const { mount, poll } = await driver.open({
        link: host,
        settings,
        run,
        observatory,
        darkroom: noDarkroom,
        log: silentLog,
      });
      await poll?.();
      if (act === 'park') return mount?.park(run);
      const slew = mount?.slewTo(fromApparent(apparentPlace(45, 40), clock.now()), run);
      return act === 'go' ? slew : assert.rejects(slew ?? Promise.resolve(), isFault('refused', /horizon/));
    });
    await clock.drive(work.outcome);
    assert.equal(await clock.drive(played), undefined);
  });
}
