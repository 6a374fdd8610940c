import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { SimClock } from '../core/clock.ts';
import { createLog, silentLog } from '../core/log.ts';
import { adapters, PlugBoard } from '../wire/plug-board.ts';
import { Plugged } from '../wire/plugged.ts';
import { openSockets } from './ports.ts';

const { ftdi } = adapters;

test('a port under two names is one port: the second device is refused, whichever connects first', async (t) => {
  const board = new PlugBoard();
  t.after(() => board.remove());
  board.plug(ftdi);
  symlinkSync('ttyUSB0', board.dev('mount'));
  const clock = new SimClock(0);
  const plugged = await clock.drive(Plugged.open({ clock, log: silentLog, roots: board.roots }));
  const lines: string[] = [];
  const { portOf, claims } = openSockets(plugged, createLog('warn', { write: (line) => lines.push(line) }));
  portOf({ id: 'mount' }, { serial: board.dev('mount') });
  const second = portOf({ id: 'focuser' }, { usb: { vid: ftdi.vid, pid: ftdi.pid } });
  const refusal = { kind: 'refused', message: /ttyUSB0 is mount's: give focuser a port of its own/ };
  await assert.rejects(clock.drive(second.open(clock, {})), refusal);
  assert.equal(claims.holder('EQMod', board.byId(ftdi)), 'mount', 'programs are told the same');
  for (const name of ['COM3', '', '/x'.repeat(9000), '/dev/\0']) {
    assert.equal(
      claims.holder('EQMod', name),
      undefined,
      'what a client types is compared, and breaks nothing',
    );
  }
  assert.deepEqual(lines, []);

  portOf({ id: 'wheel' }, { serial: '/dev/ttyUSB70' });
  assert.match(lines[0] ?? '', /"device":"wheel".*whatever was plugged in first.*by-id/);
  await clock.drive(plugged.close());
});
