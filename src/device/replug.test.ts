import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { cell, when } from '../core/cell.ts';
import { SimClock } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import { silentLog } from '../core/log.ts';
import { Asker } from '../wire/asker.ts';
import { Claims } from '../wire/claims.ts';
import { bytesOf, until } from '../wire/framing.ts';
import type { Port } from '../wire/link.ts';
import { MemoryPort } from '../wire/memory.ts';
import { adapters, type Plug, PlugBoard } from '../wire/plug-board.ts';
import { Plugged } from '../wire/plugged.ts';
import { placedPort, plainPath } from '../wire/serial-place.ts';
import type { SerialPlace } from '../wire/serial-ports.ts';
import { defineDriver, serial } from './driver.ts';
import { DeviceHost } from './host.ts';
import { noDarkroom } from './no-darkroom.ts';
import { createObservatory } from './observatory.ts';

/** A device that tells its name at `?`, or keeps it to itself (`nameless`). */
const shy = (nameless = false) =>
  defineDriver({
    ...{ id: 'shy', label: 'Shy', provides: [], settings: {}, pollMs: 5000, transport: serial() },
    async open({ link, run }) {
      const line = new Asker(link, run.clock, { framing: until('#'), timeoutMs: 500, quietMs: 100 });
      const name = (await line.ask('?')).slice(0, -1);
      return {
        model: name,
        ...(!nameless && { identity: name }),
        poll: async () => void (await line.ask('?')),
      };
    },
  });

/** Cables of which each has a device at its end, whatever tty the kernel gives it. */
async function rig(t: TestContext, cables: Record<string, Plug>) {
  const clock = new SimClock(0);
  const board = new PlugBoard();
  t.after(() => board.remove());
  const ends = new Map<string, MemoryPort>();
  const at = new Map<string, string>();
  const opened: string[] = [];
  const plug = (name: string, cable: Plug) => {
    ends.set(name, new MemoryPort(name, (link) => link.read(() => void link.write(bytesOf(`${name}#`)))));
    for (const tty of cable.ttys ?? []) at.set(board.dev(tty), name);
    board.plug(cable);
  };
  const pull = (name: string, socket: string, linkToo = true) => {
    board.unplug(socket);
    if (linkToo) ends.get(name)?.unplug();
    for (const [path, other] of at) if (other === name) at.delete(path);
  };
  for (const [name, cable] of Object.entries(cables)) plug(name, cable);
  const watch = async () => undefined;
  const plugged = await clock.drive(Plugged.open({ clock, log: silentLog, roots: board.roots, watch }));
  /** Other programs, by what they have open. */
  const blockers = cell<Record<string, string>>({});
  const claims = new Claims({
    plain: (name) => plainPath(plugged.now.value.serial, name),
    program: async (path) => blockers.value[path],
  });
  const host = new DeviceHost({
    clock,
    observatory: createObservatory(),
    darkroom: noDarkroom,
    log: silentLog,
  });
  const open = (path: string): Port<MemoryLink> => {
    const end = ends.get(at.get(path) ?? '');
    opened.push(path);
    if (!end) throw new Fault('gone', `${path}: no such file`);
    return end;
  };
  const add = (id: string, place: SerialPlace, driver = shy()) => {
    const port = placedPort(place, { plugged, claim: { by: id, claims }, open });
    return host.add({ id, label: id, driver, port });
  };
  const pass = (milliseconds: number) => clock.drive(clock.sleep(milliseconds));
  const state = ({ status }: ReturnType<typeof add>, wanted: string) =>
    clock.drive(when(status, ({ state }) => state === wanted));
  return { clock, board, plug, pull, add, pass, state, host, opened, claims, blockers, plugged };
}
type MemoryLink = Awaited<ReturnType<MemoryPort['open']>>;

const { ftdi, otherFtdi, ch340, otherCh340 } = adapters;

