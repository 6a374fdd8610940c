import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import test from 'node:test';
import { promisify } from 'node:util';
import { SimClock, systemClock } from '../core/clock.ts';
import { silentLog } from '../core/log.ts';
import { IndiClient } from './client.ts';
import { createIndiServer } from './server.ts';
import {
  createTestRig,
  pretendCamera,
  pretendFocuser,
  pretendGuide,
  pretendMount,
  pretendWheel,
} from './test-rig.ts';

const clock = systemClock;
const run = promisify(execFile);

interface Scene extends ReturnType<typeof createTestRig>, ReturnType<typeof pretendMount> {
  port: number;
  camera: ReturnType<typeof pretendCamera>;
  /** A client that has learnt everything. */
  join(): Promise<IndiClient>;
}

/** A server on loopback with one of each. */
async function onStage(
  body: (scene: Scene) => Promise<void>,
  size: readonly [number, number] = [640, 480],
): Promise<void> {
  const rig = createTestRig(clock);
  const mount = pretendMount();
  const camera = pretendCamera(...size);
  rig.add('focus', 'Focus', { focuser: pretendFocuser().focuser });
  rig.add('wheel', 'Wheel', { wheel: pretendWheel().wheel });
  rig.add('mount', 'Mount', { mount: mount.mount, guide: pretendGuide().guide });
  rig.add('cam', 'Cam', { camera: camera.camera });
  const server = await createIndiServer({ ...rig, clock, log: silentLog, port: 0, bind: '127.0.0.1' });
  const clients: IndiClient[] = [];
  try {
    await rig.host.connectAll();
    await body({
      ...rig,
      ...mount,
      camera,
      port: server.port,
      async join() {
        const client = await IndiClient.connect(clock, server.port);
        clients.push(client);
        client.getProperties();
        await client.until(() => client.property('Cam', 'SCOPE_INFO') !== undefined, 'definitions');
        return client;
      },
    });
  } finally {
    const start = clock.monotonic();
    await server.close();
    assert.ok(clock.monotonic() - start < 5000, 'close takes too long');
    for (const client of clients) client.close();
    await rig.host.close();
  }
}

/** Resolves when the server has read all that the client has said. */
async function answered(client: IndiClient): Promise<void> {
  let pongs = 0;
  const end = client.watch(({ type }) => void (type === 'pingReply' && pongs++));
  client.send({ type: 'pingRequest', uid: 'answered' });
  await client.until(() => pongs > 0, 'pingReply');
  end();
}

async function eventually(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 500, `not in time: ${what}`);
    await clock.sleep(10);
  }
}

test('two clients: each is answered alone, both see what one does, and its command', () =>
  onStage(async ({ join, port }) => {
    const one = await join();
    const two = await join();
    const heard: string[] = [];
    two.watch((message) => heard.push(message.type));
    one.getProperties('Focus');
    one.send({ type: 'pingRequest', uid: 'x' });
    let pongs = 0;
    one.watch((message) => void (message.type === 'pingReply' && message.uid === 'x' && pongs++));
    await one.until(() => pongs === 1, 'pingReply');
    assert.ok(!heard.includes('def'));
    one.set('Focus', 'ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 5200 });
    await two.untilState('Focus', 'ABS_FOCUS_POSITION', 'Busy');
    await two.untilState('Focus', 'ABS_FOCUS_POSITION', 'Ok');
    assert.equal(two.property('Focus', 'ABS_FOCUS_POSITION')?.values.FOCUS_ABSOLUTE_POSITION, 5200);
    assert.ok(heard.includes('new'));

    const narrow = await IndiClient.connect(clock, port);
    narrow.getProperties('Wheel', 'FILTER_SLOT');
    await narrow.untilState('Wheel', 'FILTER_SLOT', 'Ok');
    assert.deepEqual(narrow.names, ['Wheel.FILTER_SLOT']);
    narrow.close();
  }));

test('getProperties again and again gives the same', () =>
  onStage(async ({ join }) => {
    const client = await join();
    const count = client.names.length;
    let defined = 0;
    client.watch((message) => void (message.type === 'def' && defined++));
    for (let time = 0; time < 20; time++) client.getProperties();
    await client.until(() => defined === 20 * count, 'all definitions');
    assert.equal(client.names.length, count);
  }));

test('images: byte for byte, to several clients at their own speed, let go when all have it', () =>
  onStage(
    async ({ join, shutter, released }) => {
      const fast = await join();
      const slow = await join();
      const never = await join();
      for (const client of [fast, slow]) {
        client.enableBlob('Also', 'Cam', 'CCD1');
        await answered(client);
      }
      slow.pause();
      for (let count = 1; count <= 6; count++) {
        fast.set('Cam', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 0.01 });
        await fast.until(() => fast.blobs === count, `image ${count}`);
        await fast.untilState('Cam', 'CCD_EXPOSURE', 'Ok');
      }
      const file = shutter.last.value.cam?.file as Uint8Array;
      assert.ok(Buffer.from(file).equals(fast.lastBlob?.bytes as Buffer));
      assert.ok(released.length >= 2, 'a client that does not read keeps three images at most');
      slow.resume();
      const settled = () => slow.property('Cam', 'CCD_EXPOSURE')?.state === 'Ok' && slow.blobs >= 3;
      await slow.until(settled, 'the slow one catches up');
      assert.ok(slow.blobs < 6, `${slow.blobs} of 6 came: superseded ones are skipped`);
      assert.ok(Buffer.from(file).equals(slow.lastBlob?.bytes as Buffer));
      await eventually(() => released.length >= 5, 'they are let go');
      assert.equal(released.length, 5);
      assert.equal(never.blobs, 0);
    },
    [3000, 2000],
  ));

