import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cell, when } from '../core/cell.ts';
import { SimClock } from '../core/clock.ts';
import { Fault, type FaultKind } from '../core/errors.ts';
import { silentLog } from '../core/log.ts';
import { Asker } from '../wire/asker.ts';
import { bytesOf, until } from '../wire/framing.ts';
import { MemoryPort } from '../wire/memory.ts';
import { defineDriver, serial } from './driver.ts';
import { DeviceHost } from './host.ts';
import { sunGuard, trustGuard } from './limits.ts';
import { noDarkroom } from './no-darkroom.ts';
import { createObservatory } from './observatory.ts';
import { choice } from './settings.ts';

const kind = (wanted: FaultKind) => (error: unknown) => error instanceof Fault && error.kind === wanted;
const person = { name: 'phone', rank: 'person' } as const;
const client = { name: 'indi', rank: 'client' } as const;

/** A focuser of one question: `?` answers `SERIAL,POSITION#`. */
const echo = defineDriver({
  id: 'echo',
  label: 'Echo focuser',
  transport: serial(),
  pollMs: 1000,
  provides: [],
  settings: { speed: choice('Speed', ['slow', 'fast'], 'slow') },
  async open({ link, run }) {
    const line = new Asker(link, run.clock, { framing: until('#'), timeoutMs: 500, quietMs: 100 });
    const ask = async () => (await line.ask('?')).slice(0, -1).split(',');
    const [identity = ''] = await ask();
    const position = cell(0);
    return {
      identity,
      focuser: {
        position,
        moving: cell(false),
        maxStep: 100,
        async moveTo(steps, move) {
          await move.sleep(5000);
          position.set(steps);
        },
        async halt() {},
      },
      async poll() {
        const value = Number((await ask())[1]);
        if (Number.isNaN(value)) throw new Fault('garbled', 'no position');
        position.set(value);
      },
    };
  },
});

function setUp(guard?: ConstructorParameters<typeof DeviceHost>[1]) {
  const clock = new SimClock(0);
  const answers = { text: 'A1,42#', opened: 0 };
  const port = new MemoryPort('focuser', (link) => {
    answers.opened++;
    link.read(() => void link.write(bytesOf(answers.text)));
  });
  const observatory = createObservatory();
  const host = new DeviceHost({ clock, observatory, darkroom: noDarkroom, log: silentLog }, guard);
  const device = host.add({ id: 'focuser', label: 'Focuser', driver: echo, port });
  const state = (wanted: string) => clock.drive(when(device.status, ({ state }) => state === wanted));
  return { clock, host, device, port, answers, observatory, state };
}

test('a device comes up, shows its state, and is gone when told so', async () => {
  const { clock, device } = setUp();
  assert.deepEqual(device.capabilities.value, {});
  await clock.drive(device.connect());
  assert.equal(device.status.value.state, 'connected');
  assert.equal(device.capabilities.value.focuser?.position.value, 42);
  assert.equal(device.identity, 'A1');
  await clock.drive(device.disconnect());
  assert.equal(device.status.value.state, 'disconnected');
  assert.throws(() => device.operate(person, 'focuser', 'moveTo', { steps: 1 }), kind('gone'));
});

test('an unplugged device keeps its place and comes back by itself, with back-off', async () => {
  const { clock, device, port, answers, state } = setUp();
  await clock.drive(device.connect());
  const move = device.operate(person, 'focuser', 'moveTo', { steps: 7 });
  await clock.drive(clock.sleep(100));
  port.unplug();
  await assert.rejects(clock.drive(move.outcome), kind('gone'));
  assert.equal(device.status.value.state, 'recovering');
  assert.equal(device.capabilities.value.focuser?.position.value, 42, 'its last known state stays');
  await clock.drive(clock.sleep(60_000));
  assert.equal(device.status.value.state, 'recovering');
  port.plug();
  answers.text = 'A1,43#';
  const before = clock.monotonic();
  await state('connected');
  assert.ok(clock.monotonic() - before <= 30_000);
  assert.equal(device.capabilities.value.focuser?.position.value, 43);
});

test('another device on the same port does not take its name', async () => {
  const { clock, device, port, answers, state } = setUp();
  await clock.drive(device.connect());
  port.unplug();
  answers.text = 'B2,1#';
  port.plug();
  await clock.drive(clock.sleep(20_000));
  assert.equal(device.status.value.state, 'recovering');
  assert.match(device.status.value.message ?? '', /another device \(B2\)/);
  answers.text = 'A1,42#';
  await state('connected');
});

test('three failed polls lose the device, one or two do not', async () => {
  const { clock, device, answers, state } = setUp();
  await clock.drive(device.connect());
  answers.text = 'A1,x#';
  await clock.drive(clock.sleep(2500));
  answers.text = 'A1,42#';
  await clock.drive(clock.sleep(5000));
  assert.equal(device.status.value.state, 'connected');
  answers.text = 'A1,x#';
  await state('recovering');
  answers.text = 'A1,42#';
  await state('connected');
});

