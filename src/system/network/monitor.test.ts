import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SimClock, systemClock, utcOf } from '../../core/clock.ts';
import { silentLog } from '../../core/log.ts';
import { watchNetwork } from './monitor.ts';

/** In place of nmcli: a script, which is found first. */
function inPlace(t: TestContext, body: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-monitor-'));
  const path = process.env.PATH;
  writeFileSync(join(folder, 'nmcli'), `#!/bin/sh\necho $$ >> ${folder}/pids\n${body}\n`);
  chmodSync(join(folder, 'nmcli'), 0o755);
  process.env.PATH = `${folder}:${path}`;
  t.after(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });
  return join(folder, 'pids');
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 500, what);
    await systemClock.sleep(10);
  }
}

test('tells of each change, and leaves no child behind', async (t) => {
  const pids = inPlace(t, 'echo "wlan0: disconnected"; exec sleep 60');
  let changes = 0;
  const end = watchNetwork(systemClock, silentLog, () => changes++);
  await until(() => changes === 1, 'it is told');
  const pid = readFileSync(pids, 'utf8').trim();
  end();
  const status = () =>
    existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : 'State: Z';
  await until(() => /State:\s+Z/.test(status()), 'it has ended');
});

test('a child that ends is started anew after a while, until the watch is over', async (t) => {
  const pids = inPlace(t, 'echo "NetworkManager is stopped"; exit 0');
  const clock = new SimClock(utcOf(2026, 11, 22));
  const starts = () => (existsSync(pids) ? readFileSync(pids, 'utf8').trim().split('\n').length : 0);
  let changes = 0;
  const end = watchNetwork(clock, silentLog, () => changes++);
  await until(() => changes === 1, 'the first');
  await systemClock.sleep(100);
  assert.equal(starts(), 1);
  await clock.drive(clock.sleep(10_000));
  await until(() => changes === 2, 'the second');
  end();
  await systemClock.sleep(100);
  await clock.drive(clock.sleep(60_000));
  assert.equal(starts(), 2);
});
