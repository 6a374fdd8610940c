import { modulo } from '../../core/units.ts';
import type { Device } from '../../device/device.ts';
import type { Dome, DomeMotion, DomeTurn, RoofState } from '../../device/dome.ts';
import { indi, MAIN } from '../actor.ts';
import type { State } from '../message.ts';
import { chosen, number, only, type Panel } from '../panel.ts';
import { hold, projectHoldLimit } from './hold.ts';
import { projectAbort } from './switches.ts';

const TURNING = ['dome'];
const ROOF = ['roof'];
const EVERYTHING = [...TURNING, ...ROOF];
const rw = { perm: 'rw' } as const;

const motionStates: Record<DomeMotion, State> = {
  stopped: 'Ok',
  moving: 'Busy',
  parking: 'Busy',
  unparking: 'Busy',
  parked: 'Ok',
  fault: 'Alert',
};
const roofStates: Record<RoofState, State> = {
  open: 'Ok',
  closed: 'Ok',
  opening: 'Busy',
  closing: 'Busy',
  unknown: 'Idle',
  fault: 'Alert',
};

/** INDI protocol 1.7, dome: azimuths from north through east, shutter and roof alike as DOME_SHUTTER. */
export function projectDome(panel: Panel, device: Device, dome: Dome): void {
  projectAzimuth(panel, device, dome);
  if (dome.turn) projectTurning(panel, device);
  projectAbort(panel, ['DOME_ABORT_MOTION', 'Abort Motion', MAIN], EVERYTHING, () =>
    device.operate(indi, 'dome', 'halt', {}),
  );
  projectRoof(panel, device, dome);
  projectParking(panel, device, dome);
}

function projectAzimuth(panel: Panel, device: Device, { azimuth, motion, turnTo, sync }: Dome): void {
  if (!azimuth) return;
  const degrees = (label: string, min: number) => number(label, '%6.2f', min, 360, 1);
  const now = () => ({ DOME_ABSOLUTE_POSITION: azimuth.value });
  const elements = { DOME_ABSOLUTE_POSITION: degrees('Degrees', 0) };
  const place = panel.numbers(
    'ABS_DOME_POSITION',
    'Absolute Position',
    MAIN,
    elements,
    now(),
    turnTo ? rw : {},
  );
  panel.watch([azimuth, motion], () => place.show(now(), motionStates[motion.value]));
  if (turnTo) {
    const turn = (to: number, property: typeof place | typeof relative) =>
      panel.command(property, TURNING, () => device.operate(indi, 'dome', 'turnTo', { degrees: to }));
    place.onWrite((values) => turn(values.DOME_ABSOLUTE_POSITION, place));
    const relative = panel.numbers(
      'REL_DOME_POSITION',
      'Relative Position',
      MAIN,
      { DOME_RELATIVE_POSITION: number('Degrees', '%6.2f', -180, 180, 10) },
      { DOME_RELATIVE_POSITION: 0 },
      rw,
    );
    relative.onWrite(({ DOME_RELATIVE_POSITION: by }) => {
      relative.show({ DOME_RELATIVE_POSITION: by }, 'Ok');
      turn(modulo(azimuth.value + by, 360), relative);
    });
  }
  if (!sync) return;
  const offset = { DOME_SYNC_VALUE: degrees('Degrees', 0) };
  const here = panel.numbers('DOME_SYNC', 'Sync', MAIN, offset, { DOME_SYNC_VALUE: 0 }, rw);
  here.onWrite(({ DOME_SYNC_VALUE }) => {
    here.show({ DOME_SYNC_VALUE }, 'Ok');
    panel.brief(here, TURNING, () => device.operate(indi, 'dome', 'sync', { degrees: DOME_SYNC_VALUE }));
  });
}

/** DOME_MOTION has a dead man, as the mount's paddle has. */
function projectTurning(panel: Panel, device: Device): void {
  const directions: Record<string, DomeTurn> = { DOME_CW: 'clockwise', DOME_CCW: 'counterclockwise' };
  const words = { DOME_CW: 'Dome CW', DOME_CCW: 'Dome CCW' };
  const limit = projectHoldLimit(panel);
  const motion = panel.switches<string>('DOME_MOTION', 'Motion', MAIN, words, undefined, {
    ...rw,
    rule: 'AtMostOne',
  });
  const rest = () => motion.keep(only(words, undefined));
  let letGo = () => {};
  motion.onWrite((values, _, origin) => {
    letGo();
    letGo = () => {};
    const direction = directions[chosen(values) ?? ''];
    if (!direction) return motion.show(only(words, undefined), 'Idle');
    const run = device.operate(indi, 'dome', 'turn', { direction });
    motion.keep(values);
    letGo = hold(panel, { motion, lanes: TURNING, run, origin, seconds: limit(), rest });
  });
}

function projectRoof(panel: Panel, device: Device, { roof, openRoof, closeRoof }: Dome): void {
  if (!roof) return;
  const words = { SHUTTER_OPEN: 'Open', SHUTTER_CLOSE: 'Close' };
  const options = openRoof && closeRoof ? rw : {};
  const shutter = panel.switches('DOME_SHUTTER', 'Shutter', MAIN, words, undefined, {
    ...options,
    rule: 'AtMostOne',
  });
  panel.watch([roof], () => {
    const { value } = roof;
    const on = value === 'open' ? 'SHUTTER_OPEN' : value === 'closed' ? 'SHUTTER_CLOSE' : undefined;
    shutter.show(only(words, on), roofStates[value]);
  });
  shutter.onWrite((values) => {
    const key = chosen(values);
    if (key === undefined) return;
    const operation = key === 'SHUTTER_OPEN' ? 'openRoof' : 'closeRoof';
    panel.command(shutter, ROOF, () => device.operate(indi, 'dome', operation, {}));
  });
}

function projectParking(panel: Panel, device: Device, { motion, park, unpark }: Dome): void {
  if (!park) return;
  const words = { PARK: 'Park(ed)', UNPARK: 'UnPark(ed)' };
  const parking = panel.switches('DOME_PARK', 'Parking', MAIN, words, 'UNPARK', rw);
  panel.watch([motion], () => {
    const on = motion.value === 'parked' ? 'PARK' : 'UNPARK';
    const under = motion.value === 'parking' || motion.value === 'unparking';
    parking.show(only(words, on), under ? 'Busy' : 'Ok');
  });
  parking.onWrite(({ PARK }) => {
    if (!PARK && !unpark) throw new Error('this dome cannot unpark by command');
    panel.command(parking, EVERYTHING, () => device.operate(indi, 'dome', PARK ? 'park' : 'unpark', {}));
  });
}
