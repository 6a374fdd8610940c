import { fromApparent } from '../../sky/apparent.ts';
import { apparentPlace, type Direction } from '../../sky/direction.ts';
import { fromHorizon } from '../../sky/horizon.ts';
import {
  AXES,
  byChoice,
  coordinates,
  exposure,
  haltMount,
  type Meaning,
  type Motion,
  moves,
  paddle,
  pulse,
  stops,
  touches,
} from './motion.ts';

/*
 * What the properties of INDI drivers set in motion (INDI protocol 1.7, sections telescope, CCD and other interfaces;
 * names as in libindi 2.2), as data: what a client writes past our capabilities is judged and takes its turn by it.
 */

const nowhere: Direction = { ra: Number.NaN, dec: Number.NaN };
const haltFocuser = { property: 'FOCUS_ABORT_MOTION', element: 'ABORT' };
const haltRotator = { property: 'ROTATOR_ABORT_MOTION', element: 'ABORT' };
const haltDome = { property: 'DOME_ABORT_MOTION', element: 'ABORT' };
const going = (operation: string): Meaning => ({ how: 'moves', operation });
const CAMERA = ['camera'];
const FOCUSER = ['focuser'];

const telescope: Readonly<Record<string, Motion>> = {
  EQUATORIAL_EOD_COORD: coordinates((words) =>
    fromApparent(apparentPlace(15 * words.number('RA'), words.number('DEC')), words.utc),
  ),
  EQUATORIAL_COORD: coordinates((words) => ({ ra: 15 * words.number('RA'), dec: words.number('DEC') })),
  HORIZONTAL_COORD: coordinates(({ number, site, utc }) => {
    if (!site) return nowhere;
    return fromApparent(fromHorizon({ altitude: number('ALT'), azimuth: number('AZ') }, site, utc), utc);
  }),
  TELESCOPE_ABORT_MOTION: stops('mount', AXES),
  TELESCOPE_MOTION_NS: paddle('dec', { MOTION_NORTH: 'north', MOTION_SOUTH: 'south' }),
  TELESCOPE_MOTION_WE: paddle('ra', { MOTION_WEST: 'west', MOTION_EAST: 'east' }),
  TELESCOPE_PARK: byChoice(
    'mount',
    AXES,
    { PARK: going('park'), UNPARK: { how: 'touches', operation: 'unpark' } },
    haltMount,
  ),
  TELESCOPE_HOME: byChoice('mount', AXES, { GO: going('home'), FIND: going('findHome') }, haltMount),
  TELESCOPE_TRACK_STATE: byChoice('mount', AXES, {
    TRACK_ON: { how: 'touches', operation: 'track', args: { on: true } },
    TRACK_OFF: { how: 'touches', operation: 'track', args: { on: false } },
  }),
  TELESCOPE_TIMED_GUIDE_NS: pulse('dec', { TIMED_GUIDE_N: 'north', TIMED_GUIDE_S: 'south' }),
  TELESCOPE_TIMED_GUIDE_WE: pulse('ra', { TIMED_GUIDE_W: 'west', TIMED_GUIDE_E: 'east' }),
  SAT_TRACKING_STAT: byChoice(
    'mount',
    AXES,
    { SAT_TRACK: going('followSatellite'), SAT_HALT: { how: 'stops' } },
    { property: 'SAT_TRACKING_STAT', element: 'SAT_HALT' },
  ),
  // A mount that takes its pier side as a command flips to it.
  TELESCOPE_PIER_SIDE: moves('mount', AXES, 'flip', haltMount),
  ON_COORD_SET: touches(AXES),
  TELESCOPE_TRACK_MODE: touches(AXES),
  TELESCOPE_TRACK_RATE: touches(AXES),
  TELESCOPE_PARK_POSITION: touches(AXES),
  TELESCOPE_PARK_OPTION: touches(AXES),
  TELESCOPE_REVERSE_MOTION: touches(AXES),
};

/** What a client changes between two frames of somebody else's sequence would spoil the second. */
const frameSettings: readonly string[] = [
  ...[
    'CCD_FRAME',
    'CCD_FRAME_RESET',
    'CCD_BINNING',
    'CCD_FRAME_TYPE',
    'CCD_CAPTURE_FORMAT',
    'CCD_TRANSFER_FORMAT',
  ],
  ...[
    'CCD_COMPRESSION',
    'CCD_CONTROLS',
    'CCD_GAIN',
    'CCD_OFFSET',
    'CCD_ISO',
    'CCD_FAST_TOGGLE',
    'CCD_FAST_COUNT',
  ],
  ...['UPLOAD_MODE', 'UPLOAD_SETTINGS'],
];

const camera: Readonly<Record<string, Motion>> = {
  CCD_EXPOSURE: exposure('CCD'),
  CCD_ABORT_EXPOSURE: stops('camera', CAMERA),
  GUIDER_EXPOSURE: exposure('GUIDER'),
  GUIDER_ABORT_EXPOSURE: { ...stops('camera', CAMERA), head: true },
  CCD_VIDEO_STREAM: byChoice(
    'camera',
    CAMERA,
    { STREAM_ON: going('stream'), STREAM_OFF: { how: 'stops' } },
    { property: 'CCD_VIDEO_STREAM', element: 'STREAM_OFF' },
  ),
  RECORD_STREAM: byChoice(
    'camera',
    CAMERA,
    {
      RECORD_ON: going('stream'),
      RECORD_DURATION_ON: going('stream'),
      RECORD_FRAME_ON: going('stream'),
      RECORD_OFF: { how: 'stops' },
    },
    { property: 'RECORD_STREAM', element: 'RECORD_OFF' },
  ),
  ...Object.fromEntries(frameSettings.map((name) => [name, touches(CAMERA)])),
};

