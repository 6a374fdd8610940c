import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { drivers } from '../../../drivers/index.ts';
import type { Holder } from '../../wire/holders.ts';
import { adapters, type Plug, PlugBoard } from '../../wire/plug-board.ts';
import { lookForPlugs } from '../../wire/plugged.ts';
import { readHidraws } from '../../wire/usb.ts';
import { benchSchema } from '../bench-file.ts';
import { lastingAdvice } from '../ports.ts';
import { grabberFindings } from './grabbers.ts';
import { indiDrivers } from './machine.ts';
import { type Seen, serialFindings, usbFindings } from './plugs.ts';
import { rigFindings } from './rig.ts';

const { ftdi, otherFtdi, ch340, otherCh340, cp2102, otherCp2102 } = adapters;
const asi = { socket: '2-1', vid: 0x03c3, pid: 0x120e, product: 'ASI120MM-S', serial: '0a1b' };

async function look(t: TestContext, plugs: Plug[], more: Partial<Seen> = {}) {
  const board = new PlugBoard();
  t.after(() => board.remove());
  for (const plug of plugs) board.plug(plug);
  const open = { holders: [], hidraws: new Map(), mayOpen: () => true };
  const seen: Seen = { ...(await lookForPlugs(board.roots)), ...open, ...more };
  return { board, seen };
}

const held = (path: string, name: string, pid = 512): Holder => ({ path, pid, name });

test('a serial port is told by its lasting name, with the families that its chip is known from', async (t) => {
  const { board, seen } = await look(t, [ftdi, ch340]);
  const [first, second] = serialFindings(seen, drivers);
  assert.equal(first?.what, board.byId(ftdi));
  assert.equal(first?.state, 'ok');
  assert.match(first?.words ?? '', /ttyUSB0, FT232R in socket 1-1\.1; known from: .*MoonLite focuser/);
  assert.match(second?.words ?? '', /known from: OnStep mount$/);
  assert.equal(serialFindings({ ...seen, serial: [] }, drivers)[0]?.state, 'missing');
});

test('without the right to open it: which group to join', async (t) => {
  const { seen } = await look(t, [ftdi], { mayOpen: () => false });
  const [finding] = serialFindings(seen, drivers);
  assert.equal(finding?.state, 'wrong');
  assert.match(finding?.words ?? '', /group "dialout"/);
});

test('who uses a port is named; a program that grabs ports is wrong there, with what ends it', async (t) => {
  const { board, seen } = await look(t, [ftdi, otherFtdi]);
  const holders = [
    held(board.dev('ttyUSB0'), 'indi_moonlite_focus', 71),
    held(board.dev('ttyUSB1'), 'ModemManager'),
    held('/dev/ttyACM9', 'else'),
  ];
  const [ours, grabbed] = serialFindings({ ...seen, holders }, drivers);
  assert.deepEqual([ours?.state, grabbed?.state], ['ok', 'wrong']);
  assert.match(ours?.words ?? '', /in use by indi_moonlite_focus \(process 71\)$/);
  assert.match(grabbed?.words ?? '', /ModemManager \(process 512\): .*systemctl mask --now ModemManager/);
});

test('adapters that say the same of themselves are named by their sockets', async (t) => {
  const { board, seen } = await look(t, [ch340, otherCh340, cp2102, otherCp2102]);
  const findings = serialFindings(seen, drivers);
  assert.deepEqual(
    findings.map(({ what, state }) => [what, state]),
    [ch340, otherCh340, cp2102, otherCp2102].map((plug) => [board.byPath(plug), 'note']),
  );
  assert.match(findings[0]?.words ?? '', /has no serial number, as .*ttyUSB3 has: name it by its socket/);
  assert.match(findings[2]?.words ?? '', /has the serial number 0001, as .*ttyUSB5 has/);
});

