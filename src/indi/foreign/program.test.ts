import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock, utcOf } from '../../core/clock.ts';
import { Fault } from '../../core/errors.ts';
import { silentLog } from '../../core/log.ts';
import type { GetProperties, Message, Notice } from '../message.ts';
import { FakeProgram } from './fake-program.ts';
import { Images } from './images.ts';
import { Lines } from './lines.ts';
import { Notices } from './notices.ts';
import { Program } from './program.ts';
import { readStat } from './usage.ts';
import { Vigil } from './vigil.ts';

const question: GetProperties = { type: 'getProperties', version: '1.7', device: 'D', name: 'CONNECTION' };

const answering = ({ type }: Message) =>
  type === 'getProperties' ? "<message device='D' message='ok'/>" : '';

/** @param startMs for which a start lasts */
function createProgram(fake: FakeProgram, startMs = 0) {
  const clock = new SimClock(utcOf(2026, 11, 22, 20));
  const deaths: string[] = [];
  const heard: Message[] = [];
  const program = () =>
    new Program({
      ...{ id: 'fake', clock, log: silentLog, images: new Images(1e6) },
      start: (hearing) => clock.sleep(startMs).then(() => fake.start(hearing)),
      hear: (message) => heard.push(message),
      question: () => question,
      died: (reason) => deaths.push(reason),
    });
  const perform = (body: (program: Program) => Promise<void>) =>
    clock.drive(
      (async () => {
        const own = program();
        await body(own);
        await own.close();
        assert.equal(own.state.value.state, 'stopped');
      })(),
    );
  return { clock, deaths, heard, perform };
}

test('a program that keeps dying is started ever later, and soon again after a good life', async () => {
  const fake = new FakeProgram();
  fake.answer = answering;
  const { clock, deaths, perform } = createProgram(fake);
  await perform(async (program) => {
    for (const seconds of [1, 2, 5, 10, 30, 30]) {
      await clock.sleep(100);
      assert.equal(program.state.value.state, 'running');
      assert.equal(program.state.value.message, undefined);
      fake.life.die('it fell');
      await clock.sleep(seconds * 1000 - 1000);
      assert.equal(program.state.value.message, `it fell; it is started again in ${seconds} s`);
      await clock.sleep(1000);
    }
    await clock.sleep(61_000);
    fake.life.die('it fell');
    await clock.sleep(1100);
    assert.deepEqual([program.state.value.state, program.state.value.restarts], ['running', 7]);
    assert.equal(deaths.length, 7);
  });
});

test('one that cannot be started says why; an owner need not wait', async () => {
  const fake = new FakeProgram();
  fake.failure = new Fault('gone', 'indi_x is not installed');
  const { clock, perform } = createProgram(fake);
  await perform(async (program) => {
    await clock.sleep(20_000);
    assert.match(program.state.value.message ?? '', /not installed; it is started again in 30 s/);
    fake.failure = undefined;
    program.restart();
    await clock.sleep(10);
    assert.equal(program.state.value.state, 'running');
    program.restart();
    await clock.sleep(10);
    assert.ok(fake.lives[0]?.closed);
    assert.equal(fake.lives.length, 2);
  });
});

test('restarted while it starts, it is watched as ever', async () => {
  const fake = new FakeProgram();
  const { clock, perform } = createProgram(fake, 1000);
  await perform(async (program) => {
    await clock.sleep(500);
    program.restart();
    await clock.sleep(600);
    assert.equal(program.state.value.state, 'running');
    await clock.sleep(45_000);
    assert.deepEqual([fake.lives.length, program.state.value.restarts], [2, 1], 'it hangs, and is ended');
  });
});

