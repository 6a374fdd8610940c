import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../core/clock.ts';
import { Fault, type FaultKind } from '../core/errors.ts';
import { Claims } from './claims.ts';
import { exportFault } from './gpio.ts';
import { chipOf, findChips } from './gpio-chips.ts';
import { linesPort } from './gpio-lines.ts';
import { GpioOutputs } from './gpio-outputs.ts';

const isFault =
  (kind: FaultKind, words = /./) =>
  (error: unknown) =>
    error instanceof Fault && error.kind === kind && words.test(error.message);

interface Chip {
  device: string;
  name: string;
  label: string;
  base: number;
  lines: number;
}
const pi4: Chip = {
  device: 'fe200000.gpio',
  name: 'gpiochip0',
  label: 'pinctrl-bcm2711',
  base: 512,
  lines: 58,
};
const expander: Chip = {
  device: 'expander',
  name: 'gpiochip1',
  label: 'raspberrypi-exp-gpio',
  base: 570,
  lines: 8,
};
const pi5: Chip = {
  device: '1f000d0000.gpio',
  name: 'gpiochip0',
  label: 'pinctrl-rp1',
  base: 569,
  lines: 54,
};

/** A /sys with these chips; what is written to `export` appears after a while, as udev would have it. */
function setUp(t: TestContext, ...chips: Chip[]) {
  const sys = mkdtempSync(join(tmpdir(), 'gpio-'));
  const run = join(sys, 'run');
  t.after(() => rmSync(sys, { recursive: true }));
  for (const folder of ['class/gpio', 'bus/gpio/devices', 'bus/w1/devices', 'run'])
    mkdirSync(join(sys, folder), { recursive: true });
  writeFileSync(join(sys, 'class/gpio/export'), '');
  for (const { device, name, label, base, lines } of chips) {
    const old = join(sys, 'devices', device, 'gpio', `gpiochip${base}`);
    const now = join(sys, 'devices', device, name);
    for (const folder of [old, now]) mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries({ label, base, ngpio: lines }))
      writeFileSync(join(old, file), `${text}\n`);
    symlinkSync(old, join(sys, 'class/gpio', `gpiochip${base}`));
    symlinkSync(now, join(sys, 'bus/gpio/devices', name));
  }
  /** The line as the kernel shows it once it is exported. */
  function line(number: number, direction = 'in', value = '0') {
    const folder = join(sys, 'class/gpio', `gpio${number}`);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries({ direction, value, active_low: '0' }))
      writeFileSync(join(folder, file), `${text}\n`);
    return folder;
  }
  const events: string[] = [];
  const broken = new Set<number>();
  const outputs = new GpioOutputs({
    sys,
    run,
    async open(number, direction) {
      events.push(`${number} ${direction}`);
      const write = (level: 0 | 1) => {
        if (broken.has(number)) throw new Error('ENODEV');
        events.push(`${number} = ${level}`);
      };
      return {
        read: async () => 1,
        write: async (level) => write(level),
        writeSync: write,
        unexport: () => void events.push(`${number} free`),
      };
    },
  });
  return { sys, run, line, events, broken, outputs };
}

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

test('chips are named by label or by their new name, where that is sure', async (t) => {
  const banks = ['a', 'b'].map((label, index) => ({
    device: 'gpio-sim.0',
    name: `gpiochip${index + 2}`,
    label,
    base: 600 + 10 * index,
    lines: 8,
  }));
  const { sys } = setUp(t, pi4, expander, ...banks, {
    ...banks[0]!,
    device: 'twin',
    name: 'gpiochip9',
    base: 700,
  });
  const chips = await findChips(sys);
  assert.deepEqual(
    chips.map(({ name, label, base }) => [name, label, base]),
    [
      ['gpiochip0', 'pinctrl-bcm2711', 512],
      ['gpiochip1', 'raspberrypi-exp-gpio', 570],
      [undefined, 'a', 600],
      [undefined, 'b', 610],
      ['gpiochip9', 'a', 700],
    ],
  );
  assert.equal(chipOf(chips).base, 512);
  assert.equal(chipOf(chips, 'gpiochip1').base, 570);
  assert.equal(chipOf(chips, 'b').base, 610);
  assert.throws(() => chipOf(chips, 'a'), isFault('refused', /2 GPIO chips are called a/));
  assert.throws(() => chipOf(chips, 'c'), isFault('gone', /there are pinctrl-bcm2711 \(gpiochip0\)/));
  assert.throws(() => chipOf([], undefined), isFault('gone', /none at all/));
});

test('a chip without a parent has its old folder in its new one', async (t) => {
  const alone = { ...expander, device: 'gpiochip1' };
  const { sys } = setUp(t, alone);
  const now = join(sys, 'bus/gpio/devices/gpiochip1');
  rmSync(now);
  symlinkSync(join(sys, 'devices/gpiochip1'), now);
  assert.equal((await findChips(sys))[0]?.name, 'gpiochip1');
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