test('two devices swap their ttys: both are found again by their adapters, neither answers to the other’s name', async (t) => {
  const { clock, board, plug, pull, add, pass, host, state } = await rig(t, { A: ftdi, B: otherFtdi });
  const mount = add('mount', { usb: { vid: 0x0403, pid: 0x6001, serial: ftdi.serial } });
  const focuser = add('focuser', { serial: board.byId(otherFtdi) });
  const fleeting = add('fleeting', { serial: board.dev('ttyUSB7') });
  await clock.drive(host.connectAll());
  assert.deepEqual(
    [mount.identity, focuser.identity, fleeting.status.value.state],
    ['A', 'B', 'disconnected'],
  );
  pull('A', ftdi.socket);
  pull('B', otherFtdi.socket);
  await pass(4000);
  assert.deepEqual(
    [mount, focuser].map(({ status }) => status.value.state),
    ['recovering', 'recovering'],
  );
  plug('B', { ...otherFtdi, ttys: ['ttyUSB0'] });
  plug('A', { ...ftdi, ttys: ['ttyUSB1'] });
  await Promise.all([state(mount, 'connected'), state(focuser, 'connected')]);
  assert.deepEqual([mount.identity, focuser.identity], ['A', 'B']);
  await clock.drive(host.close());
});

test('named by ttys that swap, each device refuses the other’s answers', async (t) => {
  for (const nameless of [false, true]) {
    const { clock, board, plug, pull, add, pass, host, state } = await rig(t, { A: ftdi, B: otherFtdi });
    const mount = add('mount', { serial: board.dev('ttyUSB0') }, shy(nameless));
    const focuser = add('focuser', { serial: board.dev('ttyUSB1') }, shy(nameless));
    await clock.drive(host.connectAll());
    pull('A', ftdi.socket);
    pull('B', otherFtdi.socket);
    plug('B', { ...otherFtdi, ttys: ['ttyUSB0'] });
    plug('A', { ...ftdi, ttys: ['ttyUSB1'] });
    await pass(60_000);
    const words = nameless
      ? /another device \(usb 0403:6001 (A50285BI|B7001XYZ)\) is at/
      : /another device \([AB]\)/;
    for (const { status } of [mount, focuser]) {
      assert.equal(status.value.state, 'recovering');
      assert.match(status.value.message ?? '', words);
    }
    pull('A', ftdi.socket);
    pull('B', otherFtdi.socket);
    plug('A', ftdi);
    plug('B', otherFtdi);
    await Promise.all([state(mount, 'connected'), state(focuser, 'connected')]);
    await clock.drive(host.close());
  }
});

test('a pulled plug is seen although the link says nothing; a blip is no loss until its link is dead', async (t) => {
  const { clock, plug, pull, add, pass, host, state } = await rig(t, { A: ftdi });
  const mount = add('mount', { usb: { vid: 0x0403, pid: 0x6001 } });
  await clock.drive(mount.connect());
  const before = clock.monotonic();
  pull('A', ftdi.socket, false);
  await state(mount, 'recovering');
  assert.ok(clock.monotonic() - before <= 2600, 'a look and half a second, not three polls');
  assert.match(mount.status.value.message ?? '', /was unplugged/);
  await pass(60_000);
  plug('A', { ...ftdi, ttys: ['ttyUSB3'] });
  const back = clock.monotonic();
  await state(mount, 'connected');
  assert.ok(clock.monotonic() - back <= 2100, 'at the next look, not after the back-off');
  // Between two looks: the same socket, another address.
  pull('A', ftdi.socket, false);
  plug('A', { ...ftdi, ttys: ['ttyUSB3'] });
  await state(mount, 'recovering');
  assert.match(mount.status.value.message ?? '', /was plugged in again/);
  await state(mount, 'connected');
  await clock.drive(host.close());
});

