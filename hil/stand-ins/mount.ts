import { clamp, modulo, SIDEREAL_ARCSEC_PER_SECOND, signedDegrees } from '../../src/core/units.ts';
import { numbers, switches } from '../../src/indi/adopt/declared.ts';
import { siderealDegrees } from '../sky/geometry.ts';
import { StandIn, type Values } from './shared/stand-in.ts';

/**
 * A German equatorial mount that slews to where its target is, not to where it was; that moves north when it is told
 * north on both sides of its pier; and that says PARK Ok when it has accepted to park, as OnStep's driver does.
 */
const TICK_MS = 50;
const SLEW_DEGREES_PER_SECOND = 25;
const PADDLE = { '1x': 0.05, '2x': 0.5, '3x': 4 } as const;
const GUIDE_RATE = 0.5;
const EQUATORIAL = 'EQUATORIAL_EOD_COORD';
/** Hour angle and declination, degrees. */
const PARKED = { ha: -90, dec: 90 };
const none = { MOTION_NORTH: false, MOTION_SOUTH: false, MOTION_WEST: false, MOTION_EAST: false };

const axes = { ...PARKED };
let side: 'PIER_WEST' | 'PIER_EAST' = 'PIER_WEST';
let state: 'idle' | 'tracking' | 'slewing' | 'parking' | 'parked' = 'idle';
let target: { ra: number; dec: number } | undefined;
let resumes = false;
const guiding = { NS: 0, WE: 0 };
let last = 0;

const sidereal = () => siderealDegrees(mount.clock.now(), Number(mount.values('GEOGRAPHIC_COORD').LONG));
const chosen = (name: string) => Object.entries(mount.values(name)).find(([, on]) => on === true)?.[0];

const once = { rule: 'AtMostOne' } as const;
const milliseconds = { value: 0, min: 0, max: 60_000 };
const mount: StandIn = new StandIn({
  device: 'Stand-in Mount',
  executable: 'mount',
  interfaces: 1 | 4,
  connected: [
    switches('ON_COORD_SET', { TRACK: true, SLEW: false, SYNC: false }),
    numbers(EQUATORIAL, { RA: { value: 0, min: 0, max: 24 }, DEC: { value: 90, min: -90, max: 90 } }),
    switches('TELESCOPE_ABORT_MOTION', { ABORT: false }, once),
    switches('TELESCOPE_TRACK_STATE', { TRACK_ON: false, TRACK_OFF: true }),
    switches('TELESCOPE_TRACK_MODE', { TRACK_SIDEREAL: true, TRACK_SOLAR: false, TRACK_LUNAR: false }),
    switches('TELESCOPE_SLEW_RATE', { '1x': false, '2x': false, '3x': true }),
    switches('TELESCOPE_MOTION_NS', { MOTION_NORTH: false, MOTION_SOUTH: false }, once),
    switches('TELESCOPE_MOTION_WE', { MOTION_WEST: false, MOTION_EAST: false }, once),
    switches('TELESCOPE_PARK', { PARK: false, UNPARK: true }, { state: 'Ok' }),
    switches('TELESCOPE_PIER_SIDE', { PIER_WEST: true, PIER_EAST: false }, { perm: 'ro' }),
    numbers('TELESCOPE_TIMED_GUIDE_NS', { TIMED_GUIDE_N: milliseconds, TIMED_GUIDE_S: milliseconds }),
    numbers('TELESCOPE_TIMED_GUIDE_WE', { TIMED_GUIDE_W: milliseconds, TIMED_GUIDE_E: milliseconds }),
    numbers('GUIDE_RATE', { GUIDE_RATE_WE: GUIDE_RATE, GUIDE_RATE_NS: GUIDE_RATE }),
    numbers('GEOGRAPHIC_COORD', { LAT: 0, LONG: 0, ELEV: 0 }),
  ],
  commands: {
    [EQUATORIAL]: ({ RA, DEC }) => goTo(Number(RA) * 15, Number(DEC)),
    TELESCOPE_ABORT_MOTION: () => {
      target = undefined;
      enter(state === 'slewing' && resumes ? 'tracking' : state === 'tracking' ? 'tracking' : 'idle');
      mount.set('TELESCOPE_ABORT_MOTION', 'Ok', { ABORT: false });
    },
    TELESCOPE_TRACK_STATE: ({ TRACK_ON }) => {
      if (state === 'parked') throw new Error('Mount is parked');
      enter(TRACK_ON ? 'tracking' : 'idle');
      mount.set('TELESCOPE_TRACK_STATE', TRACK_ON ? 'Busy' : 'Idle');
    },
    TELESCOPE_PARK: (values) => {
      mount.set('TELESCOPE_PARK', 'Ok', values);
      enter(values.PARK ? 'parking' : 'idle');
    },
    TELESCOPE_MOTION_NS: (values) => paddle('TELESCOPE_MOTION_NS', values),
    TELESCOPE_MOTION_WE: (values) => paddle('TELESCOPE_MOTION_WE', values),
    TELESCOPE_TIMED_GUIDE_NS: (values) => guide('NS', 'TIMED_GUIDE_N', 'TIMED_GUIDE_S', values),
    TELESCOPE_TIMED_GUIDE_WE: (values) => guide('WE', 'TIMED_GUIDE_W', 'TIMED_GUIDE_E', values),
  },
});

