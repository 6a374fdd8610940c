import assert from 'node:assert/strict';
import { join } from 'node:path';
import { when } from '../../src/core/cell.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { Device } from '../../src/device/device.ts';
import { DeviceHost } from '../../src/device/host.ts';
import { LimitBook } from '../../src/device/limits/book.ts';
import { LimitWatch } from '../../src/device/limits/watch.ts';
import { wholeGuard } from '../../src/device/limits.ts';
import { noDarkroom } from '../../src/device/no-darkroom.ts';
import { createObservatory } from '../../src/device/observatory.ts';
import { createRig } from '../../src/device/rig.ts';
import { Shutter } from '../../src/device/shutter.ts';
import { adoptionDriver } from '../../src/indi/adopt/adopt.ts';
import { isMotion } from '../../src/indi/adopt/motions.ts';
import { IndiClient } from '../../src/indi/client.ts';
import { receiveForeign } from '../../src/indi/foreign/command.ts';
import { Programs } from '../../src/indi/foreign/programs.ts';
import { Router } from '../../src/indi/router.ts';
import { createIndiServer } from '../../src/indi/server.ts';
import { toApparent } from '../../src/sky/apparent.ts';
import { fromHorizon, toHorizon } from '../../src/sky/horizon.ts';
import { sunDirection } from '../../src/sky/sun-moon.ts';
import { inScratch } from './appliance.ts';
import type { Case, Suite } from './suite.ts';
import { present } from './tools.ts';

const DRIVER = 'indi_simulator_telescope';
const NAME = 'Telescope Simulator';
const site = { latitude: 28.7606, longitude: -17.8816, elevationMetres: 2396 };
const phone = { name: 'phone', rank: 'person' } as const;
const night = { name: 'night', rank: 'night' } as const;
const COORDINATES = 'EQUATORIAL_EOD_COORD';

/** A real driver's mount behind a socket: what clients say to it past our capabilities is judged and takes its turn. */
export const guard: Suite = {
  name: 'guard',
  cases: () => [
    onSimulator('a client slews a driver’s mount within the limits, and nowhere else', slewsWithinLimits),
    onSimulator('a driver’s mount belongs to one at a time: the night, the phone, a client', takesTurns),
    onSimulator('motion that a client holds ends with its connection', endsWithClient),
    onSimulator('a driver’s mount that tracks below its lowest altitude is stopped', stopsAtLimit),
  ],
};

const onSimulator = (name: string, body: (stage: Stage) => Promise<void>): Case => ({
  name,
  async run() {
    if (!present(DRIVER)) return `${DRIVER} is not installed (indi-bin)`;
    await inScratch('guard', async (directory) => {
      const stage = await createStage(directory);
      try {
        await body(stage);
      } finally {
        await stage.close();
      }
    });
    return undefined;
  },
});

type Stage = Awaited<ReturnType<typeof createStage>>;

async function createStage(directory: string) {
  const [clock, log] = [systemClock, silentLog];
  const observatory = createObservatory(site);
  observatory.offerTime('ntp');
  const book = new LimitBook();
  const judge = wholeGuard(book, observatory);
  const host = new DeviceHost({ clock, observatory, darkroom: noDarkroom, log }, judge);
  const watch = new LimitWatch(host, { book, log });
  const router = new Router(clock);
  const programs = new Programs({
    ...{ router, host, clock, log, directory, driverOf: adoptionDriver, isMotion },
    receiver: (hosted, device, publish) =>
      receiveForeign({
        ...{ hosted, device, publish, observatory, clock, log, guard: judge },
        dataDirectory: join(directory, 'data'),
      }),
  });
  const rig = createRig(host, { filters: [], zoneMinutes: 0 });
  const lab = { seal: () => new Uint8Array(0), store: () => Promise.resolve(''), release: () => {} };
  const shutter = new Shutter(rig, lab, log);
  const server = await createIndiServer({
    ...{ host, rig, shutter, clock, log, router },
    ...{ port: 0, bind: '127.0.0.1' },
  });
  programs.add({ id: 'mount', executable: DRIVER });
  const [device] = (await when(host.devices, ({ length }) => length > 0)) as [Device];
  await device.connect(true);
  await when(device.status, ({ state }) => state === 'connected');
  const enter = async () => {
    const client = await IndiClient.connect(clock, server.port);
    client.getProperties();
    await client.untilState(NAME, 'CONNECTION', 'Ok');
    return client;
  };
  const client = await enter();
  const mount = device.capabilities.value.mount;
  assert.ok(mount);
  client.set(NAME, 'GEOGRAPHIC_COORD', { LAT: site.latitude, LONG: 360 + site.longitude, ELEV: 2396 });
  client.set(NAME, 'TELESCOPE_PARK', { PARK: false, UNPARK: true });
  await client.untilState(NAME, 'GEOGRAPHIC_COORD', 'Ok');
  return {
    ...{ book, client, device, mount, watch, enter },
    /** Hours and degrees of date. */
    at(altitude: number, azimuth: number) {
      const { ra, dec } = fromHorizon({ altitude, azimuth }, site, clock.now());
      return { RA: ra / 15, DEC: dec };
    },
    altitude: () => {
      const now = clock.now();
      return toHorizon(toApparent(mount.position.value, now), site, now).altitude;
    },
    async close() {
      client.close();
      watch.close();
      await server.close();
      await programs.close();
      await host.close();
    },
  };
}

