import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../core/errors.ts';
import { separation } from '../../sky/angle.ts';
import { toApparent } from '../../sky/apparent.ts';
import { adoptRig } from './adopt-rig.ts';
import { numbers, switches } from './declared.ts';
import { adoptMount } from './mount.ts';

const target = { ra: 83.82, dec: -5.39 };
const fault = (kind: Fault['kind'], words: RegExp) => (error: unknown) =>
  error instanceof Fault && error.kind === kind && words.test(error.message);
const once = { rule: 'AtMostOne' } as const;

/** A mount of libindi that tracks near the equator; what it does about commands is the test's affair. */
function mountRig(property = 'EQUATORIAL_EOD_COORD') {
  const rig = adoptRig(
    switches('ON_COORD_SET', { TRACK: true, SLEW: false, SYNC: false }),
    numbers(property, { RA: 5, DEC: 0 }, { state: 'Ok' }),
    switches('TELESCOPE_ABORT_MOTION', { ABORT: false }, once),
    switches('TELESCOPE_TRACK_STATE', { TRACK_ON: true, TRACK_OFF: false }, { state: 'Busy' }),
    switches('TELESCOPE_PARK', { PARK: false, UNPARK: true }, { state: 'Ok' }),
    switches('TELESCOPE_SLEW_RATE', { '1x': true, '2x': false }, { labels: { '1x': 'Guide', '2x': 'Max' } }),
    switches('TELESCOPE_MOTION_NS', { MOTION_NORTH: false, MOTION_SOUTH: false }, once),
    switches('TELESCOPE_PIER_SIDE', { PIER_WEST: false, PIER_EAST: true }, { perm: 'ro' }),
  );
  const mount = adoptMount(rig.hosted, rig.parts);
  assert.ok(mount);
  const { hosted } = rig;
  hosted.react = (name, values) => hosted.set(name, 'Ok', values);
  const names = () => hosted.sent.map(({ name }) => name);
  const hoursOf = (place: { ra: number; dec: number }) => ({ RA: place.ra / 15, DEC: place.dec });
  return { ...rig, mount, names, property, ofDate: hoursOf(toApparent(target, rig.clock.now())), hoursOf };
}

test('a slew is told in coordinates of date, and arrives when Busy ends near the target', async () => {
  const { hosted, mount, perform, later, ofDate, property, clock } = mountRig();
  hosted.react = (name) => {
    assert.equal(name, property);
    // A report of where it was, sent before it heard the command.
    later(20, () => hosted.set(property, 'Ok', { RA: 5.0001 }));
    later(100, () => hosted.set(property, 'Busy'));
    later(120, () => hosted.set('TELESCOPE_TRACK_STATE', 'Idle', { TRACK_ON: false, TRACK_OFF: true }));
    later(8000, () => hosted.set(property, 'Ok', ofDate));
    later(8300, () => hosted.set('TELESCOPE_TRACK_STATE', 'Busy', { TRACK_ON: true, TRACK_OFF: false }));
  };
  const states: string[] = [mount.motion.value];
  mount.motion.watch((motion) => states.push(motion));
  await perform((run) => mount.slewTo(target, run));
  assert.equal(clock.monotonic(), 8300);
  assert.deepEqual(states, ['tracking', 'slewing', 'stopped', 'tracking']);
  assert.deepEqual(hosted.sent, [{ name: property, values: ofDate }]);
  assert.ok(Math.abs((ofDate.RA * 15 - target.ra) * 3600) > 600, 'JNow is not J2000');
  assert.ok(separation(mount.position.value, target) < 1e-6);
});

test('a mount that arrives and does not track is told to', async () => {
  const { hosted, mount, perform, ofDate, property, names } = mountRig();
  hosted.set('TELESCOPE_TRACK_STATE', 'Idle', { TRACK_ON: false, TRACK_OFF: true });
  hosted.react = (name, values) => hosted.set(name, 'Ok', name === property ? ofDate : values);
  await perform((run) => mount.slewTo(target, run));
  assert.deepEqual(names(), [property, 'TELESCOPE_TRACK_STATE']);
  assert.equal(mount.motion.value, 'tracking');
});

test('a slew that somebody else ended did not arrive', async () => {
  const { hosted, mount, perform, later, property } = mountRig();
  hosted.react = () => {
    hosted.set(property, 'Busy');
    later(1000, () => hosted.set(property, 'Idle', { RA: 5.3, DEC: -2 }));
  };
  await assert.rejects(
    perform((run) => mount.slewTo(target, run)),
    fault('refused', /from the target/),
  );
});

test('a stopped slew is halted before it rejects', async () => {
  const { hosted, mount, start, later, clock, property, names } = mountRig();
  hosted.react = (name) => {
    if (name === property) hosted.set(property, 'Busy');
    else later(700, () => hosted.set(property, 'Idle'));
  };
  const run = start((own) => mount.slewTo(target, own));
  later(2000, () => run.stop('unsafe'));
  await assert.rejects(clock.drive(run.outcome), { name: 'Stopped', reason: 'unsafe' });
  assert.equal(clock.monotonic(), 2700);
  assert.deepEqual(names(), [property, 'TELESCOPE_ABORT_MOTION']);
});