test('a client that does not read does not delay another', () =>
  onStage(async ({ join, position }) => {
    const fast = await join();
    const stuck = await join();
    stuck.pause();
    const updates = fast.updates;
    for (let step = 1; step <= 5000; step++) {
      position.set({ ra: 30 + step / 1000, dec: 40 });
      if (step % 100 === 0) await clock.turn();
    }
    await fast.until(() => fast.updates >= updates + 10_000, 'all updates', 15_000);
  }));

test('held motion stops when its client closes the socket', () =>
  onStage(async ({ join, moves }) => {
    const client = await join();
    client.set('Mount', 'TELESCOPE_MOTION_NS', { MOTION_NORTH: true });
    await client.untilState('Mount', 'TELESCOPE_MOTION_NS', 'Busy');
    client.close();
    const watcher = await join();
    await watcher.untilState('Mount', 'TELESCOPE_MOTION_NS', 'Idle');
    assert.deepEqual(moves, ['north 2', 'north stopped']);
  }));

test('a client that holds a motion and reads keeps it', () =>
  onStage(async ({ join, moves }) => {
    const client = await join();
    client.set('Mount', 'TELESCOPE_MOTION_WE', { MOTION_WEST: true });
    await clock.sleep(1500);
    assert.deepEqual(moves, ['west 2']);
    assert.equal(client.closed, false);
  }));

test('pulses: Busy, then Idle, in real time', () =>
  onStage(async ({ join }) => {
    const client = await join();
    const start = clock.monotonic();
    client.set('Mount', 'TELESCOPE_TIMED_GUIDE_WE', { TIMED_GUIDE_W: 200 });
    await client.untilState('Mount', 'TELESCOPE_TIMED_GUIDE_WE', 'Busy');
    const { values } = await client.untilState('Mount', 'TELESCOPE_TIMED_GUIDE_WE', 'Idle');
    const took = clock.monotonic() - start;
    assert.ok(took >= 195 && took < 2000, `${took} ms`);
    assert.deepEqual(values, { TIMED_GUIDE_W: 0, TIMED_GUIDE_E: 0 });
  }));

test('what cannot be read closes that connection with a reason, and no other', () =>
  onStage(async ({ join }) => {
    const good = await join();
    const bad = await join();
    bad.sendRaw("<newNumberVector device='Focus'><oops></newNumberVector>");
    await bad.until(() => bad.messages.length > 0, 'the reason');
    assert.match(bad.messages[0] ?? '', /the connection is closed: <\/newNumberVector> closes <oops>/);
    await eventually(() => bad.closed, 'it is closed');
    good.set('Wheel', 'FILTER_SLOT', { FILTER_SLOT_VALUE: 2 });
    await good.untilState('Wheel', 'FILTER_SLOT', 'Busy');
  }));

test('fifty clients join at once', () =>
  onStage(async ({ join }) => {
    const start = clock.monotonic();
    await Promise.all(Array.from({ length: 50 }, join));
    assert.ok(clock.monotonic() - start < 10_000);
  }));

test('simulated time and sockets do not mix', async () => {
  const rig = createTestRig(clock);
  const parts = { ...rig, clock: new SimClock(0), log: silentLog, port: 0, bind: '127.0.0.1' };
  await assert.rejects(createIndiServer(parts), /needs the system clock/);
});

const installed = existsSync('/usr/bin/indi_getprop') && existsSync('/usr/bin/indi_setprop');
test("libindi's own programs read and set", { skip: !installed && 'indi-bin is not installed' }, () =>
  onStage(async ({ port, join }) => {
    const at = ['-p', String(port), '-t', '1'];
    const { stdout } = await run('indi_getprop', [...at, 'Mount.GEOGRAPHIC_COORD.*']);
    assert.match(stdout, /^Mount\.GEOGRAPHIC_COORD\.LAT=50$/m);
    await run('indi_setprop', ['-p', String(port), 'Focus.ABS_FOCUS_POSITION.FOCUS_ABSOLUTE_POSITION=4800']);
    await run('indi_setprop', ['-p', String(port), 'Wheel.FILTER_NAME.FILTER_SLOT_NAME_5=H & "alpha"']);
    const client = await join();
    const arrived = () =>
      client.property('Focus', 'ABS_FOCUS_POSITION')?.values.FOCUS_ABSOLUTE_POSITION === 4800;
    await client.until(arrived, 'arrival');
    const { stdout: name } = await run('indi_getprop', [...at, '-1', 'Wheel.FILTER_NAME.FILTER_SLOT_NAME_5']);
    assert.equal(name.trim(), 'H & "alpha"');
  }),
);
