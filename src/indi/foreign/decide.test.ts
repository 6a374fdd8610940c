import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cell } from '../../core/cell.ts';
import { parseUtc } from '../../core/clock.ts';
import type { Capabilities } from '../../device/capabilities.ts';
import { LimitBook } from '../../device/limits/book.ts';
import { allOf, limitsGuard, sunGuard, trustGuard } from '../../device/limits.ts';
import { createObservatory } from '../../device/observatory.ts';
import { separation } from '../../sky/angle.ts';
import { toApparent } from '../../sky/apparent.ts';
import type { Direction } from '../../sky/direction.ts';
import { toHorizon } from '../../sky/horizon.ts';
import { localSidereal } from '../../sky/sidereal.ts';
import { sunDirection } from '../../sky/sun-moon.ts';
import { FakeHosted, numbers, switches, texts } from '../adopt/fake-hosted.ts';
import { isMotion, motionOf } from '../adopt/motions.ts';
import type { NewVector } from '../message.ts';
import { decide } from './decide.ts';

const utc = parseUtc('2026-06-21T11:00:00Z');
const site = { latitude: 49.4, longitude: 8.7, elevationMetres: 560 };
type Values = Readonly<Record<string, number | boolean | string>>;

function command(name: string, values: Values): NewVector {
  const elements = Object.entries(values).map(([element, value]) => ({ name: element, value }));
  const first = typeof elements[0]?.value;
  const kind = first === 'number' ? 'number' : first === 'boolean' ? 'switch' : 'text';
  return { type: 'new', kind, device: 'Box', name, elements } as NewVector;
}