test('a sync is no slew, and leaves the next coordinates to be one', async () => {
  const { hosted, mount, perform, ofDate, property, names } = mountRig();
  await perform((run) => mount.sync(target, run));
  assert.deepEqual(names(), ['ON_COORD_SET', property, 'ON_COORD_SET']);
  assert.deepEqual(hosted.sent[1]?.values, ofDate);
  assert.equal(hosted.sent[2]?.values.TRACK, true);
  hosted.react = (name, values) =>
    name === property ? hosted.set(name, 'Alert', {}, 'too far') : hosted.set(name, 'Ok', values);
  await assert.rejects(
    perform((run) => mount.sync(target, run)),
    fault('refused', /too far/),
  );
  assert.equal(hosted.sent.at(-1)?.values.TRACK, true);
});

test('tracking remains Busy while it is on, and that is no motion to wait for', async () => {
  const { hosted, mount, perform } = mountRig();
  hosted.react = (name, values) => hosted.set(name, values.TRACK_ON ? 'Busy' : 'Idle', values);
  await perform((run) => mount.setTracking(false, run));
  assert.equal(mount.motion.value, 'stopped');
  await perform((run) => mount.setTracking(true, run));
  assert.equal(mount.motion.value, 'tracking');
  hosted.react = () => {};
  await perform((run) => mount.setTracking(true, run));
  await assert.rejects(
    perform((run) => mount.setTracking(false, run)),
    fault('silent', /not answered/),
  );
});

test('PARK Ok at acceptance is not parked: it rests first', async () => {
  const { hosted, mount, perform, later, property, clock } = mountRig();
  hosted.react = (name, values) => {
    hosted.set(name, 'Ok', values);
    // It moves in Ok: neither Busy nor Idle help.
    for (let second = 1; second <= 20; second++)
      later(second * 1000, () => hosted.set(property, 'Ok', { RA: 5 + second / 10 }));
    later(21_000, () => hosted.set(property, 'Ok', { RA: 7 + 1 / 3600 }));
    later(22_000, () => hosted.set(property, 'Ok', { RA: 7 + 2 / 3600 }));
  };
  const seen: string[] = [];
  mount.motion.watch((motion) => seen.push(motion));
  await perform((run) => mount.park(run));
  assert.deepEqual(seen, ['parking', 'parked']);
  assert.equal(clock.monotonic(), 22_000, '2 s after it came to rest');
});

test('parked is refused a slew, says so, and is unparked once', async () => {
  const { hosted, mount, perform, pass, property, names } = mountRig();
  hosted.set(property, 'Idle');
  hosted.set('TELESCOPE_PARK', 'Ok', { PARK: true, UNPARK: false });
  await pass(2500);
  assert.equal(mount.motion.value, 'parked');
  await assert.rejects(
    perform((run) => mount.slewTo(target, run)),
    fault('refused', /unpark/),
  );
  await perform((run) => mount.park(run));
  await perform((run) => mount.unpark(run));
  await perform((run) => mount.unpark(run));
  assert.deepEqual(names(), ['TELESCOPE_PARK']);
});

test('the paddle is On while it is held, at its rate, and Off with the stop', async () => {
  const { hosted, mount, start, later, clock } = mountRig();
  assert.deepEqual(mount.rates, ['Guide', 'Max']);
  hosted.react = (name, values) => hosted.set(name, values.MOTION_NORTH ? 'Busy' : 'Idle', values);
  const run = start((own) => mount.move('north', 1, own));
  later(3000, () => {
    assert.equal(mount.motion.value, 'moving');
    run.stop('user');
  });
  await assert.rejects(clock.drive(run.outcome), { name: 'Stopped' });
  assert.deepEqual(
    hosted.sent.map(({ values }) => values),
    [
      { '1x': false, '2x': true },
      { MOTION_NORTH: true, MOTION_SOUTH: false },
      { MOTION_NORTH: false, MOTION_SOUTH: false },
    ],
  );
  await assert.rejects(
    clock.drive(start((own) => mount.move('east', 1, own)).outcome),
    fault('unsupported', /east/),
  );
});

test('a mount of J2000 is told J2000; one that knows only the horizon is none', async () => {
  const { hosted, mount, perform, property, hoursOf } = mountRig('EQUATORIAL_COORD');
  await perform((run) => mount.slewTo(target, run));
  assert.deepEqual(hosted.sent[0], { name: property, values: hoursOf(target) });
  assert.deepEqual(mount.position.value, target);
  const horizontal = adoptRig(numbers('HORIZONTAL_COORD', { ALT: 1, AZ: 2 }));
  assert.equal(adoptMount(horizontal.hosted, horizontal.parts), undefined);
});

test('the side of the pier is what the mount says', () => {
  const { hosted, mount } = mountRig();
  assert.equal(mount.pierSide.value, 'east');
  hosted.set('TELESCOPE_PIER_SIDE', 'Idle', { PIER_EAST: false });
  assert.equal(mount.pierSide.value, 'unknown');
});