test('a plug that is missing for less than half a second is not missed', async (t) => {
  const { clock, host, pass } = await rig(t, {});
  const at = cell<string | undefined>('socket 1');
  const end = new MemoryPort('A', (link) => link.read(() => void link.write(bytesOf('A#'))));
  const port = { kind: 'stream', name: 'A', at, open: (clock: SimClock) => end.open(clock) } as Port;
  const mount = host.add({ id: 'mount', label: 'Mount', driver: shy(), port });
  await clock.drive(mount.connect());
  const states: string[] = [];
  mount.status.watch(({ state }) => states.push(state));
  at.set(undefined);
  await pass(450);
  at.set('socket 1');
  await pass(30_000);
  assert.deepEqual(states, []);
  at.set(undefined);
  await pass(550);
  assert.deepEqual(states, ['recovering']);
  await clock.drive(host.close());
});

test('rights that come a moment after the plug cost a second, not the back-off that had grown', async (t) => {
  const { clock, board, plug, pull, add, pass, host, state, blockers } = await rig(t, { A: ftdi });
  const mount = add('mount', { usb: { vid: 0x0403, pid: 0x6001 } });
  await clock.drive(mount.connect());
  pull('A', ftdi.socket);
  await pass(120_000);
  blockers.set({ [board.dev('ttyUSB0')]: 'ModemManager (process 7)' });
  plug('A', ftdi);
  await pass(2300);
  assert.match(mount.status.value.message ?? '', /in use by ModemManager \(process 7\): end that first/);
  blockers.set({});
  const before = clock.monotonic();
  await state(mount, 'connected');
  assert.ok(clock.monotonic() - before <= 5000);
  await clock.drive(host.close());
});

test('a hint ends the wait between two tries, and does nothing to a device that is there', async (t) => {
  const { clock, host, pass, state } = await rig(t, {});
  const port = new MemoryPort('A', (link) => link.read(() => void link.write(bytesOf('A#'))));
  const mount = host.add({ id: 'mount', label: 'Mount', driver: shy(), port });
  await clock.drive(mount.connect());
  mount.retryNow();
  port.unplug();
  await pass(50_000);
  port.plug();
  const before = clock.monotonic();
  mount.retryNow();
  await state(mount, 'connected');
  assert.ok(clock.monotonic() - before < 1000);
  await clock.drive(host.close());
});

test('two devices with one port: the second is refused with the first one’s name, and opens nothing', async (t) => {
  const { clock, board, add, opened } = await rig(t, { A: ftdi });
  add('mount', { serial: board.byId(ftdi) });
  const second = add('focuser', { serial: board.dev('ttyUSB0') });
  await assert.rejects(clock.drive(second.connect()), {
    kind: 'refused',
    message: /ttyUSB0 is mount's: give focuser/,
  });
  assert.deepEqual(opened, []);
});

test('adapters without numbers keep to their sockets', async (t) => {
  const { clock, add, pull, plug, pass, host, state } = await rig(t, { A: ch340, B: otherCh340 });
  const place = (path: string) => ({ usb: { vid: 0x1a86, pid: 0x7523, path } });
  const unclear = add('unclear', { usb: { vid: 0x1a86, pid: 0x7523 } });
  await assert.rejects(clock.drive(unclear.connect()), { kind: 'refused' });
  await host.remove('unclear');
  const first = add('first', place('1-1.3'));
  const second = add('second', place('1-1.4'));
  await clock.drive(host.connectAll());
  assert.deepEqual([first.identity, second.identity], ['A', 'B']);
  pull('A', ch340.socket);
  pull('B', otherCh340.socket);
  await pass(3000);
  plug('B', { ...otherCh340, ttys: ['ttyUSB2'] });
  plug('A', { ...ch340, ttys: ['ttyUSB3'] });
  await Promise.all([state(first, 'connected'), state(second, 'connected')]);
  assert.deepEqual([first.identity, second.identity], ['A', 'B']);
  await clock.drive(host.close());
});