function goTo(ra: number, dec: number): void {
  if (state === 'parked') throw new Error('Please unpark the mount before issuing any motion commands');
  if (chosen('ON_COORD_SET') === 'SYNC') {
    Object.assign(axes, { ha: signedDegrees(sidereal() - ra), dec });
    report(true);
    return;
  }
  resumes = state === 'tracking';
  target = { ra, dec };
  side = signedDegrees(sidereal() - ra) < 0 ? 'PIER_WEST' : 'PIER_EAST';
  enter('slewing');
}

function paddle(property: string, values: Values): void {
  if (state === 'parked') throw new Error('Mount is parked');
  const on = Object.values(values).includes(true);
  mount.set(
    property,
    on ? 'Busy' : 'Idle',
    on ? values : Object.fromEntries(Object.keys(values).map((k) => [k, false])),
  );
}

async function guide(axis: 'NS' | 'WE', plus: string, minus: string, values: Values): Promise<void> {
  const property = `TELESCOPE_TIMED_GUIDE_${axis}`;
  const duration = Number(values[plus] ?? 0) || Number(values[minus] ?? 0);
  guiding[axis] = values[plus] ? 1 : -1;
  mount.set(property, 'Busy', values);
  await mount.clock.sleep(duration);
  guiding[axis] = 0;
  mount.set(property, 'Idle', { [plus]: 0, [minus]: 0 });
}

function enter(next: typeof state): void {
  state = next;
  const on = next === 'tracking';
  const shown = mount.values('TELESCOPE_TRACK_STATE').TRACK_ON === true;
  if (on !== shown)
    mount.set('TELESCOPE_TRACK_STATE', on ? 'Busy' : 'Idle', { TRACK_ON: on, TRACK_OFF: !on });
  if (chosen('TELESCOPE_PIER_SIDE') !== side)
    mount.set('TELESCOPE_PIER_SIDE', 'Ok', {
      PIER_WEST: side === 'PIER_WEST',
      PIER_EAST: side === 'PIER_EAST',
    });
  report(true);
}

function tick(): void {
  const now = mount.clock.monotonic();
  const seconds = (now - last) / 1000;
  last = now;
  const speed = PADDLE[(chosen('TELESCOPE_SLEW_RATE') ?? '3x') as keyof typeof PADDLE];
  const held = { ...none, ...mount.values('TELESCOPE_MOTION_NS'), ...mount.values('TELESCOPE_MOTION_WE') };
  const sky = SIDEREAL_ARCSEC_PER_SECOND / 3600;
  if (state === 'tracking') axes.ha += sky * seconds;
  axes.dec += (Number(held.MOTION_NORTH) - Number(held.MOTION_SOUTH)) * speed * seconds;
  axes.ha += (Number(held.MOTION_WEST) - Number(held.MOTION_EAST)) * speed * seconds;
  axes.dec += guiding.NS * GUIDE_RATE * sky * seconds;
  axes.ha += guiding.WE * GUIDE_RATE * sky * seconds;
  const aim =
    state === 'parking' ? PARKED : target && { ha: signedDegrees(sidereal() - target.ra), dec: target.dec };
  const arrived = aim && approach(aim, SLEW_DEGREES_PER_SECOND * seconds);
  if (state === 'slewing' && arrived) enter('tracking');
  else if (state === 'parking' && arrived) enter('parked');
  else report(false);
}

/** True when it is there. */
function approach(aim: { ha: number; dec: number }, most: number): boolean {
  if (state !== 'slewing' && state !== 'parking') return false;
  axes.ha += clamp(aim.ha - axes.ha, -most, most);
  axes.dec += clamp(aim.dec - axes.dec, -most, most);
  return Math.abs(aim.ha - axes.ha) + Math.abs(aim.dec - axes.dec) < 1e-6;
}

const states = { idle: 'Idle', tracking: 'Ok', slewing: 'Busy', parking: 'Busy', parked: 'Idle' } as const;

function report(always: boolean): void {
  const RA = modulo(sidereal() - axes.ha, 360) / 15;
  const shown = mount.values(EQUATORIAL);
  const moved = Math.abs(Number(shown.RA) - RA) > 1e-6 || Math.abs(Number(shown.DEC) - axes.dec) > 1e-6;
  if (always || moved) mount.set(EQUATORIAL, states[state], { RA, DEC: axes.dec });
}

mount.run();
last = mount.clock.monotonic();
for (;;) {
  await mount.clock.sleep(TICK_MS);
  if (mount.connected) tick();
  else last = mount.clock.monotonic();
}
