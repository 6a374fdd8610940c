import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../core/errors.ts';
import { adoptRig } from './adopt-rig.ts';
import { numbers, switches } from './declared.ts';
import { adoptFocuser } from './focuser.ts';

const ABSOLUTE = 'ABS_FOCUS_POSITION';
const STEPS = 'FOCUS_ABSOLUTE_POSITION';
const refused = (words: RegExp) => (error: unknown) =>
  error instanceof Fault && error.kind === 'refused' && words.test(error.message);

function absoluteRig() {
  const rig = adoptRig(
    numbers(ABSOLUTE, { [STEPS]: { value: 1000, min: 0, max: 60_000 } }, { state: 'Ok' }),
    numbers('FOCUS_TEMPERATURE', { TEMPERATURE: 4.5 }, { perm: 'ro' }),
    numbers('FOCUS_SPEED', { FOCUS_SPEED_VALUE: { value: 2, min: 1, max: 5 } }),
    switches('FOCUS_ABORT_MOTION', { ABORT: false }, { rule: 'AtMostOne' }),
    switches('FOCUS_REVERSE_MOTION', { INDI_ENABLED: false, INDI_DISABLED: true }),
  );
  const focuser = adoptFocuser(rig.hosted, rig.parts);
  assert.ok(focuser);
  return { ...rig, focuser };
}

test('an absolute focuser is followed on its way and arrives', async () => {
  const { hosted, focuser, perform, later } = absoluteRig();
  assert.deepEqual([focuser.maxStep, focuser.temperature?.value, focuser.sync], [60_000, 4.5, undefined]);
  hosted.react = () => {
    for (let step = 1; step < 5; step++)
      later(step * 500, () => hosted.set(ABSOLUTE, 'Busy', { [STEPS]: 1000 + step * 100 }));
    // It says that it has stopped before it says where.
    later(2500, () => hosted.set(ABSOLUTE, 'Ok'));
    later(3400, () => hosted.set(ABSOLUTE, 'Ok', { [STEPS]: 1500 }));
  };
  const seen: unknown[] = [];
  focuser.position.watch((value) => seen.push(value));
  focuser.moving.watch((value) => seen.push(value));
  await perform((run) => focuser.moveTo(1500, run));
  assert.deepEqual(seen, [1100, true, 1200, 1300, 1400, false, 1500]);
});

test('a driver that is deaf while it moves answers when it has arrived', async () => {
  const { hosted, focuser, perform, later } = absoluteRig();
  hosted.react = () => later(45_000, () => hosted.set(ABSOLUTE, 'Ok', { [STEPS]: 50_000 }));
  await perform((run) => focuser.moveTo(50_000, run));
  assert.equal(focuser.position.value, 50_000);
});

test('a move that was ended on its way did not arrive', async () => {
  const { hosted, focuser, perform, later } = absoluteRig();
  hosted.react = () => {
    hosted.set(ABSOLUTE, 'Busy');
    later(500, () => hosted.set(ABSOLUTE, 'Ok', { [STEPS]: 1200 }));
  };
  await assert.rejects(
    perform((run) => focuser.moveTo(1500, run)),
    refused(/stopped at 1200/),
  );
});

test('a range that changes is the range', () => {
  const { hosted, focuser } = absoluteRig();
  hosted.def(numbers(ABSOLUTE, { [STEPS]: { value: 1000, min: 0, max: 30_000 } }));
  assert.equal(focuser.maxStep, 30_000);
});

test('speed and sense are its own', async () => {
  const { hosted, focuser, perform } = absoluteRig();
  hosted.react = (name, values) => hosted.set(name, 'Ok', values);
  assert.deepEqual([focuser.speed?.min, focuser.speed?.max, focuser.speed?.value.value], [1, 5, 2]);
  await perform(async (run) => {
    await focuser.speed?.set(4, run);
    await focuser.setReversed?.(true, run);
  });
  assert.deepEqual([focuser.speed?.value.value, focuser.reversed?.value], [4, true]);
});

test('one that knows no position is counted, in moves no longer than it takes', async () => {
  const { hosted, parts, perform, start, later, clock } = adoptRig(
    switches('FOCUS_MOTION', { FOCUS_INWARD: true, FOCUS_OUTWARD: false }),
    numbers('REL_FOCUS_POSITION', { FOCUS_RELATIVE_POSITION: { value: 0, min: 0, max: 1000 } }),
    switches('FOCUS_ABORT_MOTION', { ABORT: false }, { rule: 'AtMostOne' }),
  );
  const focuser = adoptFocuser(hosted, parts);
  assert.ok(focuser);
  assert.deepEqual([focuser.position.value, focuser.maxStep], [1000, 2000]);
  hosted.react = (name, values) => {
    if (name !== 'REL_FOCUS_POSITION') return hosted.set(name, 'Ok', values);
    hosted.set(name, 'Busy', values);
    later(100, () => hosted.set(name, 'Ok'));
  };
  await perform((run) => focuser.moveTo(2000, run));
  await perform((run) => focuser.moveTo(500, run));
  assert.deepEqual(
    hosted.sent.map(({ values }) => values.FOCUS_OUTWARD ?? values.FOCUS_RELATIVE_POSITION),
    [true, 1000, false, 1000, 500],
  );
  await perform(async (run) => focuser.sync?.(1234, run));
  const run = start((own) => focuser.moveTo(1300, own));
  later(50, () => run.stop('user'));
  await assert.rejects(clock.drive(run.outcome), { name: 'Stopped' });
  assert.equal(focuser.position.value, 1234, 'what was stopped is not counted');
});

test('one that only runs for a time is no focuser of ours', () => {
  const { hosted, parts } = adoptRig(
    switches('FOCUS_MOTION', { FOCUS_INWARD: true, FOCUS_OUTWARD: false }),
    numbers('FOCUS_TIMER', { FOCUS_TIMER_VALUE: 0 }),
  );
  assert.equal(adoptFocuser(hosted, parts), undefined);
});