const focuser: Readonly<Record<string, Motion>> = {
  ABS_FOCUS_POSITION: {
    ...moves('focuser', FOCUSER, 'moveTo', haltFocuser, (words) => ({
      steps: words.number('FOCUS_ABSOLUTE_POSITION'),
    })),
    reports: true,
  },
  REL_FOCUS_POSITION: moves('focuser', FOCUSER, 'moveBy', haltFocuser),
  FOCUS_TIMER: moves('focuser', FOCUSER, 'drive', haltFocuser),
  FOCUS_MOTION: touches(FOCUSER),
  FOCUS_SYNC: touches(FOCUSER, 'focuser', 'sync'),
  FOCUS_ABORT_MOTION: stops('focuser', FOCUSER),
  FOCUS_REVERSE_MOTION: touches(FOCUSER),
  FOCUS_BACKLASH_TOGGLE: touches(FOCUSER),
  FOCUS_BACKLASH_STEPS: touches(FOCUSER),
  FOCUS_MAX: touches(FOCUSER),
};

const turning: Readonly<Record<string, Motion>> = {
  FILTER_SLOT: moves('wheel', ['wheel'], 'select', undefined, (words) => ({
    slot: words.number('FILTER_SLOT_VALUE'),
  })),
  ABS_ROTATOR_ANGLE: {
    ...moves('rotator', ['rotator'], 'turnTo', haltRotator, (words) => ({ degrees: words.number('ANGLE') })),
    reports: true,
  },
  SYNC_ROTATOR_ANGLE: touches(['rotator'], 'rotator', 'sync'),
  ROTATOR_HOME: moves('rotator', ['rotator'], 'home', haltRotator),
  ROTATOR_REVERSE: touches(['rotator']),
  ROTATOR_ABORT_MOTION: stops('rotator', ['rotator']),
};

const dome: Readonly<Record<string, Motion>> = {
  DOME_MOTION: {
    capability: 'dome',
    lanes: ['dome'],
    means: ({ chosen }) => ({ how: chosen === undefined ? 'released' : 'held', operation: 'turn' }),
    halt: haltDome,
  },
  ABS_DOME_POSITION: {
    ...moves('dome', ['dome'], 'turnTo', haltDome, (words) => ({
      degrees: words.number('DOME_ABSOLUTE_POSITION'),
    })),
    reports: true,
  },
  REL_DOME_POSITION: moves('dome', ['dome'], 'turnBy', haltDome),
  DOME_SYNC: touches(['dome'], 'dome', 'sync'),
  DOME_AUTOSYNC: touches(['dome']),
  DOME_SHUTTER: byChoice(
    'dome',
    ['roof'],
    { SHUTTER_OPEN: going('openRoof'), SHUTTER_CLOSE: going('closeRoof') },
    haltDome,
  ),
  DOME_PARK: byChoice('dome', ['dome', 'roof'], { PARK: going('park'), UNPARK: going('unpark') }, haltDome),
  DOME_ABORT_MOTION: stops('dome', ['dome', 'roof']),
};

const front: Readonly<Record<string, Motion>> = {
  CAP_PARK: byChoice(
    'cover',
    ['cover'],
    { PARK: going('close'), UNPARK: going('open') },
    { property: 'CAP_ABORT', element: 'ABORT' },
  ),
  CAP_ABORT: stops('cover', ['cover']),
  FLAT_LIGHT_CONTROL: touches(['light'], 'light', 'switch'),
  FLAT_LIGHT_INTENSITY: touches(['light'], 'light', 'dim'),
};

const haltCorrector = { property: 'PAC_ABORT_MOTION', element: 'ABORT' };

/** A polar alignment corrector moves the whole mount; no capability of ours describes it. */
const corrector: Readonly<Record<string, Motion>> = {
  PAC_MANUAL_ADJUSTMENT: { lanes: ['corrector'], means: { how: 'moves' }, halt: haltCorrector },
  PAC_HOME: { lanes: ['corrector'], means: { how: 'moves' }, halt: haltCorrector },
  PAC_ABORT_MOTION: { lanes: ['corrector'], means: { how: 'stops' } },
};

const motions: ReadonlyMap<string, Motion> = new Map(
  [telescope, camera, focuser, turning, dome, front, corrector].flatMap((kind) => Object.entries(kind)),
);

/** What a property moves, if anything. */
export const motionOf = (property: string): Motion | undefined => motions.get(property);

/** Whether writing the property does something (moves, halts, tells where it is), other than changing a setting. */
export function isMotion(property: string): boolean {
  const means = motions.get(property)?.means;
  if (means === undefined || typeof means === 'function') return means !== undefined;
  return means.how !== 'touches' || means.operation !== undefined;
}