/** What the mount's coordinates are refused with. */
async function refusal(client: IndiClient, property: string, act: () => void): Promise<string> {
  let words: string | undefined;
  const unwatch = client.watch((message) => {
    const own = message.type === 'set' && message.name === property && message.state === 'Alert';
    if (own) words ??= message.message ?? '';
  });
  act();
  await client.until(() => words !== undefined, `${property} is refused`);
  unwatch();
  return words as string;
}

async function slewsWithinLimits({ client, at, device, altitude }: Stage): Promise<void> {
  const told = (place: { RA: number; DEC: number }) => () => client.set(NAME, COORDINATES, place);
  const before = altitude();
  assert.match(await refusal(client, COORDINATES, told(at(4, 90))), /4\.0° high there, the limit is 10\.0°/);
  const now = systemClock.now();
  const { ra, dec } = toApparent(sunDirection(now), now);
  assert.match(await refusal(client, COORDINATES, told({ RA: ra / 15, DEC: dec })), /from the Sun/);
  await systemClock.sleep(1500);
  assert.ok(Math.abs(altitude() - before) < 0.1, 'it has moved all the same');
  told(at(70, 300))();
  await client.untilState(NAME, COORDINATES, 'Busy');
  assert.deepEqual(
    device.runs.value.map(({ name }) => name),
    ['indi/telescope-simulator mount.slewTo'],
  );
  await client.untilState(NAME, COORDINATES, 'Ok', 40_000);
  await when(device.runs, ({ length }) => length === 0);
  assert.ok(Math.abs(altitude() - 70) < 0.5, `${altitude()}°`);
}

async function takesTurns({ client, at, device, mount }: Stage): Promise<void> {
  const leases = device.lease(night, 'mount');
  const slew = () => client.set(NAME, COORDINATES, at(70, 90));
  assert.equal(await refusal(client, COORDINATES, slew), 'busy: night');
  for (const lease of leases) lease.release();
  slew();
  await client.untilState(NAME, COORDINATES, 'Busy');
  const [mine] = device.runs.value;
  const theirs = device.operate(phone, 'mount', 'slewTo', { ...mount.position.value });
  await mine?.outcome.catch(() => {});
  assert.ok(mine?.ending.value?.state === 'stopped' && mine.ending.value.reason === 'superseded');
  const park = () => client.set(NAME, 'TELESCOPE_PARK', { PARK: true, UNPARK: false });
  assert.match(await refusal(client, 'TELESCOPE_PARK', park), /^busy: .*mount\.slewTo$/);
  // Stopping is nobody's privilege.
  client.set(NAME, 'TELESCOPE_ABORT_MOTION', { ABORT: true });
  await theirs.outcome.catch(() => {});
  assert.ok(theirs.ending.value?.state === 'stopped' && theirs.ending.value.reason === 'user');
}

async function endsWithClient({ client, enter: another, device }: Stage): Promise<void> {
  const holder = await another();
  holder.set(NAME, 'TELESCOPE_MOTION_NS', { MOTION_NORTH: true, MOTION_SOUTH: false });
  await client.untilState(NAME, 'TELESCOPE_MOTION_NS', 'Busy');
  await systemClock.sleep(500);
  assert.equal(device.runs.value.length, 1);
  const start = systemClock.monotonic();
  holder.close();
  await client.until(
    () => client.property(NAME, 'TELESCOPE_MOTION_NS')?.values.MOTION_NORTH === false,
    'the motion ends',
  );
  const milliseconds = systemClock.monotonic() - start;
  assert.ok(milliseconds < 2000, `it went on for ${Math.round(milliseconds)} ms`);
  await when(device.runs, ({ length }) => length === 0);
}

async function stopsAtLimit({ client, at, altitude, book, device, watch, mount }: Stage): Promise<void> {
  client.set(NAME, COORDINATES, at(50, 270));
  await client.untilState(NAME, COORDINATES, 'Busy');
  await client.untilState(NAME, COORDINATES, 'Ok', 40_000);
  await when(mount.motion, (motion) => motion === 'tracking');
  // In the west it sinks by 13″ a second.
  book.change(device.id, { lowestAltitude: altitude() - 0.02 });
  await client.until(
    () => client.property(NAME, 'TELESCOPE_TRACK_STATE')?.values.TRACK_OFF === true,
    'the tracking ends',
    30_000,
  );
  assert.match(watch.states.value[device.id]?.reason ?? '', /° high there, the limit is/);
  const track = () => client.set(NAME, 'TELESCOPE_TRACK_STATE', { TRACK_ON: true, TRACK_OFF: false });
  assert.match(await refusal(client, 'TELESCOPE_TRACK_STATE', track), /would track out of its limits/);
}
