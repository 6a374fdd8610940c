import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../core/errors.ts';
import { night, phone, setUp } from './command-rig.ts';

test('a motion is a Run on the lanes for as long as the property is Busy', async () => {
  const { play, say, hosted, sent, running, clock, device } = setUp();
  await play(async () => {
    say('ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 6000 });
    assert.deepEqual(sent(), ['ABS_FOCUS_POSITION 6000'], 'sent within the call');
    assert.deepEqual(running(), ['indi/box focuser.moveTo']);
    // A routine report, from before the command.
    hosted.set('ABS_FOCUS_POSITION', 'Ok', { FOCUS_ABSOLUTE_POSITION: 5000 });
    await clock.sleep(100);
    assert.equal(running().length, 1);
    hosted.set('ABS_FOCUS_POSITION', 'Busy');
    await clock.sleep(60_000);
    assert.throws(
      () => device.operate({ name: 'phd2', rank: 'client' }, 'focuser', 'moveTo', { steps: 1 }),
      /busy: /,
    );
    hosted.set('ABS_FOCUS_POSITION', 'Ok', { FOCUS_ABSOLUTE_POSITION: 6000 });
    await clock.sleep(1);
    assert.deepEqual(running(), []);
    // One that is there already is answered without ever being Busy.
    say('ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 6000 });
    hosted.set('ABS_FOCUS_POSITION', 'Ok');
    await clock.sleep(1);
    assert.deepEqual(running(), []);
    // And one that is never answered holds nobody up for ever.
    say('ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 1 });
    await clock.sleep(10_001);
  });
});

test('a new target of the same motion is passed on at once, and the lanes stay held', async () => {
  const { play, say, hosted, sent, running, clock } = setUp();
  await play(async () => {
    say('EQUATORIAL_EOD_COORD', { RA: 4, DEC: 20 });
    hosted.set('EQUATORIAL_EOD_COORD', 'Busy');
    await clock.sleep(100);
    say('EQUATORIAL_EOD_COORD', { RA: 5, DEC: 20 });
    hosted.set('EQUATORIAL_EOD_COORD', 'Busy');
    assert.deepEqual(
      sent(),
      ['EQUATORIAL_EOD_COORD 420', 'EQUATORIAL_EOD_COORD 520'],
      'no abort between them',
    );
    await clock.sleep(100);
    assert.deepEqual(running(), ['indi/box mount.slewTo']);
    // A park is another motion: what goes on is halted first, in order and without waiting.
    say('TELESCOPE_PARK', { PARK: true, UNPARK: false });
    assert.deepEqual(sent(), ['TELESCOPE_ABORT_MOTION +', 'TELESCOPE_PARK +-']);
    hosted.set('TELESCOPE_PARK', 'Busy');
    await clock.sleep(100);
    assert.deepEqual(running(), ['indi/box mount.park']);
    hosted.set('TELESCOPE_PARK', 'Ok', { PARK: true, UNPARK: false });
    await clock.sleep(1);
  });
});

test('commands keep their order, whatever is in progress', async () => {
  const { play, say, hosted, sent, clock } = setUp();
  await play(async () => {
    say('EQUATORIAL_EOD_COORD', { RA: 4, DEC: 20 });
    say('ON_COORD_SET', { SYNC: true });
    say('EQUATORIAL_EOD_COORD', { RA: 3, DEC: 20 });
    say('ON_COORD_SET', { TRACK: true });
    assert.deepEqual(sent(), [
      'EQUATORIAL_EOD_COORD 420',
      'ON_COORD_SET +',
      'EQUATORIAL_EOD_COORD 320',
      'ON_COORD_SET +',
    ]);
    await clock.sleep(100);
    hosted.set('EQUATORIAL_EOD_COORD', 'Ok', { RA: 3, DEC: 20 });
    await clock.sleep(1);
  });
});

test('a person takes over: the motion is halted, and the client waits its turn', async () => {
  const { play, say, hosted, sent, published, device, clock, running } = setUp();
  await play(async () => {
    say('EQUATORIAL_EOD_COORD', { RA: 4, DEC: 20 });
    hosted.set('EQUATORIAL_EOD_COORD', 'Busy');
    await clock.sleep(1000);
    sent();
    hosted.react = (name) => {
      if (name === 'TELESCOPE_ABORT_MOTION') hosted.set('EQUATORIAL_EOD_COORD', 'Ok');
    };
    const slew = device.operate(phone, 'mount', 'slewTo', { ra: 10, dec: 10 });
    await clock.sleep(100);
    assert.deepEqual(sent(), ['TELESCOPE_ABORT_MOTION +']);
    assert.deepEqual(running(), ['indi/box mount.slewTo']);
    say('TELESCOPE_PARK', { PARK: true });
    say('ON_COORD_SET', { SYNC: true });
    assert.deepEqual(sent(), []);
    assert.match(published[0] ?? '', /^TELESCOPE_PARK Alert busy: indi\/box mount\.slewTo$/);
    assert.match(published[1] ?? '', /^ON_COORD_SET Alert busy/);
    // What stops passes always.
    say('TELESCOPE_ABORT_MOTION', { ABORT: true });
    await slew.outcome.catch(() => {});
    assert.equal(slew.ending.value?.state, 'stopped');
    assert.deepEqual(sent(), ['TELESCOPE_ABORT_MOTION +']);
  });
});

test('the lease of a night holds against clients', async () => {
  const { play, say, sent, published, device } = setUp();
  await play(async () => {
    const leases = device.lease(night, 'camera');
    say('CCD_BINNING', { HOR_BIN: 2, VER_BIN: 2 });
    assert.deepEqual([sent(), published], [[], ['CCD_BINNING Alert busy: night']]);
    for (const lease of leases) lease.release();
    say('CCD_BINNING', { HOR_BIN: 2, VER_BIN: 2 });
    assert.deepEqual(sent(), ['CCD_BINNING 22']);
  });
});

test('what is refused is said to the clients and not to the device', async () => {
  const { play, say, sent, published } = setUp({ refusal: 'the target is 3.0° from the Sun' });
  await play(async () => {
    say('EQUATORIAL_EOD_COORD', { RA: 4, DEC: 20 });
    assert.deepEqual(
      [sent(), published],
      [[], ['EQUATORIAL_EOD_COORD Alert the target is 3.0° from the Sun']],
    );
  });
});

test('a motion that is superseded before it has begun is halted all the same', async () => {
  const { play, say, sent, device, clock, running } = setUp();
  await play(async () => {
    say('EQUATORIAL_EOD_COORD', { RA: 4, DEC: 20 });
    const slew = device.operate(phone, 'mount', 'slewTo', { ra: 10, dec: 10 });
    assert.deepEqual(sent(), ['EQUATORIAL_EOD_COORD 420', 'TELESCOPE_ABORT_MOTION +']);
    await slew.outcome;
    await clock.sleep(1);
    assert.deepEqual(running(), []);
  });
});

test('a program that dies ends the motions on its device', async () => {
  const { play, say, hosted, clock, running, device } = setUp();
  await play(async () => {
    say('ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 6000 });
    hosted.set('ABS_FOCUS_POSITION', 'Busy');
    await clock.sleep(100);
    const [run] = device.runs.value;
    hosted.alive.set(false);
    await clock.sleep(1);
    assert.deepEqual(running(), []);
    const ending = run?.ending.value;
    assert.ok(ending?.state === 'threw' && ending.error instanceof Fault && ending.error.kind === 'gone');
    say('ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 6000 });
    assert.deepEqual(running(), [], 'nothing is begun on a dead one');
    hosted.alive.set(true);
  });
});

test('a device that is not adopted is served and marked unguarded, once', async () => {
  const { play, say, sent, client, hosted, clock } = setUp({ adopted: false });
  await play(async () => {
    say('ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 1 });
    say('ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 2 });
    say('CCD_BINNING', { HOR_BIN: 2, VER_BIN: 2 });
    assert.equal(sent().length, 3);
    assert.deepEqual(client.told.length, 1);
    assert.match(
      client.told[0] ?? '',
      /^ABS_FOCUS_POSITION is unguarded: this device is not adopted as a focuser/,
    );
    hosted.set('ABS_FOCUS_POSITION', 'Ok');
    await clock.sleep(10_001);
  });
});

test('a sync is none when the adoption has asked for slews since', async () => {
  const { play, say, hosted, running, clock } = setUp();
  await play(async () => {
    say('ON_COORD_SET', { SYNC: true });
    hosted.set('ON_COORD_SET', 'Ok', { TRACK: false, SYNC: true });
    say('EQUATORIAL_EOD_COORD', { RA: 3, DEC: 20 });
    assert.deepEqual(running(), [], 'a sync');
    const elements = [{ name: 'TRACK', value: true }];
    hosted.send({ type: 'new', kind: 'switch', device: 'Box', name: 'ON_COORD_SET', elements });
    say('EQUATORIAL_EOD_COORD', { RA: 4, DEC: 20 });
    assert.deepEqual(running(), ['indi/box mount.slewTo'], 'the driver may have it by now');
    hosted.set('EQUATORIAL_EOD_COORD', 'Busy');
    hosted.set('EQUATORIAL_EOD_COORD', 'Ok', { RA: 4, DEC: 20 });
    await clock.sleep(1);
  });
});

test('a pulse of more than a minute is refused', async () => {
  const { play, say, sent, published } = setUp();
  await play(async () => {
    say('TELESCOPE_TIMED_GUIDE_WE', { TIMED_GUIDE_W: 0, TIMED_GUIDE_E: 60_001 });
    assert.deepEqual(
      [sent(), published],
      [[], ['TELESCOPE_TIMED_GUIDE_WE Alert TELESCOPE_TIMED_GUIDE_WE: a pulse is 60000 ms at most']],
    );
  });
});

test('a client does not disconnect a camera whose guide head is held', async () => {
  const { play, say, sent, published, device } = setUp({ head: true });
  await play(async () => {
    const leases = device.head.value?.lease(night, 'camera') ?? [];
    assert.equal(leases.length, 1);
    say('CONNECTION', { DISCONNECT: true });
    assert.deepEqual([sent(), published], [[], ['CONNECTION Alert busy: night']]);
    for (const lease of leases) lease.release();
    say('CONNECTION', { DISCONNECT: true });
    assert.deepEqual(sent(), ['CONNECTION +']);
  });
});

test('a site and a time that are better known are not overruled by a client', async () => {
  const { play, say, sent, published, client, observatory } = setUp();
  await play(async () => {
    say('GEOGRAPHIC_COORD', { LAT: -33, LONG: 151, ELEV: 0 });
    say('TIME_UTC', { UTC: '2026-11-22T21:00:00', OFFSET: '0' });
    assert.deepEqual([sent(), published], [[], ['GEOGRAPHIC_COORD Ok', 'TIME_UTC Ok']]);
    assert.match(client.told[0] ?? '', /161\.0° from this one, by person: it stays/);
    assert.match(client.told[1] ?? '', /3600 s from this unit's, by ntp/);
    // Those that agree go on; what is none is refused.
    say('GEOGRAPHIC_COORD', { LAT: 50.05, LONG: 350.01, ELEV: 90 });
    say('TIME_UTC', { UTC: '2026-11-22T20:00:10', OFFSET: '0' });
    assert.deepEqual(sent(), ['GEOGRAPHIC_COORD 50.05350.0190', 'TIME_UTC 2026-11-22T20:00:100']);
    say('TIME_UTC', { UTC: 'noon', OFFSET: '0' });
    say('GEOGRAPHIC_COORD', { LAT: 0, LONG: 0, ELEV: 0 });
    assert.deepEqual(sent(), []);
    assert.match(published.slice(2).join(), /TIME_UTC Alert UTC "noon" is no date.*GEOGRAPHIC_COORD Alert/);
    assert.deepEqual([observatory.siteSource.value, observatory.timeSource.value], ['person', 'ntp']);
  });
});
