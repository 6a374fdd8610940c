import assert from 'node:assert/strict';
import test from 'node:test';
import { separation } from '../../sky/angle.ts';
import { fromApparent } from '../../sky/apparent.ts';
import { apparentPlace } from '../../sky/direction.ts';
import { pretendGuide, pretendMount } from '../test-rig.ts';
import { createHarness, START } from './harness.ts';

function withMount() {
  const h = createHarness();
  const m = pretendMount();
  const g = pretendGuide();
  const added = h.add('mount', 'Mount', { mount: m.mount, guide: g.guide });
  return { ...h, ...m, ...g, ...added, client: h.client(), newClient: h.client };
}

test('coordinates of date, Busy to Ok on arrival, J2000 beside them', async () => {
  const { client, clock, perform, position } = withMount();
  await perform(async () => {
    client.set('Mount', 'EQUATORIAL_EOD_COORD', { RA: 3.5, DEC: 20 });
    assert.match(client.shows('Mount', 'EQUATORIAL_EOD_COORD'), /^Busy/);
    await clock.sleep(1000);
    assert.equal(client.shows('Mount', 'EQUATORIAL_EOD_COORD'), 'Ok 3.5 20');
    assert.equal(client.shows('Mount', 'TARGET_EOD_COORD'), 'Ok 3.5 20');
    const wanted = fromApparent(apparentPlace(3.5 * 15, 20), START);
    assert.ok(separation(position.value, wanted) < 0.01 / 3600);
    client.set('Mount', 'EQUATORIAL_COORD', { RA: 2, DEC: 40 });
    await clock.sleep(1000);
    assert.equal(client.shows('Mount', 'EQUATORIAL_COORD'), 'Ok 2 40');
    client.set('Mount', 'EQUATORIAL_EOD_COORD', { RA: 24.5, DEC: 20 });
    assert.match(client.shows('Mount', 'EQUATORIAL_EOD_COORD'), /^Alert/);
    assert.deepEqual({ ...position.value }, { ra: 30, dec: 40 });
  });
});

test('SYNC tells, SLEW leaves tracking as it was, ABORT ends a slew without an alarm', async () => {
  const { client, clock, perform, motion, position, moves } = withMount();
  await perform(async () => {
    client.set('Mount', 'ON_COORD_SET', { SYNC: true });
    client.set('Mount', 'EQUATORIAL_COORD', { RA: 5, DEC: -10 });
    await clock.sleep(50);
    assert.deepEqual({ ...position.value }, { ra: 75, dec: -10 });
    client.set('Mount', 'ON_COORD_SET', { SLEW: true });
    client.set('Mount', 'TELESCOPE_TRACK_STATE', { TRACK_OFF: true });
    await clock.sleep(50);
    client.set('Mount', 'EQUATORIAL_COORD', { RA: 6, DEC: 10 });
    await clock.sleep(1000);
    assert.equal(motion.value, 'stopped');
    assert.match(client.shows('Mount', 'EQUATORIAL_COORD'), /^Idle 6 10/);
    client.set('Mount', 'ON_COORD_SET', { TRACK: true });
    client.set('Mount', 'EQUATORIAL_COORD', { RA: 8, DEC: 10 });
    await clock.sleep(200);
    client.set('Mount', 'TELESCOPE_ABORT_MOTION', { ABORT: true });
    await clock.sleep(1000);
    assert.match(client.shows('Mount', 'EQUATORIAL_COORD'), /^Ok 6 10/);
    assert.ok(moves.includes('halt'));
  });
});

test('a slew is refused until time and site are trusted, in words', async () => {
  const { client, perform, host } = withMount();
  await perform(async () => {
    Object.assign(host.observatory, { site: { value: undefined, watch: () => () => {} } });
    client.set('Mount', 'EQUATORIAL_EOD_COORD', { RA: 3.5, DEC: 20 });
    assert.match(client.shows('Mount', 'EQUATORIAL_EOD_COORD'), /^Alert/);
    assert.match(client.messages.at(-1) ?? '', /site is not known/);
  });
});

