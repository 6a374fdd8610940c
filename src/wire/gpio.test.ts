import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../core/clock.ts';
import { Claims } from './claims.ts';
import { expander, isFault, pi4, pi5, setUp } from './gpio.fixture.ts';
import { exportFault } from './gpio.ts';
import { linesPort } from './gpio-lines.ts';
import { GpioOutputs } from './gpio-outputs.ts';

// Each has the outputs of a process of its own, which wait for its end.
process.setMaxListeners(32);

test("a line's number is its chip's base and its offset, on every kernel and board", async (t) => {
  const old = { ...pi4, base: 0 };
  for (const [chips, number] of [
    [[old], 17],
    [[expander, pi4], 529],
    [[pi5], 586],
  ] as const) {
    const { line, events, outputs } = setUp(t, ...chips);
    line(number);
    const link = await linesPort(undefined, { outputs }).open(systemClock, {});
    await link.output(17, { safe: false });
    assert.deepEqual(events, [`${number} low`, `${number} = 0`]);
    await link.close();
  }
});

test('lines of I2C, SPI and UART are refused on the header, and only there', async (t) => {
  const { sys, line, outputs } = setUp(t, pi4, expander);
  const link = await linesPort(undefined, { outputs }).open(systemClock, {});
  for (const [reserved, words] of [
    [2, /I2C 1/],
    [0, /EEPROM/],
    [8, /SPI 0/],
    [14, /UART/],
  ] as const)
    await assert.rejects(link.output(reserved, { safe: false }), isFault('refused', words));
  line(514);
  await link.output(2, { safe: false, reserved: true });
  line(516);
  await link.output(4, { safe: false });
  mkdirSync(join(sys, 'bus/w1/devices/w1_bus_master1'));
  const later = await linesPort(undefined, { outputs }).open(systemClock, {});
  await assert.rejects(later.input(4), isFault('refused', /1-wire/));
  const other = await linesPort('raspberrypi-exp-gpio', { outputs }).open(systemClock, {});
  line(572);
  await other.output(2, { safe: false });
  await assert.rejects(other.output(8, { safe: false }), isFault('unsupported', /0…7/));
});

test('a line that is exported only now is waited for', async (t) => {
  const { sys, line, events, outputs } = setUp(t, pi4);
  const link = await linesPort(undefined, { outputs }).open(systemClock, {});
  systemClock.after(60, () => line(530));
  await link.output(18, { safe: true });
  assert.equal(readFileSync(join(sys, 'class/gpio/export'), 'utf8'), '530');
  assert.deepEqual(events, ['530 high', '530 = 1']);
  await link.close();
});

test('at close heaters are safe and ports as they were, and no line is let go', async (t) => {
  const { run, sys, line, events, outputs } = setUp(t, pi4);
  const port = linesPort(undefined, { outputs });
  const first = await port.open(systemClock, {});
  line(529, 'out', '1');
  line(530, 'out', '1');
  const mount = await first.output(17, { safe: false, keep: true });
  const heater = await first.output(18, { safe: false });
  assert.equal(mount.level, true, 'it was driven before this process was');
  assert.equal(heater.level, false);
  assert.deepEqual(events, ['529 high', '530 low', '530 = 0']);
  assert.equal(readFileSync(join(run, 'safe-lines'), 'utf8'), `${join(sys, 'class/gpio/gpio530/value')} 0\n`);
  await heater.write(true);
  events.length = 0;
  await first.close();
  assert.deepEqual(events, ['530 = 0']);
  await assert.rejects(heater.write(true), isFault('gone'));

  const second = await port.open(systemClock, {});
  events.length = 0;
  assert.equal((await second.output(17, { safe: false, keep: true })).level, true);
  assert.deepEqual(events, [], 'what is held already is not opened again');
  await second.close();
});

test('inputs are read, and let go at close', async (t) => {
  const { line, events, outputs } = setUp(t, pi4);
  line(536);
  const link = await linesPort(undefined, { outputs }).open(systemClock, {});
  const input = await link.input(24);
  assert.equal(await input.read(), true);
  await link.close();
  assert.deepEqual(events, ['536 in', '536 free']);
});