test('a camera that may not be opened: which package and rule; its hidraw counts, and who has it', async (t) => {
  const { board, seen } = await look(t, [asi]);
  const device = join(board.roots.sys, 'devices/2-1/2-1:1.0/0003:03C3:1F01.0001');
  mkdirSync(device, { recursive: true });
  mkdirSync(join(board.roots.sys, 'class/hidraw/hidraw0'), { recursive: true });
  symlinkSync(device, join(board.roots.sys, 'class/hidraw/hidraw0/device'));
  const hidraws = await readHidraws(board.roots.sys);
  assert.deepEqual([...hidraws], [['2-1', ['/dev/hidraw0']]]);
  const mayOpen = (path: string) => path !== '/dev/hidraw0';
  const [closed] = usbFindings({ ...seen, hidraws, mayOpen }, drivers);
  assert.equal(closed?.what, 'usb 2-1 03c3:120e');
  assert.equal(closed?.state, 'wrong');
  assert.match(closed?.words ?? '', /ZWO ASI120MM-S, serial number 0a1b; .*indi-asi .*"hidraw".*"03c3"/);
  const [used] = usbFindings({ ...seen, holders: [held('/dev/bus/usb/002/002', 'indi_asi_ccd')] }, drivers);
  assert.deepEqual([used?.state, /in use by indi_asi_ccd/.test(used?.words ?? '')], ['ok', true]);
});

test('an adapter whose port somebody took away is seen', async (t) => {
  const { seen } = await look(t, [{ ...ch340, ttys: [] }]);
  const [finding] = usbFindings(seen, drivers);
  assert.equal(finding?.state, 'wrong');
  assert.match(finding?.words ?? '', /without a port: .*brltty/);
  assert.deepEqual(usbFindings((await look(t, [ftdi])).seen, drivers), [], 'the others are told as ports');
});

test('the rig: who is where, who is not there, and which two want the same port', async (t) => {
  const { board, seen } = await look(t, [ftdi, ch340, otherCh340]);
  const device = (id: string, port: unknown) => ({ id, label: id, driver: 'moonlite', port });
  const bench = benchSchema.parse({
    name: 'rig',
    devices: [
      device('focuser', { usb: { vid: '0403', pid: '6001', serial: 'A50285BI' } }),
      device('mount', { serial: board.dev('ttyUSB0') }),
      device('wheel', { usb: { vid: '1A86', pid: '7523' } }),
      device('away', { serial: '/dev/serial/by-id/usb-away' }),
      device('network', { tcp: 'localhost:4030' }),
    ],
  });
  const findings = await rigFindings(bench, seen.serial);
  assert.deepEqual(
    findings.map(({ what, state }) => `${what} ${state}`),
    ['device focuser ok', 'device mount wrong', 'device wheel wrong', 'device away missing'],
  );
  assert.match(findings[1]?.words ?? '', /which is focuser's: give mount a port of its own/);
  assert.match(findings[2]?.words ?? '', /2 adapters/);
  assert.throws(
    () => benchSchema.parse({ name: 'rig', devices: [device('x', { usb: { vid: '403', pid: '6001' } })] }),
    /four hexadecimal digits/,
  );
});

test('a port that is named by the order of plugging gets the advice to name it otherwise', () => {
  const usb = { socket: '1-1', vid: 1, pid: 2, bus: 1, address: 3 };
  const port = { path: '/dev/ttyUSB0', names: ['/dev/serial/by-id/usb-x'], usb, interface: 0 };
  assert.match(
    lastingAdvice({ serial: '/dev/ttyUSB0' }, [port]) ?? '',
    /name it \/dev\/serial\/by-id\/usb-x$/,
  );
  assert.match(lastingAdvice({ serial: '/dev/ttyACM3' }, [port]) ?? '', /name it \/dev\/serial\/by-id\/…$/);
  assert.equal(lastingAdvice({ serial: '/dev/ttyAMA0' }, [port]), undefined);
  assert.equal(lastingAdvice({ serial: '/dev/serial/by-id/usb-x' }, [port]), undefined);
});

test('who may grab a port later, and a machine without INDI', async (t) => {
  assert.deepEqual(
    grabberFindings(['ModemManager', 'gpsd']).map(({ state }) => state),
    ['note', 'ok'],
  );
  const { board } = await look(t, []);
  assert.equal((await indiDrivers(board.roots.dev)).state, 'missing');
});