test('park and unpark are what the mount says, tracking and its rate as well', async () => {
  const { client, clock, perform } = withMount();
  await perform(async () => {
    client.set('Mount', 'TELESCOPE_PARK', { PARK: true });
    assert.equal(client.shows('Mount', 'TELESCOPE_PARK'), 'Busy UNPARK');
    await clock.sleep(1000);
    assert.equal(client.shows('Mount', 'TELESCOPE_PARK'), 'Ok PARK');
    client.set('Mount', 'EQUATORIAL_EOD_COORD', { RA: 3.5, DEC: 20 });
    await clock.sleep(100);
    assert.match(client.shows('Mount', 'EQUATORIAL_EOD_COORD'), /^Alert/);
    assert.equal(client.messages.at(-1), 'the mount is parked');
    client.set('Mount', 'TELESCOPE_PARK', { UNPARK: true });
    await clock.sleep(100);
    assert.equal(client.shows('Mount', 'TELESCOPE_PARK'), 'Ok UNPARK');
    client.set('Mount', 'TELESCOPE_TRACK_STATE', { TRACK_ON: true });
    client.set('Mount', 'TELESCOPE_TRACK_MODE', { TRACK_LUNAR: true });
    await clock.sleep(100);
    assert.equal(client.shows('Mount', 'TELESCOPE_TRACK_STATE'), 'Ok TRACK_ON');
    assert.equal(client.shows('Mount', 'TELESCOPE_TRACK_MODE'), 'Ok TRACK_LUNAR');
  });
});

test('commands sent at once are performed one after the other; what waits does not begin after a stop', async () => {
  const { client, clock, perform, motion, position } = withMount();
  await perform(async () => {
    client.set('Mount', 'TELESCOPE_TRACK_STATE', { TRACK_OFF: true });
    client.set('Mount', 'TELESCOPE_TRACK_MODE', { TRACK_SOLAR: true });
    client.set('Mount', 'EQUATORIAL_COORD', { RA: 5, DEC: 5 });
    assert.match(client.shows('Mount', 'EQUATORIAL_COORD'), /^Busy/);
    await clock.sleep(1000);
    assert.equal(client.shows('Mount', 'TELESCOPE_TRACK_MODE'), 'Ok TRACK_SOLAR');
    assert.match(client.shows('Mount', 'EQUATORIAL_COORD'), /^Ok 5 5/);
    client.set('Mount', 'TELESCOPE_TRACK_STATE', { TRACK_OFF: true });
    client.set('Mount', 'EQUATORIAL_COORD', { RA: 7, DEC: 7 });
    client.set('Mount', 'TELESCOPE_ABORT_MOTION', { ABORT: true });
    await clock.sleep(1000);
    assert.deepEqual({ ...position.value }, { ra: 75, dec: 5 });
    assert.notEqual(motion.value, 'slewing');
  });
});

test('held motion: both axes at once, the chosen rate, an end with the switch', async () => {
  const { client, clock, perform, moves } = withMount();
  await perform(async () => {
    client.set('Mount', 'TELESCOPE_SLEW_RATE', { '2x': true });
    client.set('Mount', 'TELESCOPE_MOTION_NS', { MOTION_NORTH: true });
    client.set('Mount', 'TELESCOPE_MOTION_WE', { MOTION_WEST: true });
    await clock.sleep(100);
    assert.equal(client.shows('Mount', 'TELESCOPE_MOTION_NS'), 'Busy MOTION_NORTH');
    assert.equal(client.shows('Mount', 'TELESCOPE_MOTION_WE'), 'Busy MOTION_WEST');
    assert.equal(client.watched, 2);
    client.set('Mount', 'TELESCOPE_MOTION_NS', { MOTION_NORTH: false, MOTION_SOUTH: false });
    await clock.sleep(100);
    assert.deepEqual(moves, ['north 1', 'west 1', 'north stopped']);
    assert.equal(client.shows('Mount', 'TELESCOPE_MOTION_NS'), 'Idle');
    assert.equal(client.watched, 1);
    client.set('Mount', 'TELESCOPE_MOTION_WE', { MOTION_EAST: true });
    await clock.sleep(100);
    assert.deepEqual(moves.slice(3), ['west stopped', 'east 1']);
    client.set('Mount', 'TELESCOPE_ABORT_MOTION', { ABORT: true });
    await clock.sleep(100);
    assert.equal(client.shows('Mount', 'TELESCOPE_MOTION_WE'), 'Idle');
    assert.ok(moves.includes('east stopped'));
    assert.equal(client.watched, 0);
  });
});

