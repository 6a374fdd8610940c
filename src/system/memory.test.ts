import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SimClock } from '../core/clock.ts';
import { frameBudgetBytes, memoryWords, readMemory } from './memory.ts';
import { readSupply, supplyWords } from './supply.ts';
import { openWarnings } from './warnings.ts';

const MIB = 2 ** 20;

function machine(t: TestContext, files: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), 'nightjar-memory-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return { proc: join(root, 'proc'), sys: join(root, 'sys') };
}

test('a Zero 2 W: what it has, its compressed swap, and what frames may take', (t) => {
  const memory = readMemory(
    machine(t, {
      'proc/meminfo': 'MemTotal:         437464 kB\nMemFree: 5 kB\nMemAvailable:     250000 kB\n',
      'sys/block/zram0/disksize': '447963136\n',
      'sys/block/zram0/mm_stat': '10485760 2097152 3145728 0 3145728 0 0 0 0\n',
      'sys/block/mmcblk0/size': '7\n',
    }),
  );
  assert.equal(memory.total, 437464 * 1024);
  assert.equal(
    memoryWords(memory, 120 * MIB),
    '427 MiB, 244 free; this process has 120; frames may take 160: 3 of 26 Mpx at once; zram 427 MiB (10 in 3)',
  );
});

test('a limit on our group, or on one above it, counts as all that there is', (t) => {
  const places = machine(t, {
    'proc/meminfo': 'MemTotal: 8000000 kB\nMemAvailable: 7000000 kB\n',
    'proc/self/cgroup': '0::/system.slice/nightjar.service\n',
    'sys/fs/cgroup/system.slice/memory.max': `${600 * MIB}\n`,
    'sys/fs/cgroup/system.slice/nightjar.service/memory.max': 'max\n',
  });
  assert.deepEqual(readMemory(places), { total: 600 * MIB, available: 600 * MIB });
});

test('the budget by the board: 26 Mpx at 512 MB, 62 Mpx at 1 GB', () => {
  const boards = [
    [437_464, 26],
    [925_000, 62],
    [1_880_000, 62],
    [3_800_000, 62],
  ] as const;
  for (const [kilobytes, megapixels] of boards) {
    const budget = frameBudgetBytes(kilobytes * 1024);
    assert.ok(budget >= 2.5 * megapixels * 2e6, `${kilobytes} kB: two frames and one to write`);
    assert.ok(budget < kilobytes * 1024 * 0.4, `${kilobytes} kB: the rest is for all else`);
  }
});

test('this machine tells something', () => {
  const { total, available } = readMemory();
  assert.ok(total > 100 * MIB && available > 0 && available <= total);
});

test('a supply that is too low: by the firmware, by hwmon, or not measured', (t) => {
  const firmware = (flags: string) =>
    readSupply(machine(t, { 'sys/devices/platform/soc/soc:firmware/get_throttled': flags }).sys);
  assert.deepEqual(firmware('50005\n'), { low: true, wasLow: true });
  assert.deepEqual(firmware('50000\n'), { low: false, wasLow: true });
  const hwmon = machine(t, {
    'sys/class/hwmon/hwmon0/name': 'cpu_thermal\n',
    'sys/class/hwmon/hwmon1/name': 'rpi_volt\n',
    'sys/class/hwmon/hwmon1/in0_lcrit_alarm': '1\n',
  });
  assert.deepEqual(readSupply(hwmon.sys), { low: true });
  assert.match(supplyWords({ low: true }) ?? '', /too low: .*5 V supply/);
  assert.equal(supplyWords({ low: false, wasLow: false }), undefined);
  assert.equal(readSupply(machine(t, {}).sys), undefined);
  const mute = 'sys/devices/platform/soc/soc:firmware/get_throttled/cannot be read';
  assert.equal(readSupply(machine(t, { [mute]: '' }).sys), undefined, 'the firmware does not answer');
});

test('the page is warned while something is wrong, and no longer', async (t) => {
  const name = 'devices/platform/soc/soc:firmware/get_throttled';
  const { sys } = machine(t, { [`sys/${name}`]: '50005\n', 'sys/data-lost': '' });
  const clock = new SimClock(0);
  const warnings = openWarnings(clock, { run: sys, sys });
  assert.equal(warnings.list.value.length, 2);
  assert.match(warnings.list.value[0] ?? '', /card cannot be written/);
  writeFileSync(join(sys, name), '50000\n');
  await clock.drive(clock.sleep(11_000));
  assert.equal(warnings.list.value.length, 1, 'what is over is for the doctor');
  warnings.close();
});
