import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { utcOf } from '../../core/clock.ts';
import { byNetwork, unsynchronised } from './scene.fixture.ts';
import { openThisBoot } from './this-boot.ts';

const NOW = utcOf(2026, 11, 22, 20);
const script = join(import.meta.dirname, 'set-clock.sh');

/** Root's side beside commands that only write down what they were asked. */
function bench(t: TestContext, { tracking = unsynchronised, built = NOW / 1000 - 1000 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-clock-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string) => join(folder, name);
  const fake = (name: string, lines: string) => {
    writeFileSync(at(name), `#!/bin/bash\n${lines}\n`);
    chmodSync(at(name), 0o755);
  };
  writeFileSync(at('calls'), '');
  fake('date', `echo "date $*" >> ${at('calls')}`);
  fake('hwclock', `echo "hwclock $*" >> ${at('calls')}`);
  fake('chronyc', `printf '%s' '${tracking}'`);
  writeFileSync(at('rtc0'), '');
  return {
    at,
    request: (text: string) => writeFileSync(at('clock'), text),
    ask: (utc: number, source: 'person' | 'rtc' = 'person') => openThisBoot(folder).askToSet(utc, source),
    run() {
      const env = {
        PATH: `${folder}:${process.env.PATH}`,
        NIGHTJAR_BUILT: String(built),
        NIGHTJAR_RTC: at('rtc0'),
      };
      const { status, stderr } = spawnSync(script, [at('clock')], { env, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      const [set = '', ...more] = readFileSync(at('calls'), 'utf8').trim().split('\n');
      const seconds = /^date --utc --set @([\d.]+)$/.exec(set)?.[1];
      return { seconds: seconds === undefined ? undefined : Number(seconds), more, stderr };
    },
  };
}

test('it sets what the server asks for, and the battery-backed clock with it', (t) => {
  const { ask, run, at } = bench(t);
  ask(NOW + 250);
  const { seconds, more } = run();
  assert.ok(Math.abs((seconds ?? 0) - NOW / 1000 - 0.25) < 2, `${seconds}`);
  assert.ok(more.includes('hwclock --systohc --utc --noadjfile'));
  assert.ok(!existsSync(at('clock')), 'a request is served once');
});

test('what comes from that clock is not written back to it', (t) => {
  const { ask, run } = bench(t);
  ask(NOW, 'rtc');
  assert.ok(!run().more.some((call) => call.startsWith('hwclock')));
});

test('what has passed since the request is added', (t) => {
  const { request, run } = bench(t);
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  request(`${NOW} ${Math.max(0, uptime - 30).toFixed(2)} gps\n`);
  const late = (run().seconds ?? 0) - NOW / 1000;
  assert.ok(late >= 29.9 && late < 33, `${late}`);
});

test('chronyd, once it has a reference, is not overruled', (t) => {
  const { ask, run } = bench(t, { tracking: byNetwork });
  ask(NOW);
  const { seconds, stderr } = run();
  assert.equal(seconds, undefined);
  assert.match(stderr, /chronyd keeps it/);
});

test('nonsense sets nothing', (t) => {
  const { request, ask, run, at } = bench(t);
  for (const text of [
    '',
    'now',
    '1 2 3',
    `${NOW} 1.00 client`,
    `${NOW} $(id).00 person`,
    `${NOW} 0.01 person`,
    `${NOW} 08.09`,
  ]) {
    request(`${text}\n`);
    assert.equal(run().seconds, undefined, text);
  }
  ask(NOW - 5_000_000);
  assert.match(run().stderr, /no time for this unit/);
  ask(utcOf(2101, 1, 1));
  assert.match(run().stderr, /no time for this unit/);
  assert.match(run().stderr, /nobody asks/);
  writeFileSync(at('elsewhere'), `${NOW} 1.00 person\n`);
  symlinkSync(at('elsewhere'), at('clock'));
  assert.match(run().stderr, /nobody asks/);
});