test('held motion: the dead man. It ends when its client is gone, and after 60 s', async () => {
  const { client, newClient, clock, perform, moves } = withMount();
  await perform(async () => {
    const other = newClient();
    other.set('Mount', 'TELESCOPE_MOTION_NS', { MOTION_SOUTH: true });
    await clock.sleep(100);
    other.leave();
    await clock.sleep(100);
    assert.deepEqual(moves, ['south 2', 'south stopped']);
    assert.equal(client.shows('Mount', 'TELESCOPE_MOTION_NS'), 'Idle');

    client.set('Mount', 'TELESCOPE_MOTION_NS', { MOTION_SOUTH: true });
    await clock.sleep(59_000);
    assert.equal(moves.length, 3);
    await clock.sleep(2000);
    assert.deepEqual(moves.slice(2), ['south 2', 'south stopped']);

    client.set('Mount', 'MOTION_HOLD_LIMIT', { SECONDS: 5 });
    client.set('Mount', 'TELESCOPE_MOTION_WE', { MOTION_EAST: true });
    await clock.sleep(6000);
    assert.deepEqual(moves.slice(4), ['east 2', 'east stopped']);
  });
});

test('pulses: Busy at once, values 0 and not Busy at the end; the axes do not disturb each other', async () => {
  const { client, clock, perform, pulses } = withMount();
  await perform(async () => {
    client.set('Mount', 'TELESCOPE_TIMED_GUIDE_NS', { TIMED_GUIDE_N: 800, TIMED_GUIDE_S: 0 });
    client.set('Mount', 'TELESCOPE_TIMED_GUIDE_WE', { TIMED_GUIDE_W: 0, TIMED_GUIDE_E: 300 });
    assert.equal(client.shows('Mount', 'TELESCOPE_TIMED_GUIDE_NS'), 'Busy 800 0');
    assert.equal(client.shows('Mount', 'TELESCOPE_TIMED_GUIDE_WE'), 'Busy 0 300');
    await clock.sleep(400);
    assert.equal(client.shows('Mount', 'TELESCOPE_TIMED_GUIDE_WE'), 'Idle 0 0');
    assert.equal(client.shows('Mount', 'TELESCOPE_TIMED_GUIDE_NS'), 'Busy 800 0');
    await clock.sleep(500);
    assert.equal(client.shows('Mount', 'TELESCOPE_TIMED_GUIDE_NS'), 'Idle 0 0');
    assert.deepEqual(pulses, ['east 300', 'north 800']);
  });
});

test('pulses that fail, are superseded, refused or of no length end not Busy, too', async () => {
  const { client, clock, perform, failing, motion, pulses } = withMount();
  await perform(async () => {
    failing.set(true);
    client.set('Mount', 'TELESCOPE_TIMED_GUIDE_NS', { TIMED_GUIDE_S: 500 });
    await clock.sleep(50);
    assert.equal(client.shows('Mount', 'TELESCOPE_TIMED_GUIDE_NS'), 'Alert 0 0');
    assert.equal(client.messages.at(-1), 'the mount did not answer');
    failing.set(false);
    client.set('Mount', 'TELESCOPE_TIMED_GUIDE_NS', { TIMED_GUIDE_S: 500 });
    await clock.sleep(100);
    client.set('Mount', 'TELESCOPE_TIMED_GUIDE_NS', { TIMED_GUIDE_N: 200 });
    assert.equal(client.shows('Mount', 'TELESCOPE_TIMED_GUIDE_NS'), 'Busy 200 0');
    await clock.sleep(300);
    assert.equal(client.shows('Mount', 'TELESCOPE_TIMED_GUIDE_NS'), 'Idle 0 0');
    assert.deepEqual(pulses, ['north 200']);
    client.set('Mount', 'TELESCOPE_TIMED_GUIDE_NS', { TIMED_GUIDE_N: 0, TIMED_GUIDE_S: 0 });
    assert.equal(client.shows('Mount', 'TELESCOPE_TIMED_GUIDE_NS'), 'Idle 0 0');
    client.set('Mount', 'TELESCOPE_TIMED_GUIDE_NS', { TIMED_GUIDE_N: 5, TIMED_GUIDE_S: 5 });
    assert.equal(client.shows('Mount', 'TELESCOPE_TIMED_GUIDE_NS'), 'Alert 0 0');
    client.set('Mount', 'EQUATORIAL_EOD_COORD', { RA: 3.5, DEC: 20 });
    await clock.sleep(50);
    assert.equal(motion.value, 'slewing');
    client.set('Mount', 'TELESCOPE_TIMED_GUIDE_WE', { TIMED_GUIDE_W: 100 });
    assert.equal(client.shows('Mount', 'TELESCOPE_TIMED_GUIDE_WE'), 'Alert 0 0');
    await clock.sleep(1000);
    assert.match(client.shows('Mount', 'EQUATORIAL_EOD_COORD'), /^Ok 3.5 20/);
  });
});

