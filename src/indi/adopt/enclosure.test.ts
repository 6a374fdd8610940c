import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adoptRig } from './adopt-rig.ts';
import { adoptCover } from './cover.ts';
import { numbers, switches } from './declared.ts';
import { adoptDome } from './dome.ts';
import { adoptRotator } from './rotator.ts';
import { adoptWheel } from './wheel.ts';

const once = { rule: 'AtMostOne' } as const;
const park = (parked: boolean) => switches('DOME_PARK', { PARK: parked, UNPARK: !parked }, { state: 'Ok' });
const abort = switches('DOME_ABORT_MOTION', { ABORT: false }, once);

test('a dome turns by its azimuth and opens by its shutter', async () => {
  const { hosted, parts, perform, start, later, clock } = adoptRig(
    numbers(
      'ABS_DOME_POSITION',
      { DOME_ABSOLUTE_POSITION: { value: 350, min: 0, max: 360 } },
      { state: 'Ok' },
    ),
    switches('DOME_MOTION', { DOME_CW: false, DOME_CCW: false }, once),
    switches('DOME_SHUTTER', { SHUTTER_OPEN: false, SHUTTER_CLOSE: true }, { ...once, state: 'Ok' }),
    park(false),
    abort,
  );
  const dome = adoptDome(hosted, parts);
  assert.ok(dome?.azimuth && dome.turnTo && dome.turn && dome.openRoof && dome.roof);
  const { turnTo, turn, openRoof, roof, azimuth, motion } = dome;
  hosted.react = (name, values) => {
    // The end of the turn before is told twice.
    hosted.set('ABS_DOME_POSITION', 'Ok', { DOME_ABSOLUTE_POSITION: 350 });
    hosted.set(name, 'Busy', name === 'DOME_SHUTTER' ? values : {});
    later(900, () => hosted.set(name, 'Ok', values));
  };
  const motions: string[] = [];
  motion.watch((value) => motions.push(value));
  await perform((run) => turnTo(2, run));
  assert.deepEqual([azimuth.value, motions], [2, ['moving', 'stopped']]);
  const roofs: string[] = [];
  roof.watch((value) => roofs.push(value));
  await perform((run) => openRoof(run));
  assert.deepEqual(roofs, ['opening', 'open']);
  hosted.react = (name, values) => {
    if (name === 'DOME_MOTION') hosted.set(name, 'Busy', values);
    else hosted.set('DOME_MOTION', 'Idle', { DOME_CW: false, DOME_CCW: false });
  };
  const run = start((own) => turn('clockwise', own));
  later(60_000, () => {
    assert.equal(motion.value, 'moving');
    run.stop('user');
  });
  await assert.rejects(clock.drive(run.outcome), { name: 'Stopped' });
  assert.equal(hosted.sent.at(-1)?.name, 'DOME_ABORT_MOTION');
});

test('what has no azimuth and no shutter is a roof that opens by unparking', async () => {
  const { hosted, parts, perform } = adoptRig(park(true), abort);
  const dome = adoptDome(hosted, parts);
  assert.ok(dome?.roof && dome.openRoof);
  const { roof, openRoof, motion } = dome;
  assert.deepEqual(
    [roof.value, motion.value, dome.azimuth, dome.turnTo],
    ['closed', 'parked', undefined, undefined],
  );
  hosted.react = (name, values) => hosted.set(name, 'Ok', values);
  await perform((run) => openRoof(run));
  assert.equal(roof.value, 'open');
  hosted.set('DOME_PARK', 'Idle', { PARK: false, UNPARK: false });
  assert.equal(roof.value, 'unknown', 'it was halted on its way');
});

test('a rotator takes the report of where it was for no answer', async () => {
  const { hosted, parts, perform, later } = adoptRig(
    numbers('ABS_ROTATOR_ANGLE', { ANGLE: { value: 10, min: 0, max: 360 } }, { state: 'Ok' }),
  );
  const rotator = adoptRotator(hosted, parts);
  assert.ok(rotator);
  hosted.react = () => {
    hosted.set('ABS_ROTATOR_ANGLE', 'Ok', { ANGLE: 10 });
    later(3000, () => hosted.set('ABS_ROTATOR_ANGLE', 'Ok', { ANGLE: 90.2 }));
  };
  await perform((run) => rotator.turnTo(90, run));
  assert.equal(rotator.angle.value, 90.2);
  assert.equal(rotator.sync, undefined);
});

test('a wheel that stops at another slot has not arrived', async () => {
  const { hosted, perform, later } = adoptRig(
    numbers('FILTER_SLOT', { FILTER_SLOT_VALUE: { value: 1, min: 1, max: 5 } }, { state: 'Ok' }),
  );
  const wheel = adoptWheel(hosted);
  assert.deepEqual([wheel?.slots, wheel?.slot.value, wheel?.names], [5, 1, undefined]);
  let stop = 3;
  hosted.react = (name) => {
    hosted.set(name, 'Busy');
    assert.equal(wheel?.slot.value, undefined);
    later(500, () => hosted.set(name, 'Ok', { FILTER_SLOT_VALUE: stop }));
  };
  await perform(async (run) => wheel?.select(3, run));
  assert.equal(wheel?.slot.value, 3);
  stop = 4;
  await assert.rejects(
    perform(async (run) => wheel?.select(5, run)),
    /slot 4, not 5/,
  );
});

test('a cap is closed when it is parked, and nowhere when it does not say', () => {
  const { hosted, parts } = adoptRig(switches('CAP_PARK', { PARK: true, UNPARK: false }, { state: 'Ok' }));
  const cover = adoptCover(hosted, parts);
  assert.equal(cover?.halt, undefined);
  const states = [cover?.state.value];
  cover?.state.watch((state) => states.push(state));
  hosted.set('CAP_PARK', 'Busy', { PARK: false, UNPARK: true });
  hosted.set('CAP_PARK', 'Ok');
  hosted.set('CAP_PARK', 'Alert');
  hosted.set('CAP_PARK', 'Idle', { UNPARK: false });
  assert.deepEqual(states, ['closed', 'moving', 'open', 'fault', 'unknown']);
});
