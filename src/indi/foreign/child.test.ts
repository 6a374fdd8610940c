import assert from 'node:assert/strict';
import { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import { Fault } from '../../core/errors.ts';
import type { Message } from '../message.ts';
import { startChild } from './child.ts';
import type { Life } from './life.ts';

/** A driver written in shell: what it says, what it is told, and how it ends. */
async function withScript(
  body: string,
  use: (stage: {
    life: Life;
    heard: Message[];
    lines: string[];
    home: string;
    until(holds: () => boolean): Promise<void>;
  }) => Promise<void>,
) {
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-child-'));
  const executable = join(directory, 'driver');
  writeFileSync(executable, `#!/bin/sh\n${body}\n`);
  chmodSync(executable, 0o755);
  const heard: Message[] = [];
  const lines: string[] = [];
  const hearing = {
    receive: (message: Message) => heard.push(message),
    note: (line: string) => lines.push(line),
    memory: Buffer.allocUnsafe,
  };
  const home = join(directory, 'home');
  const spec = { executable, name: 'My device', environment: { INDICONFIG: '/tmp/c.xml' } };
  const life = await startChild(spec, home, systemClock, hearing);
  const until = async (holds: () => boolean) => {
    for (let tries = 0; !holds(); tries++) {
      assert.ok(tries < 1500, `not in time; it said ${JSON.stringify(heard)} ${lines.join(' | ')}`);
      await systemClock.sleep(10);
    }
  };
  try {
    await use({ life, heard, lines, home, until });
  } finally {
    await life.close();
    rmSync(directory, { recursive: true });
  }
}

const message = (text: string) => `echo "<message device='D' message='${text}'/>"`;

const textsOf = (heard: readonly Message[]) =>
  heard.flatMap((said) => (said.type === 'message' ? [said.text] : []));

test('a child has a home and an environment of its own, and no right to set the clock', () =>
  withScript(
    [
      message('$INDIDEV $TZ $LC_ALL $INDICONFIG $HOME'),
      `${message("$(grep -E '^Cap(Bnd|Eff)' /proc/self/status | tr -s '[:space:]' ' ')")}`,
      'pwd >&2; exec cat >/dev/null',
    ].join('\n'),
    async ({ heard, lines, home, until }) => {
      await until(() => heard.length === 2 && lines.length === 1);
      const [environment, capabilities = ''] = textsOf(heard);
      assert.equal(environment, `My device UTC C /tmp/c.xml ${home}`);
      assert.equal(lines[0], home);
      for (const [, mask] of capabilities.matchAll(/Cap(?:Bnd|Eff): ([\da-f]+)/g)) {
        assert.equal(BigInt(`0x${mask}`) & (1n << 25n), 0n, capabilities);
      }
    },
  ));

test('one of a package outside the system runs with the libraries that came with it', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-child-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const kit = join(directory, 'drivers/indi-kit/usr');
  mkdirSync(join(kit, 'bin'), { recursive: true });
  mkdirSync(join(kit, 'lib/x86_64-linux-gnu'), { recursive: true });
  writeFileSync(join(kit, 'bin/indi_of_kit'), '#!/bin/sh\necho $LD_LIBRARY_PATH >&2; exec cat\n');
  chmodSync(join(kit, 'bin/indi_of_kit'), 0o755);
  const packages = join(directory, 'drivers');
  const lines: string[] = [];
  const hearing = { receive() {}, note: (line: string) => lines.push(line), memory: Buffer.allocUnsafe };
  const spec = { executable: 'indi_of_kit' };
  await assert.rejects(startChild(spec, join(directory, 'home'), systemClock, hearing), /not installed/);
  const life = await startChild(spec, join(directory, 'home'), systemClock, hearing, packages);
  for (let tries = 0; lines.length === 0 && tries < 500; tries++) await systemClock.sleep(10);
  await life.close();
  assert.deepEqual(lines, [`${kit}/lib/x86_64-linux-gnu:${kit}/lib`]);
});

test('its stdout is a pipe that is read while it comes, its stdin reaches it, its input ends it', () =>
  withScript(
    `while read line; do ${message('heard')}; done; echo over >&2; exit 4`,
    async ({ life, heard, lines, until }) => {
      const stdout = readlinkSync(`/proc/${life.pid}/fd/1`);
      assert.match(stdout, /stdout \(deleted\)$/);
      life.write(Buffer.from('<x/>\n'));
      await until(() => heard.length === 1);
      await life.close();
      assert.equal(await life.ended, 'it ended (exit code 4)');
      assert.equal(lines.at(-1), 'over');
    },
  ));

test('what a child says with its last breath is heard', () =>
  withScript(
    `i=0; while [ $i -lt 200 ]; do ${message('$i')}; i=$((i+1)); done; exit 0`,
    async ({ life, heard }) => {
      await life.ended;
      assert.equal(heard.length, 200);
    },
  ));

test('one that does not heed its end is ended, with all that it has started', () =>
  withScript(
    "trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & echo $! >&2; while :; do sleep 1; done",
    async ({ life, lines, until }) => {
      await until(() => lines.length === 1);
      const start = systemClock.monotonic();
      await life.close();
      const seconds = (systemClock.monotonic() - start) / 1000;
      assert.ok(seconds > 2.5 && seconds < 10, `${seconds} s`);
      assert.equal(await life.ended, 'it was ended by SIGKILL');
      const status = `/proc/${lines[0]}/status`;
      const isOver = () => !existsSync(status) || /State:\s+Z/.test(readFileSync(status, 'utf8'));
      await until(isOver);
    },
  ));

test('garbage ends it', () =>
  withScript("echo '<1 is no name>'; exec cat >/dev/null", async ({ life }) => {
    assert.match(await life.ended, /no INDI/);
  }));

test('one for which there are no descriptors left is said, and leaves none behind', async (t) => {
  // As Node does on EMFILE: no pipes, and the error a moment later.
  const prototype = ChildProcess.prototype as unknown as { spawn(options: { args: string[] }): number };
  const { spawn } = prototype;
  t.mock.method(prototype, 'spawn', function (this: ChildProcess, options: { args: string[] }) {
    if (!options.args.includes('/bin/cat')) return spawn.call(this as never, options);
    process.nextTick(() => this.emit('error', new Error('spawn EMFILE')));
    return -24;
  });
  const home = mkdtempSync(join(tmpdir(), 'nightjar-child-'));
  t.after(() => rmSync(home, { recursive: true }));
  const hearing = { receive() {}, note() {}, memory: Buffer.allocUnsafe };
  const fifos = () =>
    readdirSync('/proc/self/fd').filter((fd) => {
      const path = `/proc/self/fd/${fd}`;
      return existsSync(`/proc/self/fdinfo/${fd}`) && /nightjar-.*stdout/.test(readlinkSync(path));
    }).length;
  await assert.rejects(startChild({ executable: '/bin/cat' }, home, systemClock, hearing), {
    kind: 'gone',
    message: '/bin/cat: it could not be started: spawn EMFILE',
  });
  for (let turn = 0; turn < 20 && fifos() > 0; turn++) await systemClock.turn();
  assert.equal(fifos(), 0);
});

test('what is not installed is said at once', async () => {
  const hearing = { receive() {}, note() {}, memory: Buffer.allocUnsafe };
  const isGone = (error: unknown) => error instanceof Fault && error.kind === 'gone';
  await assert.rejects(startChild({ executable: 'indi_no_such' }, '/nowhere', systemClock, hearing), isGone);
});
