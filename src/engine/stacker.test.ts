import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadInput, Fault } from '../core/errors.ts';
import { silentLog } from '../core/log.ts';
import type { StackFigures } from '../imaging/stack/jobs.ts';
import type { Stacked } from '../imaging/stack/live-stack.ts';
import type { ExposureRow } from '../storage/rows.ts';
import { Stacker } from './stacker.ts';

const UNMOVED = { a: 1, b: 0, dx: 0, dy: 0 };
const added: Stacked = { added: true, transform: UNMOVED, matched: 40, rms: 0.1 };
const clouds: Stacked = { added: false, reason: 'clouds', message: 'its stars are 4.0 times fainter' };

type Answer = Stacked | Error | 'never';

/** A worker that answers for each file as it is told; it adds what it knows nothing of. */
function stage(answers: Record<string, Answer> = {}) {
  const told: string[] = [];
  let frames = 0;
  const figures = (): StackFigures => ({ frames, width: 30, height: 20, factor: 2, clippedShare: 0.01 });
  const stacker = new Stacker({
    worker: {
      async begin() {
        frames = 0;
        told.push('begin');
      },
      async add(_stack, file, signal) {
        told.push(file);
        const answer = answers[file] ?? added;
        if (answer instanceof Error) throw answer;
        if (answer === 'never') {
          return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        }
        if (answer.added) frames++;
        return { ...answer, figures: figures() };
      },
      preview: async () => new Uint8Array(3),
      async write(_stack, file, facts) {
        told.push(`${file.slice(0, 5)} ${JSON.stringify(facts)}`);
      },
      async end() {
        told.push('end');
      },
    },
    pathOf: ({ id }) => id,
    directory: '/out',
    log: silentLog,
  });
  return { stacker, told };
}

const light = (id: string, more: Partial<ExposureRow> = {}): ExposureRow => ({
  ...{ id, state: 'stored', type: 'light', snapshot: true, night: '2026-11-22', camera: 'a', filter: 'L' },
  ...{ startUtc: 1e12, seconds: 30, file: id, checksum: '', bytes: 1, missing: false, createdUtc: 0 },
  ...more,
});

test('from the start on every light is added, and the exposure gathered is told', async () => {
  const { stacker, told } = stage();
  stacker.offer(light('before'));
  await stacker.start([], true);
  stacker.offer(light('x', { object: 'M 31' }));
  stacker.offer(light('dark', { type: 'dark' }));
  stacker.offer(light('y', { seconds: 60, startUtc: 1e12 + 30_000 }));
  await stacker.idle();
  const { state, frames, seconds, endUtc, waiting, object, factor } = stacker.state.value;
  assert.deepEqual(
    { state, frames, seconds, endUtc, waiting, object, factor },
    { state: 'on', frames: 2, seconds: 90, endUtc: 1e12 + 90_000, waiting: 0, object: 'M 31', factor: 2 },
  );
  assert.deepEqual(told, ['begin', 'x', 'y']);
});

test('given exposures are stacked in their order, and unless it follows that is the end', async () => {
  const { stacker, told } = stage();
  await stacker.start([light('b'), light('a')], false);
  await stacker.idle();
  stacker.offer(light('later'));
  await stacker.idle();
  assert.equal(stacker.state.value.state, 'ended');
  assert.deepEqual(told, ['begin', 'b', 'a']);
  assert.equal((await stacker.preview({ width: 100, format: 'jpeg' })).length, 3);
});

test('what does not belong is refused with the reason, and counts for nothing', async () => {
  const { stacker, told } = stage({ cloudy: clouds, broken: new BadInput('broken: truncated') });
  await stacker.start([light('flat', { type: 'flat' }), light('cloudy'), light('ok')], true);
  for (const row of [light('red', { filter: 'R' }), light('guide', { camera: 'b' }), light('broken')]) {
    stacker.offer(row);
  }
  await stacker.idle();
  const { refusals, refused, frames, seconds, state } = stacker.state.value;
  assert.deepEqual([refused, frames, seconds, state], [5, 1, 30, 'on']);
  assert.deepEqual(
    refusals.map(({ exposure, reason }) => `${exposure}: ${reason}`),
    [
      ...['flat: no-light', 'cloudy: clouds', 'red: other-filter', 'guide: other-camera'],
      'broken: unreadable',
    ],
  );
  assert.match(refusals[2]?.message ?? '', /through R, the stack is of L/);
  assert.deepEqual(told, ['begin', 'cloudy', 'ok', 'broken'], 'the worker is spared the rest');
});

test('refusals are told to some number, and counted to any', async () => {
  const { stacker } = stage();
  await stacker.start(
    Array.from({ length: 50 }, (_, index) => light(String(index), { type: 'bias' })),
    false,
  );
  await stacker.idle();
  const { refused, refusals } = stacker.state.value;
  assert.deepEqual([refused, refusals.length, refusals.at(-1)?.exposure], [50, 30, '49']);
});

test('it is stopped in the middle of a frame, keeps what it has, and can be begun anew', async () => {
  const { stacker, told } = stage({ long: 'never' });
  await stacker.start([light('a'), light('long'), light('b')], true);
  while (stacker.state.value.frames === 0) await Promise.resolve();
  await assert.rejects(stacker.start([], true), { kind: 'busy' });
  await stacker.stop();
  const { state, frames, waiting, refused } = stacker.state.value;
  assert.deepEqual([state, frames, waiting, refused], ['ended', 1, 0, 0]);
  await stacker.start([light('c')], false);
  await stacker.idle();
  assert.equal(stacker.state.value.frames, 1);
  assert.deepEqual(told, ['begin', 'a', 'long', 'begin', 'c']);
});

test('a stack that dies with its thread is lost, and says so to everybody', async () => {
  const { stacker } = stage({ deadly: new Fault('gone', 'a worker thread ended') });
  await stacker.start([light('a'), light('deadly'), light('b')], true);
  await stacker.idle();
  assert.deepEqual([stacker.state.value.state, stacker.state.value.frames], ['lost', 1]);
  assert.throws(() => stacker.preview({ width: 100, format: 'jpeg' }), { kind: 'gone' });
  await stacker.start([light('b')], false);
  await stacker.idle();
  assert.equal(stacker.state.value.state, 'ended');
});

test('what is discarded gives its memory back; of what is not there nothing can be asked', async () => {
  const { stacker, told } = stage();
  await assert.rejects(stacker.write(), { kind: 'refused' });
  await stacker.start([], true);
  assert.throws(() => stacker.preview({ width: 100, format: 'jpeg' }), /still empty/);
  stacker.offer(light('a'));
  await stacker.idle();
  assert.match(await stacker.write(), /^\/out\/[\w-]+\.fits$/);
  await stacker.discard();
  assert.equal(stacker.state.value.state, 'none');
  assert.deepEqual(told, ['begin', 'a', `/out/ {"seconds":30,"endUtc":${1e12 + 30_000}}`, 'end']);
});