test('a device that is not there fails at once by hand, and is awaited from the start of the night', async () => {
  const { clock, host, device, port, state } = setUp();
  port.unplug();
  await assert.rejects(clock.drive(device.connect()), kind('gone'));
  assert.equal(device.status.value.state, 'disconnected');
  await clock.drive(host.connectAll());
  port.plug();
  await state('connected');
  await clock.drive(host.close());
});

test('who disconnects while the link is still opening is heard', async () => {
  const { clock, host, port } = setUp();
  const slow: typeof port.open = async (own) => {
    await own.sleep(2000);
    return port.open(own);
  };
  const device = host.add({
    ...{ id: 'slow', label: 'Slow', driver: echo },
    port: { kind: 'stream', name: 'slow', open: slow },
  });
  device.connect(true).catch(() => {});
  await clock.drive(clock.sleep(1000));
  await clock.drive(device.disconnect());
  await clock.drive(clock.sleep(60_000));
  assert.equal(device.status.value.state, 'disconnected');
});

test('a handshake without an answer ends, and disconnecting ends the trying', async () => {
  const { clock, device, port, answers } = setUp();
  port.mangle = (bytes, toward) => (toward === 'host' ? [] : [{ bytes }]);
  await assert.rejects(clock.drive(device.connect()), kind('silent'));
  device.connect(true).catch(() => {});
  await clock.drive(clock.sleep(10_000));
  const tries = answers.opened;
  await clock.drive(device.disconnect());
  await clock.drive(clock.sleep(120_000));
  assert.equal(answers.opened, tries);
});

test('operations hold their lane by rank, and stop passes from anyone', async () => {
  const { clock, device } = setUp();
  await clock.drive(device.connect());
  const move = device.operate(person, 'focuser', 'moveTo', { steps: 5 });
  assert.deepEqual(
    device.runs.value.map(({ name }) => name),
    ['focuser focuser.moveTo'],
  );
  assert.throws(
    () => device.operate(client, 'focuser', 'moveTo', { steps: 6 }),
    /busy: focuser focuser.moveTo/,
  );
  await clock.drive(device.operate(client, 'focuser', 'halt', {}).outcome);
  await assert.rejects(clock.drive(move.outcome), { name: 'Stopped' });
  assert.deepEqual(device.runs.value, []);
  assert.throws(() => device.operate(person, 'wheel', 'select', { slot: 1 }), kind('unsupported'));
});

test('a lease of the night keeps clients off until it ends or a person takes over', async () => {
  const { clock, device } = setUp();
  await clock.drive(device.connect());
  const night = { name: 'night', rank: 'night' } as const;
  const [lease] = device.lease(night, 'focuser');
  assert.throws(() => device.operate(client, 'focuser', 'moveTo', { steps: 1 }), /busy: night/);
  await clock.drive(device.operate(night, 'focuser', 'moveTo', { steps: 1 }).outcome);
  await clock.drive(device.operate(person, 'focuser', 'moveTo', { steps: 2 }).outcome);
  assert.equal(lease?.lost.aborted, true);
});

test('settings are checked against what they take', () => {
  const { device } = setUp();
  device.change({ speed: 'fast' });
  assert.equal(device.settings.value.speed, 'fast');
  assert.throws(() => device.change({ speed: 'warp' }), /Speed: "warp" is not one of slow, fast/);
  assert.throws(() => device.change({ color: 'red' }), /no setting "color"/);
  assert.equal(device.settings.value.speed, 'fast');
});

test('roles: as assigned, else the only device that can', async () => {
  const { clock, host, device } = setUp();
  await clock.drive(device.connect());
  assert.equal(host.inRole('focuser'), device);
  assert.equal(host.inRole('mount'), undefined);
  // A role may wait for its device: nobody else plays it meanwhile.
  host.assign('focuser', 'later');
  assert.equal(host.inRole('focuser'), undefined);
  host.unassign('focuser');
  assert.equal(host.inRole('focuser'), device);
  assert.throws(
    () => host.add({ id: 'Bad Id', label: '', driver: echo, port: device.port }),
    /small letters/,
  );
  assert.throws(() => host.add({ id: 'focuser', label: '', driver: echo, port: device.port }), /twice/);
});

test('no slew before time and site are trusted, and none into the Sun', () => {
  const observatory = createObservatory();
  const trust = trustGuard(observatory);
  assert.match(trust('mount', 'slewTo', {}, 0) ?? '', /site/);
  observatory.offerSite({ latitude: 1, longitude: 2, elevationMetres: 3 }, 'client');
  assert.match(trust('mount', 'slewTo', {}, 0) ?? '', /clock/);
  assert.equal(trust('mount', 'park', {}, 0), undefined);
  observatory.offerTime('ntp');
  assert.equal(trust('mount', 'slewTo', {}, 0), undefined);
  assert.equal(observatory.offerTime('client'), false, 'a lower source never overrules a higher one');
  assert.equal(observatory.offerTime('gps'), true);
  const sun = sunGuard(({ ra }) => ra);
  assert.match(sun('mount', 'slewTo', { ra: 14.9, dec: 0 }, 0) ?? '', /14.9° from the Sun/);
  assert.equal(sun('mount', 'slewTo', { ra: 15, dec: 0 }, 0), undefined);
});