/** A box of everything that moves. */
const hosted = new FakeHosted('Box', [
  numbers('EQUATORIAL_EOD_COORD', { RA: 0, DEC: 0 }),
  numbers('EQUATORIAL_COORD', { RA: 0, DEC: 0 }),
  numbers('HORIZONTAL_COORD', { AZ: 0, ALT: 0 }),
  switches('ON_COORD_SET', { TRACK: true, SLEW: false, SYNC: false }),
  switches('TELESCOPE_ABORT_MOTION', { ABORT: false }),
  switches('TELESCOPE_MOTION_NS', { MOTION_NORTH: false, MOTION_SOUTH: false }),
  switches('TELESCOPE_PARK', { PARK: true, UNPARK: false }),
  switches('TELESCOPE_HOME', { FIND: false, SET: false, GO: false }),
  switches('TELESCOPE_TRACK_STATE', { TRACK_ON: false, TRACK_OFF: true }),
  numbers('TELESCOPE_TIMED_GUIDE_WE', { TIMED_GUIDE_W: 0, TIMED_GUIDE_E: 0 }),
  numbers('CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 0 }),
  numbers('GUIDER_EXPOSURE', { GUIDER_EXPOSURE_VALUE: 0 }),
  switches('CCD_ABORT_EXPOSURE', { ABORT: false }),
  switches('CCD_VIDEO_STREAM', { STREAM_ON: false, STREAM_OFF: true }),
  numbers('CCD_BINNING', { HOR_BIN: 1, VER_BIN: 1 }),
  numbers('ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 5 }),
  numbers('FILTER_SLOT', { FILTER_SLOT_VALUE: 1 }),
  switches('SAT_TRACKING_STAT', { SAT_TRACK: false, SAT_HALT: true }),
  switches('DOME_MOTION', { DOME_CW: false, DOME_CCW: false }),
  switches('DOME_SHUTTER', { SHUTTER_OPEN: false, SHUTTER_CLOSE: true }),
  switches('DOME_PARK', { PARK: true, UNPARK: false }),
  switches('CAP_PARK', { PARK: true, UNPARK: false }),
  numbers('PAC_MANUAL_ADJUSTMENT', { MANUAL_AZ_STEP: 0 }),
  switches('CONNECTION', { CONNECT: true, DISCONNECT: false }),
  texts('UPLOAD_SETTINGS', { UPLOAD_DIR: '', UPLOAD_PREFIX: '' }),
]);

function judged(what: NewVector, options: { trusted?: boolean; asked?: string; here?: boolean } = {}) {
  const observatory = createObservatory(options.here === false ? undefined : site);
  if (options.trusted !== false) observatory.offerTime('gps');
  const guard = allOf(
    trustGuard(observatory),
    sunGuard((at, now) => separation(at, sunDirection(now))),
    limitsGuard(new LimitBook(), observatory),
  );
  const device = { id: 'indi/box', capabilities: cell<Capabilities>({}), laneNames: ['ra', 'camera'] };
  return decide(what, {
    property: (name) => hosted.property(name),
    asked: () => options.asked,
    ...{ guard, device, utc, dataDirectory: '/data', site: observatory.site.value },
  });
}

const short = (what: NewVector) => {
  const decision = judged(what);
  if (decision.do === 'refuse') return `refuse: ${decision.reason}`;
  if (decision.do === 'forward') return 'forward';
  const { halt } = decision;
  const end = halt ? ` | ${halt.property} ${halt.element}` : '';
  return `${decision.do} ${decision.ofHead ? 'head ' : ''}${decision.lanes.join('+')}: ${decision.title}${end}`;
};

/** In the north at 60°: within every limit, far from the Sun. */
const sidereal = localSidereal(utc, site.longitude);
const high = { RA: sidereal / 15, DEC: 75 };

const table: readonly [name: string, values: Values, wanted: string][] = [
  ['EQUATORIAL_EOD_COORD', high, 'moves ra+dec: mount.slewTo | TELESCOPE_ABORT_MOTION ABORT'],
  ['EQUATORIAL_COORD', high, 'moves ra+dec: mount.slewTo | TELESCOPE_ABORT_MOTION ABORT'],
  ['HORIZONTAL_COORD', { AZ: 0, ALT: 60 }, 'moves ra+dec: mount.slewTo | TELESCOPE_ABORT_MOTION ABORT'],
  ['TELESCOPE_ABORT_MOTION', { ABORT: true }, 'stops ra+dec: TELESCOPE_ABORT_MOTION'],
  ['TELESCOPE_MOTION_NS', { MOTION_NORTH: true }, 'held dec: mount.move'],
  ['TELESCOPE_MOTION_NS', { MOTION_NORTH: false, MOTION_SOUTH: false }, 'released dec: TELESCOPE_MOTION_NS'],
  ['TELESCOPE_PARK', { PARK: true }, 'moves ra+dec: mount.park | TELESCOPE_ABORT_MOTION ABORT'],
  ['TELESCOPE_PARK', { UNPARK: true }, 'touches ra+dec: mount.unpark | TELESCOPE_ABORT_MOTION ABORT'],
  ['TELESCOPE_HOME', { GO: true }, 'moves ra+dec: mount.home | TELESCOPE_ABORT_MOTION ABORT'],
  ['TELESCOPE_HOME', { SET: true }, 'touches ra+dec: TELESCOPE_HOME | TELESCOPE_ABORT_MOTION ABORT'],
  ['TELESCOPE_TRACK_STATE', { TRACK_ON: true }, 'touches ra+dec: mount.track'],
  ['TELESCOPE_TIMED_GUIDE_WE', { TIMED_GUIDE_W: 500, TIMED_GUIDE_E: 0 }, 'moves ra: guide.pulse'],
  ['CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 2 }, 'moves camera: camera.expose | CCD_ABORT_EXPOSURE ABORT'],
  [
    'GUIDER_EXPOSURE',
    { GUIDER_EXPOSURE_VALUE: 2 },
    'moves head camera: camera.expose | GUIDER_ABORT_EXPOSURE ABORT',
  ],
  ['CCD_ABORT_EXPOSURE', { ABORT: true }, 'stops camera: CCD_ABORT_EXPOSURE'],
  ['CCD_VIDEO_STREAM', { STREAM_ON: true }, 'moves camera: camera.stream | CCD_VIDEO_STREAM STREAM_OFF'],
  ['CCD_VIDEO_STREAM', { STREAM_OFF: true }, 'stops camera: CCD_VIDEO_STREAM | CCD_VIDEO_STREAM STREAM_OFF'],
  ['CCD_BINNING', { HOR_BIN: 2, VER_BIN: 2 }, 'touches camera: CCD_BINNING'],
  [
    'ABS_FOCUS_POSITION',
    { FOCUS_ABSOLUTE_POSITION: 9 },
    'moves focuser: focuser.moveTo | FOCUS_ABORT_MOTION ABORT',
  ],
  ['FILTER_SLOT', { FILTER_SLOT_VALUE: 2 }, 'moves wheel: wheel.select'],
  ['DOME_MOTION', { DOME_CW: true }, 'held dome: dome.turn | DOME_ABORT_MOTION ABORT'],
  ['DOME_SHUTTER', { SHUTTER_OPEN: true }, 'moves roof: dome.openRoof | DOME_ABORT_MOTION ABORT'],
  ['DOME_PARK', { PARK: true }, 'moves dome+roof: dome.park | DOME_ABORT_MOTION ABORT'],
  [
    'SAT_TRACKING_STAT',
    { SAT_TRACK: true },
    'moves ra+dec: mount.followSatellite | SAT_TRACKING_STAT SAT_HALT',
  ],
  ['SAT_TRACKING_STAT', { SAT_HALT: true }, 'stops ra+dec: SAT_TRACKING_STAT | SAT_TRACKING_STAT SAT_HALT'],
  ['CAP_PARK', { UNPARK: true }, 'moves cover: cover.open | CAP_ABORT ABORT'],
  [
    'PAC_MANUAL_ADJUSTMENT',
    { MANUAL_AZ_STEP: 1 },
    'moves corrector: PAC_MANUAL_ADJUSTMENT | PAC_ABORT_MOTION ABORT',
  ],
  ['CONNECTION', { DISCONNECT: true }, 'touches ra+camera: disconnect'],
  ['CONNECTION', { CONNECT: false }, 'touches ra+camera: disconnect'],
  ['CONNECTION', { CONNECT: true }, 'forward'],
  ['POLLING_PERIOD', { PERIOD_MS: 500 }, 'forward'],
  [
    'UPLOAD_SETTINGS',
    { UPLOAD_DIR: '/data/frames', UPLOAD_PREFIX: 'M31_XXX' },
    'touches camera: UPLOAD_SETTINGS',
  ],
  ['ROTATOR_HOME', { HOME: true }, 'refuse: there is no switch vector ROTATOR_HOME now'],
  ['FILTER_SLOT', { FILTER_SLOT_VALUE: Number.NaN }, 'refuse: FILTER_SLOT: FILTER_SLOT_VALUE is no number'],
  ['FILTER_SLOT', { FILTER_SLOT_VALUE: true }, 'refuse: there is no switch vector FILTER_SLOT now'],
];

for (const [name, values, wanted] of table) {
  test(`${name} ${JSON.stringify(values)}: ${wanted}`, () =>
    assert.equal(short(command(name, values)), wanted));
}

test('files and programs that clients may not name', () => {
  const refused = (name: string, values: Values, words: RegExp) =>
    assert.match(short(command(name, values)), words);
  refused('UPLOAD_SETTINGS', { UPLOAD_DIR: '/etc' }, /"\/etc" is outside \/data/);
  refused('UPLOAD_SETTINGS', { UPLOAD_DIR: '/data/../etc' }, /outside/);
  refused('UPLOAD_SETTINGS', { UPLOAD_DIR: '/database' }, /outside/);
  refused('UPLOAD_SETTINGS', { UPLOAD_DIR: 'frames' }, /outside/);
  refused('UPLOAD_SETTINGS', { UPLOAD_PREFIX: '../../x' }, /no plain file name/);
  refused('RECORD_FILE', { RECORD_FILE_DIR: '/home', RECORD_FILE_NAME: 'a' }, /outside/);
  refused('SCRIPTS', { SCRIPT_OPEN: 'rm' }, /clients cannot choose programs/);
  refused('SCRIPT_FOLDER', { FOLDER: '/data' }, /clients cannot choose programs/);
  refused('ASTROMETRY_SETTINGS', { ASTROMETRY_SETTINGS_OPTIONS: '; rm' }, /clients cannot choose programs/);
  for (const path of ['/data/$(rm)', '/data/`rm`', String.raw`/data/.\./etc`, '/data/.?/etc', '/data/\0']) {
    refused('ALIGNDATAFILE', { ALIGNDATAFILENAME: path }, /a shell would act upon/);
  }
  refused('HORIZONLIMITSDATAFILE', { HORIZONLIMITSFILENAME: '~/.profile' }, /outside/);
  refused('WATCHDOG_SETTINGS', { SHUTDOWN_SCRIPT: '/data/x' }, /clients cannot choose programs/);
  refused(
    'WATCHDOG_SHUTDOWN',
    { PARK_MOUNT: true, EXECUTE_SCRIPT: true },
    /clients cannot have programs run/,
  );
  assert.equal(short(command('WATCHDOG_SHUTDOWN', { PARK_MOUNT: true, EXECUTE_SCRIPT: false })), 'forward');
  assert.equal(short(command('DEVICE_PORT', { PORT: '/dev/ttyUSB0' })), 'forward');
});

const slew = (at: Direction) => {
  const { ra, dec } = toApparent(at, utc);
  return command('EQUATORIAL_EOD_COORD', { RA: ra / 15, DEC: dec });
};
const reason = (decision: ReturnType<typeof decide>) =>
  decision.do === 'refuse' ? decision.reason : decision.do;

test('a foreign mount is slewed by the same limits as ours, its coordinates being of date', () => {
  const sun = sunDirection(utc);
  const near = { ra: sun.ra, dec: sun.dec + 14.99 };
  assert.match(reason(judged(slew(near))), /15\.0° from the Sun/);
  assert.equal(reason(judged(slew({ ra: sun.ra, dec: sun.dec + 15.01 }))), 'moves');
  const away = { ra: sidereal + 160, dec: -20 };
  assert.ok(toHorizon(toApparent(away, utc), site, utc).altitude < 0);
  assert.match(reason(judged(slew(away))), /out of the limits: .* the limit is 10\.0°/);
  assert.match(reason(judged(command('HORIZONTAL_COORD', { AZ: 90, ALT: 9 }))), /9\.0° high there/);
  assert.match(reason(judged(slew(near), { trusted: false })), /clock is not trusted/);
  assert.match(
    reason(judged(command('HORIZONTAL_COORD', { AZ: 9, ALT: 60 }), { here: false })),
    /site is not known/,
  );
  // What a partial vector leaves out is where the mount is now: right ascension 0.
  assert.match(reason(judged(command('EQUATORIAL_EOD_COORD', { DEC: -60 }))), /limits/);
});

test('stop, park and the paddle need neither clock nor site', () => {
  const blind = { trusted: false, here: false };
  assert.equal(judged(command('TELESCOPE_ABORT_MOTION', { ABORT: true }), blind).do, 'stops');
  assert.equal(judged(command('TELESCOPE_PARK', { PARK: true }), blind).do, 'moves');
  assert.equal(judged(command('TELESCOPE_HOME', { GO: true }), blind).do, 'moves');
  assert.equal(judged(command('TELESCOPE_MOTION_NS', { MOTION_SOUTH: true }), blind).do, 'held');
});

test('a sync is one only when the device says so and no client has asked for anything else since', () => {
  const sun = slew(sunDirection(utc));
  hosted.set('ON_COORD_SET', 'Ok', { TRACK: false, SYNC: true });
  assert.equal(reason(judged(sun)), 'touches');
  assert.equal(reason(judged(sun, { asked: 'SYNC' })), 'touches');
  assert.match(reason(judged(sun, { asked: 'TRACK' })), /from the Sun/, 'the change is on its way');
  hosted.set('ON_COORD_SET', 'Ok', { TRACK: true, SYNC: false });
  assert.match(reason(judged(sun, { asked: 'SYNC' })), /from the Sun/, 'it has not agreed yet');
});

test('whatever ends a motion is known to stop it', () => {
  for (const [name] of table) {
    const halt = motionOf(name)?.halt;
    const meaning = halt && motionOf(halt.property);
    if (halt) assert.ok(meaning, `${halt.property} of ${name}`);
  }
  const deeds = ['EQUATORIAL_COORD', 'PAC_HOME', 'FOCUS_SYNC', 'CCD_BINNING', 'POLLING_PERIOD'].filter(
    isMotion,
  );
  assert.deepEqual(deeds, ['EQUATORIAL_COORD', 'PAC_HOME', 'FOCUS_SYNC']);
});

test('a client may not have a driver open the port of another device', () => {
  const box = new FakeHosted('Box', [
    texts('DEVICE_PORT', { PORT: '/dev/ttyUSB0' }),
    switches('CONNECTION', { CONNECT: false, DISCONNECT: true }),
    switches('CONNECTION_MODE', { CONNECTION_SERIAL: true, CONNECTION_TCP: false }),
  ]);
  const connect = () =>
    decide(command('CONNECTION', { CONNECT: true }), {
      property: (name) => box.property(name),
      asked: () => undefined,
      guard: () => undefined,
      holderOf: (port) => (port === '/dev/ttyUSB0' ? 'focuser' : undefined),
      ...{ dataDirectory: '/data', utc, site },
    });
  const refusal = { do: 'refuse', reason: "/dev/ttyUSB0 is focuser's: set DEVICE_PORT to another" };
  assert.deepEqual(connect(), refusal);
  box.set('CONNECTION_MODE', 'Ok', { CONNECTION_SERIAL: false, CONNECTION_TCP: true });
  assert.deepEqual(connect(), { do: 'forward' });
  box.set('CONNECTION_MODE', 'Ok', { CONNECTION_SERIAL: true, CONNECTION_TCP: false });
  box.set('DEVICE_PORT', 'Ok', { PORT: '/dev/ttyUSB1' });
  assert.deepEqual(connect(), { do: 'forward' });
});