test('one that answers nothing is asked, and ended; one that answers lives', async () => {
  const fake = new FakeProgram();
  const { clock, deaths, perform } = createProgram(fake);
  await perform(async (program) => {
    fake.answer = answering;
    await clock.sleep(120_000);
    assert.equal(program.state.value.restarts, 0);
    assert.ok(fake.life.heard.filter((message) => message.type === 'getProperties').length >= 4);
    fake.answer = () => '';
    await clock.sleep(42_000);
    assert.match(deaths[0] ?? '', /hangs: no answer for 4\d s/);
    // What was commanded may take its time.
    await clock.sleep(2000);
    program.say({ type: 'new', kind: 'switch', device: 'D', name: 'CONNECTION', elements: [] });
    await clock.sleep(100_000);
    assert.equal(deaths.length, 1);
    await clock.sleep(60_000);
    assert.equal(deaths.length, 2);
  });
});

test('pings are answered at once; what it says on stderr is kept, the latest of it', async () => {
  const fake = new FakeProgram();
  const { clock, heard, perform } = createProgram(fake);
  await perform(async (program) => {
    await clock.sleep(10);
    fake.life.say("<pingRequest uid='SetBLOB/1'/>");
    const last = fake.life.heard.at(-1);
    assert.deepEqual(last, { type: 'pingReply', uid: 'SetBLOB/1' });
    assert.deepEqual(heard, []);
    for (let line = 0; line < 100; line++) program.note(`line ${line}`);
    assert.equal(program.state.value.lastWords.length, 20);
    assert.equal(program.state.value.lastWords.at(-1), 'line 49');
  });
});

test('a flood is more than the most in each of ten seconds', () => {
  const vigil = new Vigil(0, () => true, 100);
  const look = (second: number, messages: number) =>
    vigil.look({ now: second * 1000, messages, bytesRead: second * 10, commandedAt: 0 });
  for (let second = 1; second <= 9; second++) assert.equal(look(second, 101), undefined);
  assert.equal(look(10, 100), undefined);
  for (let second = 11; second <= 19; second++) assert.equal(look(second, 101), undefined);
  assert.match(look(20, 101) ?? '', /floods/);
});

test('bytes without end and without a message are no sign of life', () => {
  const vigil = new Vigil(0, () => true);
  const look = (now: number, bytesRead: number) =>
    vigil.look({ now, messages: 0, bytesRead, commandedAt: 0 });
  assert.equal(look(1000, 500 << 20), undefined);
  assert.match(look(2000, 600 << 20) ?? '', /says nothing/);
});

test('messages to people come at most twenty a second, repeats once; the rest is counted', async () => {
  const clock = new SimClock(0);
  const passed: string[] = [];
  const notices = new Notices(clock, ({ text }) => passed.push(text));
  const notice = (text: string): Notice => ({ type: 'message', device: 'D', text });
  await clock.drive(
    (async () => {
      for (let count = 0; count < 1000; count++) notices.take(notice(`number ${count}`));
      assert.equal(passed.length, 20);
      await clock.sleep(1100);
      assert.equal(passed.at(-1), '980 more messages, the last: number 999');
      for (let count = 0; count < 3; count++) notices.take(notice('again'));
      await clock.sleep(1100);
      assert.deepEqual(passed.slice(21), ['again', '2 more messages, the last: again']);
      notices.take(notice('alone'));
      await clock.sleep(1100);
      assert.equal(passed.at(-1), 'alone');
    })(),
  );
});

test('lines are cut anywhere, and bounded', () => {
  const found: string[] = [];
  const lines = new Lines((line) => found.push(line));
  for (const piece of ['on', 'e\ntwo\n\n', ' th', 'ree ']) lines.push(piece);
  assert.deepEqual(found, ['one', 'two']);
  lines.end();
  assert.equal(found[2], 'three');
  for (let piece = 0; piece < 1000; piece++) lines.push('x'.repeat(100));
  lines.end();
  assert.equal(found[3]?.length, 500);
});

test('what a process uses is read from its stat, whatever its name', () => {
  const text =
    '4242 (a (b) c) S 1 4242 4242 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 3 0 12345 99999999 2048 184467';
  assert.deepEqual(readStat(text), { cpuSeconds: 3, residentBytes: 2048 * 4096 });
});
