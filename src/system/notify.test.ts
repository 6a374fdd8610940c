import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock } from '../core/clock.ts';
import { createLog, silentLog } from '../core/log.ts';
import { openNotifier } from './notify.ts';

const watched = { NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '60000000', WATCHDOG_PID: '42' };

function bench(environment: Record<string, string>, alive: () => Promise<unknown> = async () => {}) {
  const clock = new SimClock(0);
  const told: string[] = [];
  const send = async (assignments: readonly string[]) => void told.push(assignments.join(' '));
  const notifier = openNotifier({ clock, log: silentLog, alive, environment, pid: 42, send });
  const pass = (seconds: number) => clock.drive(clock.sleep(seconds * 1000));
  return { notifier, told, pass };
}

test('nobody listens: nothing is sent', async () => {
  const { notifier, told, pass } = bench({});
  await notifier.ready('serving');
  await pass(100);
  await notifier.stopping();
  assert.deepEqual(told, []);
});

test('ready, three signs of life in the time for one, and none after the end', async () => {
  const { notifier, told, pass } = bench(watched);
  await pass(100);
  assert.deepEqual(told, [], 'no sign of life before it serves');
  await notifier.ready('serving\nat port 80');
  await pass(61);
  await notifier.status('12 images');
  await notifier.stopping();
  await pass(100);
  const signs = ['WATCHDOG=1', 'WATCHDOG=1', 'WATCHDOG=1'];
  assert.deepEqual(told, ['READY=1 STATUS=serving at port 80', ...signs, 'STATUS=12 images', 'STOPPING=1']);
});

test('a storage that hangs or fails starves the watchdog, and feeds it again when it is back', async () => {
  let answer: () => Promise<unknown> = () => new Promise(() => {});
  const { notifier, told, pass } = bench(watched, () => answer());
  await notifier.ready('serving');
  await pass(70);
  answer = () => Promise.reject(new Error('gone'));
  await pass(30);
  assert.equal(told.length, 1);
  answer = async () => {};
  await pass(20);
  assert.deepEqual(told.slice(1), ['WATCHDOG=1']);
});

test('a watchdog that is meant for another process, or for none', async () => {
  for (const other of [
    { ...watched, WATCHDOG_PID: '41' },
    { ...watched, WATCHDOG_USEC: '' },
  ]) {
    const { notifier, told, pass } = bench(other);
    await notifier.ready('serving');
    await pass(100);
    assert.equal(told.length, 1);
  }
});

test('a manager that cannot be told is complained of once', async () => {
  const lines: string[] = [];
  const clock = new SimClock(0);
  const notifier = openNotifier({
    clock,
    log: createLog('warn', { write: (line) => void lines.push(line) }),
    alive: async () => {},
    environment: watched,
    pid: 42,
    send: () => Promise.reject(new Error('spawn systemd-notify ENOENT')),
  });
  await notifier.ready('serving');
  await clock.drive(clock.sleep(100_000));
  assert.equal(lines.length, 1);
});
