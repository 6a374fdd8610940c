import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SimClock } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import { silentLog } from '../core/log.ts';
import { adapters, type Plug, PlugBoard } from './plug-board.ts';
import { lookForPlugs, Plugged, type Plugs } from './plugged.ts';
import { identityOf, nameOf, portsAt, type SerialPlace, thePortAt } from './serial-ports.ts';

function board(t: TestContext, ...plugs: Plug[]): PlugBoard {
  const made = new PlugBoard();
  t.after(() => made.remove());
  for (const plug of plugs) made.plug(plug);
  return made;
}

const { ftdi, otherFtdi, ch340, otherCh340, cp2102, otherCp2102, ft2232 } = adapters;
const refused = (words: RegExp) => (error: unknown) =>
  error instanceof Fault && error.kind === 'refused' && words.test(error.message);

test('what is plugged in is known from the kernel’s tree, without opening anything', async (t) => {
  const made = board(t, ftdi, ch340);
  const { usb, serial } = await lookForPlugs(made.roots);
  assert.deepEqual(usb[0], {
    ...{ socket: '1-1.1', vid: 0x0403, pid: 0x6001, serial: 'A50285BI', product: 'FT232R' },
    ...{ bus: 1, address: 2 },
  });
  assert.deepEqual(
    serial.map(({ path, names, usb: { socket } = {} }) => [path, names, socket]),
    [
      [made.dev('ttyUSB0'), [made.byId(ftdi), made.byPath(ftdi)], '1-1.1'],
      [made.dev('ttyUSB2'), [made.byId(ch340), made.byPath(ch340)], '1-1.3'],
    ],
  );
});

test('ports of the board count, consoles and spare ones without hardware do not', async (t) => {
  const made = board(t);
  const uart = join(made.roots.sys, 'devices/platform/uart0');
  mkdirSync(uart, { recursive: true });
  made.tty('ttyAMA0', uart);
  made.tty('ttyS0', uart, 4);
  made.tty('ttyS1', uart, 0);
  made.tty('tty1', uart);
  made.tty('ttyUSB9', join(made.roots.sys, 'devices/pulled'));
  const { serial } = await lookForPlugs(made.roots);
  assert.deepEqual(
    serial.map(({ path }) => path),
    [made.dev('ttyAMA0'), made.dev('ttyS0')],
  );
  assert.deepEqual(await lookForPlugs({ sys: made.dev('nothing'), dev: made.dev('here') }), {
    usb: [],
    serial: [],
  });
});

test('a place is found by its lasting names and by its adapter, wherever the tty went', async (t) => {
  const made = board(t, ftdi, otherFtdi);
  const find = async (place: SerialPlace) => thePortAt((await lookForPlugs(made.roots)).serial, place).path;
  const byNumber = { usb: { vid: 0x0403, pid: 0x6001, serial: 'A50285BI' } };
  assert.equal(await find({ serial: made.byId(ftdi) }), made.dev('ttyUSB0'));
  assert.equal(await find({ serial: made.byPath(otherFtdi) }), made.dev('ttyUSB1'));
  assert.equal(await find(byNumber), made.dev('ttyUSB0'));
  made.unplug('1-1.1');
  await assert.rejects(find(byNumber), { kind: 'gone', message: 'usb 0403:6001 A50285BI is not plugged in' });
  made.plug({ ...ftdi, socket: '2-4.1.3', ttys: ['ttyUSB8'] });
  assert.equal(await find(byNumber), made.dev('ttyUSB8'));
  assert.equal(await find({ serial: made.byId(ftdi) }), made.dev('ttyUSB8'));
});

