import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Claims } from './claims.ts';

test('the first to say so has a place; its name is given to who comes later, and it may let go', () => {
  const claims = new Claims();
  claims.add('mount', () => '/dev/ttyUSB0');
  const letGo = claims.add('EQMod', () => '/dev/ttyUSB1');
  claims.add('focuser', () => '/dev/ttyUSB1');
  claims.check('mount', '/dev/ttyUSB0');
  claims.check('EQMod', '/dev/ttyUSB1');
  assert.throws(() => claims.check('focuser', '/dev/ttyUSB1'), {
    kind: 'refused',
    message: "/dev/ttyUSB1 is EQMod's: give focuser a port of its own",
  });
  letGo();
  letGo();
  claims.check('focuser', '/dev/ttyUSB1');
  assert.equal(claims.holder('EQMod', '/dev/ttyUSB1'), 'focuser');
});

test('a place is the same under all its names, and moves as its plug does', () => {
  let tty = '/dev/ttyUSB0';
  const claims = new Claims({ plain: (name) => (name === 'by-id/ftdi' ? tty : name) });
  claims.add('mount', () => 'by-id/ftdi');
  claims.add('unplugged', () => undefined);
  assert.equal(claims.holder('other', '/dev/ttyUSB0'), 'mount');
  tty = '/dev/ttyUSB3';
  assert.equal(claims.holder('other', '/dev/ttyUSB0'), undefined);
  assert.deepEqual(claims.list, [{ by: 'mount', place: '/dev/ttyUSB3' }]);
});

test('a port that another program has open is not free, under any name', async () => {
  const claims = new Claims({
    plain: (name) => name.replace('by-id/gps', '/dev/ttyACM0'),
    program: async (path) => (path === '/dev/ttyACM0' ? 'gpsd (process 5)' : undefined),
  });
  await claims.checkFree('/dev/ttyUSB0');
  await assert.rejects(claims.checkFree('by-id/gps'), {
    kind: 'refused',
    message: 'by-id/gps is in use by gpsd (process 5): end that first',
  });
});

test('a place that is not there is nobody’s, until something is plugged in', () => {
  let plugged = false;
  const claims = new Claims({ exists: () => plugged });
  claims.add('Mount', () => '/dev/ttyUSB0');
  claims.check('Focuser', '/dev/ttyUSB0');
  plugged = true;
  assert.throws(() => claims.check('Focuser', '/dev/ttyUSB0'), /Mount's/);
});

test('who is gone for good has nothing any more; who came second has it now', () => {
  const claims = new Claims();
  claims.add('Mount', () => '/dev/ttyUSB0');
  claims.add('Mount', () => 'i2c:1:0x76');
  claims.add('Focuser', () => '/dev/ttyUSB0');
  claims.drop('Mount');
  claims.check('Focuser', '/dev/ttyUSB0');
  assert.deepEqual(claims.list, [{ by: 'Focuser', place: '/dev/ttyUSB0' }]);
});
