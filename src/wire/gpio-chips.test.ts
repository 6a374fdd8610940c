import assert from 'node:assert/strict';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { expander, isFault, pi4, setUp } from './gpio.fixture.ts';
import { chipOf, findChips } from './gpio-chips.ts';

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
  assert.throws(() => chipOf(chips, 'a'), isFault('refused', /2 GPIO chips are a:/));
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