test('adapters without a number, or all with the same one, are told apart by their sockets alone', async (t) => {
  const made = board(t, ch340, otherCh340, cp2102, otherCp2102);
  const { serial } = await lookForPlugs(made.roots);
  const find = (place: SerialPlace) => thePortAt(serial, place).path;
  assert.throws(
    () => find({ usb: { vid: 0x1a86, pid: 0x7523 } }),
    refused(/2 adapters: name path 1-1\.3 .*1-1\.4/),
  );
  assert.throws(() => find({ usb: { vid: 0x10c4, pid: 0xea60, serial: '0001' } }), refused(/3-1 .* 3-2/));
  assert.throws(
    () => find({ serial: made.byId(ch340) }),
    refused(/by-path\/.*0:1\.3.* or .*by-path\/.*0:1\.4/),
  );
  assert.equal(find({ usb: { vid: 0x1a86, pid: 0x7523, path: '1-1.4' } }), made.dev('ttyUSB3'));
  assert.equal(find({ serial: made.byPath(ch340) }), made.dev('ttyUSB2'));
});

test('one of two twins alone is not ambiguous', async (t) => {
  const made = board(t, cp2102);
  const { serial } = await lookForPlugs(made.roots);
  assert.equal(thePortAt(serial, { serial: made.byId(cp2102) }).path, made.dev('ttyUSB4'));
  assert.equal(portsAt(serial, { usb: { vid: 0x10c4, pid: 0xea60 } }).length, 1);
});

test('an adapter with two ports: each is a place of its own', async (t) => {
  const made = board(t, ft2232);
  const { serial } = await lookForPlugs(made.roots);
  const dual = { vid: 0x0403, pid: 0x6010 };
  assert.throws(() => thePortAt(serial, { usb: dual }), refused(/interface 0 or path 2-1 interface 1/));
  assert.equal(thePortAt(serial, { usb: { ...dual, interface: 1 } }).path, made.dev('ttyUSB7'));
  assert.equal(thePortAt(serial, { serial: made.byId(ft2232, 1) }).path, made.dev('ttyUSB7'));
  assert.deepEqual(serial.map(identityOf), ['usb 0403:6010 FT7', 'usb 0403:6010 FT7 interface 1']);
  assert.equal(nameOf({ usb: { ...dual, path: '2-1', interface: 1 } }), 'usb 0403:6010 in 2-1 interface 1');
});

test('changes are seen: at once where somebody tells of them, else every two seconds', async (t) => {
  for (const told of [true, false]) {
    const made = board(t);
    const clock = new SimClock(0);
    let tell = () => {};
    const watch = async (changed: () => void) => {
      tell = changed;
      return told ? () => {} : undefined;
    };
    const plugged = await clock.drive(Plugged.open({ clock, log: silentLog, roots: made.roots, watch }));
    const seen: [number, number][] = [];
    plugged.now.watch(({ serial }) => seen.push([clock.monotonic(), serial.length]));
    await clock.drive(clock.sleep(100));
    made.plug({ ...ftdi, ttys: [] });
    tell();
    await clock.drive(clock.sleep(400));
    // The driver of the adapter comes a moment later than the device.
    made.plug(ftdi);
    await clock.drive(clock.sleep(3000));
    const [device, port] = seen;
    assert.equal(port?.[1], 1);
    assert.ok(told ? device![0] < 200 && port![0] < 800 : port![0] <= 2300, JSON.stringify(seen));
    await clock.drive(plugged.close());
  }
});

test('a plug that was pulled and put back between two looks is another plugging of the same device', async (t) => {
  const made = board(t, ftdi);
  const before: Plugs = await lookForPlugs(made.roots);
  const still = await lookForPlugs(made.roots, before);
  assert.equal(still.usb[0], before.usb[0], 'nothing is read twice');
  made.unplug(ftdi.socket);
  made.plug(ftdi);
  const after = await lookForPlugs(made.roots, before);
  assert.notEqual(after.usb[0]?.address, before.usb[0]?.address);
  assert.equal(after.usb[0]?.serial, before.usb[0]?.serial);
});

test('events that fail leave the looking', async (t) => {
  const made = board(t, ftdi);
  const clock = new SimClock(0);
  const watch = () => Promise.reject(new Error('no netlink'));
  const plugged = await clock.drive(Plugged.open({ clock, log: silentLog, roots: made.roots, watch }));
  made.unplug(ftdi.socket);
  await clock.drive(clock.sleep(2500));
  assert.deepEqual(plugged.now.value, { usb: [], serial: [] });
  await clock.drive(plugged.close());
});