test('guide rates, pier side, sidereal time, altitude', async () => {
  const { client, clock, perform, pierSide } = withMount();
  await perform(async () => {
    client.set('Mount', 'GUIDE_RATE', { GUIDE_RATE_WE: 0.75, GUIDE_RATE_NS: 0.25 });
    await clock.sleep(50);
    assert.equal(client.shows('Mount', 'GUIDE_RATE'), 'Ok 0.75 0.25');
    pierSide.set('east');
    assert.equal(client.shows('Mount', 'TELESCOPE_PIER_SIDE'), 'Ok PIER_EAST');
    pierSide.set('unknown');
    assert.equal(client.shows('Mount', 'TELESCOPE_PIER_SIDE'), 'Idle');
    const before = client.property('Mount', 'TIME_LST')?.values.LST as number;
    await clock.sleep(3_600_000);
    const later = client.property('Mount', 'TIME_LST')?.values.LST as number;
    assert.ok(Math.abs(((later - before + 24) % 24) - 1.0027379) < 0.001);
    client.set('Mount', 'HORIZONTAL_COORD', { AZ: 180, ALT: 60 });
    await clock.sleep(2000);
    const seen = client.property('Mount', 'HORIZONTAL_COORD');
    assert.ok(seen);
    const { AZ, ALT } = seen.values as { AZ: number; ALT: number };
    assert.ok(Math.abs(AZ - 180) < 0.05 && Math.abs(ALT - 60) < 0.01, `${AZ} ${ALT}`);
  });
});

test("a client's site and time are one more source, and a disagreement is told", async () => {
  const { client, perform, host } = withMount();
  await perform(async () => {
    assert.equal(client.shows('Mount', 'GEOGRAPHIC_COORD'), 'Ok 50 350 100');
    client.set('Mount', 'GEOGRAPHIC_COORD', { LAT: 50.05, LONG: 350.01, ELEV: 90 });
    assert.equal(client.messages.length, 0);
    client.set('Mount', 'GEOGRAPHIC_COORD', { LAT: -33, LONG: 151, ELEV: 0 });
    assert.match(client.messages.at(-1) ?? '', /the site is 161\.0° from this one, by person/);
    assert.equal(host.observatory.site.value?.longitude, -10);
    client.set('Mount', 'GEOGRAPHIC_COORD', { LAT: 0, LONG: 0, ELEV: 0 });
    assert.equal(client.shows('Mount', 'GEOGRAPHIC_COORD'), 'Alert 50 350 100');

    const count = client.messages.length;
    client.set('Mount', 'TIME_UTC', { UTC: '2026-11-22T20:00:10', OFFSET: '1.00' });
    assert.equal(client.messages.length, count);
    client.set('Mount', 'TIME_UTC', { UTC: '2026-11-22T21:00:00', OFFSET: '1.00' });
    assert.match(client.messages.at(-1) ?? '', /your time is 3600 s from/);
    client.set('Mount', 'TIME_UTC', { UTC: 'noon', OFFSET: '1.00' });
    assert.match(client.shows('Mount', 'TIME_UTC'), /^Alert 2026-11-22T20:00/);
    assert.equal(host.observatory.timeSource.value, 'ntp');
  });
});

test('telescopes: a client fills in what the owner left out, and changes nothing else', async () => {
  const { client, perform, rig } = withMount();
  await perform(async () => {
    const wanted = { TELESCOPE_APERTURE: 80, TELESCOPE_FOCAL_LENGTH: 480 };
    client.set('Mount', 'TELESCOPE_INFO', { ...wanted, GUIDER_APERTURE: 0, GUIDER_FOCAL_LENGTH: 0 });
    assert.equal(rig.facts.value.telescope?.focalLengthMm, 480);
    assert.equal(rig.facts.value.guideTelescope, undefined);
    client.set('Mount', 'TELESCOPE_INFO', { ...wanted, TELESCOPE_APERTURE: 100 });
    assert.equal(client.shows('Mount', 'TELESCOPE_INFO'), 'Ok 80 480 0 0');
    assert.match(client.messages.at(-1) ?? '', /owner/);
  });
});