test('a chip that was pulled takes its link and its lines along', async (t) => {
  const { line, events, broken, outputs } = setUp(t, pi4);
  line(530);
  const port = linesPort(undefined, { outputs });
  const link = await port.open(systemClock, {});
  const heater = await link.output(18, { safe: false });
  broken.add(530);
  await assert.rejects(heater.write(true), isFault('gone'));
  assert.equal(link.alive.value, false);
  await link.close();
  assert.equal(events.at(-1), '530 free');
  broken.clear();
  const again = await port.open(systemClock, {});
  await again.output(18, { safe: false });
  assert.deepEqual(events.slice(-2), ['530 low', '530 = 0']);
});

test('one line that fails at close keeps no other heater on, and takes no power from the mount', async (t) => {
  const { line, events, broken, outputs } = setUp(t, pi4);
  for (const number of [529, 530, 535]) line(number);
  const link = await linesPort(undefined, { outputs }).open(systemClock, {});
  const mount = await link.output(17, { safe: false, keep: true });
  const heaters = [await link.output(18, { safe: false }), await link.output(23, { safe: false })];
  for (const output of [mount, ...heaters]) await output.write(true);
  events.length = 0;
  broken.add(530);
  await link.close();
  assert.deepEqual(events, ['530 free', '535 = 0']);
});

test('what is written last stays, however long a write before it takes', async (t) => {
  const { sys, run, line } = setUp(t, pi4);
  line(530);
  const levels: number[] = [];
  const outputs = new GpioOutputs({
    ...{ sys, run },
    open: async () => ({
      read: async () => 0,
      async write(level) {
        await systemClock.sleep(level ? 30 : 0);
        levels.push(level);
      },
      writeSync() {},
      unexport() {},
    }),
  });
  const link = await linesPort(undefined, { outputs }).open(systemClock, {});
  const heater = await link.output(18, { safe: false });
  const on = heater.write(true);
  await link.close();
  await on;
  assert.deepEqual(levels, [0, 1, 0]);
});

test('an input that comes after the link was closed is let go', async (t) => {
  const { line, events, outputs } = setUp(t, pi4);
  const link = await linesPort(undefined, { outputs }).open(systemClock, {});
  const input = link.input(24);
  await link.close();
  systemClock.after(40, () => line(536));
  await input;
  assert.deepEqual(events, ['536 in', '536 free']);
});

test('safe levels of all lines are written down, also of those that are taken together', async (t) => {
  const { run, line, outputs } = setUp(t, pi4);
  const numbers = Array.from({ length: 24 }, (_, index) => 512 + index);
  for (const number of numbers) line(number);
  await Promise.all(numbers.map((number) => outputs.drive(number, { safe: number % 2 === 0 })));
  const kept = readFileSync(join(run, 'safe-lines'), 'utf8').trim().split('\n');
  assert.deepEqual(
    kept.map((each) => /gpio(\d+)\/value ([01])$/.exec(each)?.slice(1).join(' ')).sort(),
    numbers.map((number) => `${number} ${1 - (number % 2)}`),
  );
});

test('a line has one owner; without a folder for it nothing is written down', async (t) => {
  const { run, line, outputs } = setUp(t, pi4);
  rmSync(run, { recursive: true });
  line(529);
  const claims = new Claims();
  const open = (by: string) => linesPort(undefined, { outputs, claim: { by, claims } }).open(systemClock, {});
  const box = await open('box');
  await box.output(17, { safe: false });
  assert.equal(existsSync(run), false);
  const other = await open('other');
  await assert.rejects(other.output(17, { safe: false }), isFault('refused', /box's/));
  await box.close();
  await other.output(17, { safe: false });
  await other.close();
});

test('why a line cannot be had, in words that say what to do', () => {
  const fault = (code: string) => exportFault('line 5', Object.assign(new Error(code), { code }));
  assert.deepEqual(
    ['EBUSY', 'EACCES', 'EROFS', 'EINVAL', 'ENOENT', 'EIO'].map((code) => fault(code).kind),
    ['busy', 'refused', 'refused', 'unsupported', 'gone', 'gone'],
  );
  assert.match(fault('EBUSY').message, /line 5 is in use by the kernel or another program/);
  assert.match(fault('EACCES').message, /group "gpio"/);
});
