import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../core/clock.ts';
import { bytesOf } from './framing.ts';
import { readHolders, runningOf } from './holders.ts';
import { placedPort } from './serial-place.ts';

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'holders-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

function start(t: TestContext, command: string, ...args: string[]): ChildProcess {
  const child = spawn(command, args, { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await met()) return;
    await systemClock.sleep(25);
  }
  assert.fail('it does not come');
}

test('who holds what is read from a process tree; what belongs to others is counted', async (t) => {
  const proc = folder(t);
  const process = (pid: number, command: string, ...files: string[]) => {
    mkdirSync(join(proc, `${pid}/fd`), { recursive: true });
    writeFileSync(join(proc, `${pid}/cmdline`), command.replaceAll(' ', '\0'));
    for (const [fd, file] of files.entries()) symlinkSync(file, join(proc, `${pid}/fd/${fd}`));
  };
  process(512, '/usr/sbin/gpsd -n /dev/ttyACM0', '/dev/null', 'socket:[77]', '/dev/ttyACM0', '/dev/ttyACM0');
  process(600, 'indi_asi_ccd', '/dev/bus/usb/001/004', '/dev/hidraw0', '/dev/tty1', '/dev/pts/2');
  process(700, '', '/dev/ttyUSB0');
  process(701, '/usr/bin/node /opt/nightjar/nightjar.mjs serve', '/dev/ttyUSB1');
  process(702, 'sh -c x');
  mkdirSync(join(proc, 'self'));
  mkdirSync(join(proc, '800'));
  assert.deepEqual(await readHolders(undefined, proc), {
    holders: [
      { path: '/dev/ttyACM0', pid: 512, name: 'gpsd' },
      { path: '/dev/bus/usb/001/004', pid: 600, name: 'indi_asi_ccd' },
      { path: '/dev/hidraw0', pid: 600, name: 'indi_asi_ccd' },
      { path: '/dev/pts/2', pid: 600, name: 'indi_asi_ccd' },
      { path: '/dev/ttyUSB0', pid: 700, name: 'a program' },
      { path: '/dev/ttyUSB1', pid: 701, name: 'nightjar.mjs' },
    ],
    hidden: 0,
  });
  assert.deepEqual(await runningOf(['ModemManager', 'gpsd'], proc), ['gpsd']);
});

test('a terminal that another process holds is shown with its pid, and so is our own link', async (t) => {
  const [device, host] = ['device', 'host'].map((name) => join(folder(t), name)) as [string, string];
  start(t, 'socat', `pty,raw,echo=0,link=${device}`, `pty,raw,echo=0,link=${host}`);
  await until(() => existsSync(device) && existsSync(host));
  const path = realpathSync(host);
  const greedy = start(t, 'sh', '-c', `exec 3<>${host}; exec sleep 60`);
  const holdersOf = async () => (await readHolders((open) => open === path)).holders;
  await until(async () => (await holdersOf()).some(({ name }) => name === 'sleep'));
  assert.deepEqual(
    (await holdersOf()).filter(({ name }) => name !== 'socat'),
    [{ path, pid: greedy.pid, name: 'sleep' }],
  );
  greedy.kill('SIGKILL');
  await until(async () => (await holdersOf()).every(({ name }) => name === 'socat'));

  // Who makes a pseudo terminal may hold both of its ends: that is no reason not to open it.
  const link = await placedPort({ serial: host }).open(systemClock, {});
  assert.ok((await holdersOf()).some(({ pid }) => pid === process.pid));
  await link.write(bytesOf('#'));
  await link.close();
  assert.ok((await holdersOf()).every(({ pid }) => pid !== process.pid));
});

test('what is not there is gone, in words', async () => {
  const port = placedPort({ serial: '/dev/serial/by-id/usb-nobody-has-this' });
  await assert.rejects(port.open(systemClock, {}), {
    kind: 'gone',
    message: /nobody-has-this is not plugged in/,
  });
});
