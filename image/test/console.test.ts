import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import { Console } from './console.ts';

async function withConsole(use: (port: PassThrough, console: Console, log: string) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'console-'));
  const port = new PassThrough();
  try {
    await use(port, new Console(port, join(folder, 'log')), join(folder, 'log'));
  } finally {
    port.destroy();
    rmSync(folder, { recursive: true });
  }
}

test('a marker is seen though it comes in pieces, and once seen stays seen', () =>
  withConsole(async (port, guest, log) => {
    const seen = guest.shows(/bare login:/, 10);
    port.write('Debian GNU/Linux 13\r\nbare lo');
    await systemClock.turn();
    port.write('gin: ');
    await seen;
    await guest.shows(/Debian/, 0);
    port.end();
    await systemClock.sleep(50);
    assert.match(readFileSync(log, 'utf8'), /bare login: $/);
  }));

test('a guest that panics is not waited for', () =>
  withConsole(async (port, guest) => {
    const seen = guest.shows(/login:/, 600);
    port.write('[    1.2] Kernel panic - not syncing: no root\r\n');
    await assert.rejects(seen, /the guest fell: .*no root/);
  }));

test('QEMU ending early and a marker that is late are told with the last words, without colours', () =>
  withConsole(async (port, guest) => {
    port.write('\u001b[32m  OK  \u001b[0m Reached target\r\n');
    await systemClock.turn();
    await assert.rejects(
      guest.shows(/login:/, 0.05),
      /not on the console in 0.05 s: {3}OK {3}Reached target/,
    );
    const seen = guest.shows(/login:/, 600);
    port.end();
    await assert.rejects(seen, /QEMU ended before/);
  }));
