import type { Device } from '../../device/device.ts';
import type { Mount, MountMotion, TrackingRate } from '../../device/mount.ts';
import { fromApparent, toApparent } from '../../sky/apparent.ts';
import { apparentPlace, type Direction } from '../../sky/direction.ts';
import { indi, MAIN } from '../actor.ts';
import type { FaceParts } from '../face.ts';
import type { State } from '../message.ts';
import { chosen, number, only, type Panel } from '../panel.ts';
import type { AnyProperty } from '../property.ts';
import { projectHorizontal } from './horizontal.ts';
import { projectPaddle } from './paddle.ts';
import { projectParking } from './parking.ts';
import { projectSite } from './site.ts';
import { projectAbort } from './switches.ts';
import { projectTelescope } from './telescope.ts';

const AXES = ['ra', 'dec'];
const rw = { perm: 'rw' } as const;

const motionStates: Record<MountMotion, State> = {
  stopped: 'Idle',
  tracking: 'Ok',
  slewing: 'Busy',
  moving: 'Busy',
  parking: 'Busy',
  parked: 'Idle',
  fault: 'Alert',
};

/** Sends the mount to a place, or tells it that it is there, as ON_COORD_SET says. */
export type GoTo = (target: Direction, property: AnyProperty) => void;

/** INDI protocol 1.7, telescope. Coordinates on the wire are hours and degrees of date (JNow); J2000 beside them. */
export function projectMount(panel: Panel, device: Device, mount: Mount, parts: FaceParts): void {
  const goTo = projectCoordinates(panel, device, mount);
  projectHorizontal(panel, mount, parts.rig.host.observatory, goTo);
  projectAbort(panel, ['TELESCOPE_ABORT_MOTION', 'Abort Motion', MAIN], AXES, () =>
    device.operate(indi, 'mount', 'halt', {}),
  );
  projectPaddle(panel, device, mount);
  projectTracking(panel, device, mount);
  projectParking(panel, device, mount);
  projectPierSide(panel, mount);
  projectSite(panel, parts);
  projectTelescope(panel, parts.rig);
}

/** 0.4″ from the pole. */
const POLAR_DEGREES = 89.9999;

function projectCoordinates(panel: Panel, device: Device, mount: Mount): GoTo {
  const { position, motion } = mount;
  const elements = {
    RA: number('RA (hh:mm:ss)', '%010.6m', 0, 24),
    DEC: number('DEC (dd:mm:ss)', '%010.6m', -90, 90),
  };
  const clock = panel.clock;
  const ofDate = (place: Direction) => hours(toApparent(place, clock.now()));
  const define = (name: string, label: string, options: { perm?: 'rw' }) =>
    panel.numbers(name, label, MAIN, elements, { RA: 0, DEC: 0 }, options);

  const current = define('EQUATORIAL_EOD_COORD', 'Eq. Coordinates', rw);
  const catalogue = define('EQUATORIAL_COORD', 'Eq. Coordinates (J2000)', rw);
  const target = define('TARGET_EOD_COORD', 'Slew Target', {});
  panel.watch([position, motion], () => {
    const state = motionStates[motion.value];
    const place = ofDate(position.value);
    // At the pole a right ascension is rounding: it would spin, second after second.
    current.show(Math.abs(place.DEC) > POLAR_DEGREES ? { DEC: place.DEC } : place, state);
    catalogue.show(hours(position.value), state);
  });

  const modes = { TRACK: 'Track', SLEW: 'Slew', SYNC: 'Sync' };
  const mode = panel.switches('ON_COORD_SET', 'On Set', MAIN, modes, 'TRACK', { ...rw, kept: true });
  mode.onWrite((values) => mode.show(values, 'Ok'));

  const goTo: GoTo = (place, property) => {
    if (mode.values.SYNC) {
      panel.brief(property, AXES, () => device.operate(indi, 'mount', 'sync', place));
      return;
    }
    // SLEW leaves tracking as it was (libindi): a mount that stood still stands still again on arrival.
    const stood = mode.values.SLEW && motion.value === 'stopped';
    panel.command(property, AXES, () => {
      const { outcome } = device.operate(indi, 'mount', 'slewTo', place);
      const still = () => device.operate(indi, 'mount', 'track', { on: false }).outcome;
      return { outcome: stood ? outcome.then(still) : outcome };
    });
    target.show(ofDate(place), 'Ok');
  };
  current.onWrite(({ RA, DEC }) => goTo(fromApparent(apparentPlace(RA * 15, DEC), clock.now()), current));
  catalogue.onWrite(({ RA, DEC }) => goTo({ ra: RA * 15, dec: DEC }, catalogue));
  return goTo;
}

const hours = ({ ra, dec }: { ra: number; dec: number }) => ({ RA: ra / 15, DEC: dec });

function projectTracking(panel: Panel, device: Device, mount: Mount): void {
  const { motion, trackingRate } = mount;
  const words = { TRACK_ON: 'On', TRACK_OFF: 'Off' };
  const tracking = panel.switches('TELESCOPE_TRACK_STATE', 'Tracking', MAIN, words, 'TRACK_OFF', rw);
  panel.watch([motion], () => {
    const on = motion.value === 'tracking';
    // A slew ends in tracking, a park in rest: what it is on the way there says nothing.
    if (motionStates[motion.value] !== 'Busy')
      tracking.show(only(words, on ? 'TRACK_ON' : 'TRACK_OFF'), on ? 'Ok' : 'Idle');
  });
  tracking.onWrite(({ TRACK_ON }) => {
    panel.brief(tracking, AXES, () => device.operate(indi, 'mount', 'track', { on: TRACK_ON }));
  });

  if (!trackingRate || !mount.setTrackingRate) return;
  const names = { sidereal: 'TRACK_SIDEREAL', solar: 'TRACK_SOLAR', lunar: 'TRACK_LUNAR' } as const;
  const labels = { TRACK_SIDEREAL: 'Sidereal', TRACK_SOLAR: 'Solar', TRACK_LUNAR: 'Lunar' };
  const rate = panel.switches('TELESCOPE_TRACK_MODE', 'Track Mode', MAIN, labels, 'TRACK_SIDEREAL', rw);
  panel.watch([trackingRate], () => rate.show(only(labels, names[trackingRate.value]), 'Ok'));
  rate.onWrite((values) => {
    const wanted = (Object.keys(names) as TrackingRate[]).find((key) => names[key] === chosen(values));
    if (wanted) panel.brief(rate, AXES, () => device.operate(indi, 'mount', 'trackAt', { rate: wanted }));
  });
}

function projectPierSide(panel: Panel, { pierSide }: Mount): void {
  const words = { PIER_WEST: 'West (pointing east)', PIER_EAST: 'East (pointing west)' };
  const side = panel.switches('TELESCOPE_PIER_SIDE', 'Pier Side', MAIN, words, undefined, {
    rule: 'AtMostOne',
  });
  panel.watch([pierSide], () => {
    const { value } = pierSide;
    const on = value === 'west' ? 'PIER_WEST' : value === 'east' ? 'PIER_EAST' : undefined;
    side.show(only(words, on), on ? 'Ok' : 'Idle');
  });
}
