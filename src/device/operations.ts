import { Fault } from '../core/errors.ts';
import type { Frame } from '../imaging/frame.ts';
import type { Camera, ExposureRequest } from './camera.ts';
import type { Capabilities, CapabilityName } from './capabilities.ts';
import type { Cover } from './cover.ts';
import { type DewControl, marginRange } from './dew.ts';
import type { Dome, DomeTurn } from './dome.ts';
import type { FlatLight } from './flat-light.ts';
import type { Focuser } from './focuser.ts';
import type { Gps } from './gps.ts';
import type { GuidePort } from './guide-port.ts';
import type { Lines } from './lines.ts';
import type { Compass, Mount, TrackingRate } from './mount.ts';
import { able, control, named, type Operation, operation, output, stop, within } from './operation.ts';
import type { AdjustableOutput, DewHeater, PowerBox, SwitchedPort } from './power.ts';
import type { Rotator } from './rotator.ts';
import type { Weather } from './weather.ts';
import type { FilterWheel } from './wheel.ts';

const axes = ['ra', 'dec'] as const;
const axisOf = (direction: Compass) => (direction === 'north' || direction === 'south' ? ['dec'] : ['ra']);

/**
 * The operations of every capability, as data: which lanes one holds and what it does. Faces call them by name
 * (`device.operate`); the arguments are one plain object, the body of the HTTP request as it is.
 */
export const operations = {
  mount: {
    slewTo: operation<Mount, { ra: number; dec: number }, void>(axes, (mount, at, run) =>
      mount.slewTo(at, run),
    ),
    sync: operation<Mount, { ra: number; dec: number }, void>(axes, (mount, at, run) => mount.sync(at, run)),
    track: operation<Mount, { on: boolean }, void>(axes, (mount, { on }, run) => mount.setTracking(on, run)),
    trackAt: operation<Mount, { rate: TrackingRate }, void>([], (mount, { rate }, run) =>
      able(mount.setTrackingRate?.bind(mount), 'change its tracking rate')(rate, run),
    ),
    park: operation<Mount, object, void>(axes, (mount, _, run) => mount.park(run)),
    unpark: operation<Mount, object, void>(axes, (mount, _, run) => mount.unpark(run)),
    parkHere: operation<Mount, object, void>([], (mount, _, run) =>
      able(mount.parkHere?.bind(mount), 'be told where to park')(run),
    ),
    parkAt: operation<Mount, { at: readonly [number, number] }, void>([], ({ parkPosition }, { at }, run) =>
      able(parkPosition?.set?.bind(parkPosition), 'be told where to park')(at, run),
    ),
    home: operation<Mount, object, void>(axes, (mount, _, run) =>
      able(mount.home?.bind(mount), 'go home')(run),
    ),
    findHome: operation<Mount, object, void>(axes, (mount, _, run) =>
      able(mount.findHome?.bind(mount), 'look for its home')(run),
    ),
    setHome: operation<Mount, object, void>(axes, (mount, _, run) =>
      able(mount.setHome?.bind(mount), 'be told its home')(run),
    ),
    move: operation<Mount, { direction: Compass; rate: number }, void>(
      ({ direction }) => axisOf(direction),
      (mount, { direction, rate }, run) => mount.move(direction, rate, run),
    ),
    halt: stop<Mount>(axes, (mount) => mount.halt()),
  },
  guide: {
    pulse: operation<GuidePort, { direction: Compass; milliseconds: number }, void>(
      ({ direction }) => axisOf(direction),
      (port, { direction, milliseconds }, run) => port.pulse(direction, milliseconds, run),
    ),
    setRate: operation<GuidePort, { ra: number; dec: number }, void>([], (port, rate, run) =>
      able(port.setRate?.bind(port), 'change its guide rate')(rate, run),
    ),
  },
  camera: {
    expose: operation<Camera, ExposureRequest, Frame>(['camera'], (camera, request, run) =>
      camera.expose(request, run),
    ),
    abort: stop<Camera>(['camera'], async () => {}),
    /** Keeps the lane's run: the exposure ends early and its frame still comes. */
    finish: operation<Camera, object, void>([], (camera) =>
      able(camera.finish?.bind(camera), 'end an exposure early')(),
    ),
    gain: control('gain'),
    offset: control('offset'),
    readout: control('readout'),
    stream: operation<Camera, { on: boolean }, void>(['camera'], (camera, { on }, run) =>
      able(camera.stream, 'stream').setOn(on, run),
    ),
    cool: operation<Camera, { celsius?: number | undefined }, void>([], (camera, { celsius }, run) =>
      able(camera.cooler, 'cool').regulate(celsius, run),
    ),
  },
  focuser: {
    moveTo: operation<Focuser, { steps: number }, void>(['focuser'], (focuser, { steps }, run) => {
      if (!(Number.isInteger(steps) && steps >= 0 && steps <= focuser.maxStep)) {
        throw new Fault('refused', `position ${steps} is outside 0…${focuser.maxStep}`);
      }
      return focuser.moveTo(steps, run);
    }),
    sync: operation<Focuser, { steps: number }, void>(['focuser'], (focuser, { steps }, run) =>
      able(focuser.sync?.bind(focuser), 'be told its position')(steps, run),
    ),
    speed: control('speed'),
    reverse: operation<Focuser, { on: boolean }, void>([], (focuser, { on }, run) =>
      able(focuser.setReversed?.bind(focuser), 'reverse its sense')(on, run),
    ),
    backlash: operation<Focuser, { steps: number }, void>([], async (focuser, { steps }, run) => {
      within(steps, 0, focuser.maxStep, 'backlash');
      await able(focuser.setBacklash?.bind(focuser), 'take up backlash')(steps, run);
    }),
    drive: operation<Focuser, { direction: 'inward' | 'outward'; milliseconds: number }, void>(
      ['focuser'],
      async (focuser, { direction, milliseconds }, run) => {
        within(milliseconds, 1, 60_000, 'time');
        await able(focuser.drive?.bind(focuser), 'run by time')(direction, milliseconds, run);
      },
    ),
    halt: stop<Focuser>(['focuser'], (focuser) => focuser.halt()),
  },
  wheel: {
    select: operation<FilterWheel, { slot: number }, void>(['wheel'], (wheel, { slot }, run) => {
      if (!(Number.isInteger(slot) && slot >= 1 && slot <= wheel.slots)) {
        throw new Fault('refused', `slot ${slot} is outside 1…${wheel.slots}`);
      }
      return wheel.select(slot, run);
    }),
  },
  rotator: {
    turnTo: operation<Rotator, { degrees: number }, void>(['rotator'], async (rotator, { degrees }, run) => {
      within(degrees, 0, 360, 'angle');
      await rotator.turnTo(degrees, run);
    }),
    sync: operation<Rotator, { degrees: number }, void>(['rotator'], (rotator, { degrees }, run) =>
      able(rotator.sync?.bind(rotator), 'be told its angle')(degrees, run),
    ),
    reverse: operation<Rotator, { on: boolean }, void>([], (rotator, { on }, run) =>
      able(rotator.setReversed?.bind(rotator), 'reverse its sense')(on, run),
    ),
    home: operation<Rotator, object, void>(['rotator'], (rotator, _, run) =>
      able(rotator.home?.bind(rotator), 'find its index')(run),
    ),
    halt: stop<Rotator>(['rotator'], (rotator) => rotator.halt()),
  },
  dome: {
    turnTo: operation<Dome, { degrees: number }, void>(['dome'], async (dome, { degrees }, run) => {
      within(degrees, 0, 360, 'azimuth');
      await able(dome.turnTo?.bind(dome), 'turn to an azimuth')(degrees, run);
    }),
    turn: operation<Dome, { direction: DomeTurn }, void>(['dome'], (dome, { direction }, run) =>
      able(dome.turn?.bind(dome), 'turn')(direction, run),
    ),
    sync: operation<Dome, { degrees: number }, void>(['dome'], (dome, { degrees }, run) =>
      able(dome.sync?.bind(dome), 'be told its azimuth')(degrees, run),
    ),
    openRoof: operation<Dome, object, void>(['roof'], (dome, _, run) =>
      able(dome.openRoof?.bind(dome), 'open')(run),
    ),
    closeRoof: operation<Dome, object, void>(['roof'], (dome, _, run) =>
      able(dome.closeRoof?.bind(dome), 'close')(run),
    ),
    park: operation<Dome, object, void>(['dome', 'roof'], (dome, _, run) =>
      able(dome.park?.bind(dome), 'park')(run),
    ),
    unpark: operation<Dome, object, void>(['dome', 'roof'], (dome, _, run) =>
      able(dome.unpark?.bind(dome), 'unpark')(run),
    ),
    halt: stop<Dome>(['dome', 'roof'], (dome) => dome.halt()),
  },
  power: {
    port: output<PowerBox, { id: string; on: boolean }, SwitchedPort>(
      'power',
      ({ ports }) => ports,
      (port, { on }, run) => port.setOn(on, run),
    ),
    usb: output<PowerBox, { id: string; on: boolean }, SwitchedPort>(
      'usb',
      ({ usb }) => usb,
      (port, { on }, run) => port.setOn(on, run),
    ),
    heat: output<PowerBox, { id: string; percent: number }, DewHeater>(
      'heater',
      ({ heaters }) => heaters,
      async (heater, { percent }, run) => {
        within(percent, 0, 100, 'duty');
        await heater.setDuty(percent, run);
      },
    ),
    heatAutomatically: output<PowerBox, { id: string; on: boolean }, DewHeater>(
      'heater',
      ({ heaters }) => heaters,
      (heater, { on }, run) =>
        able(heater.setAutomatic?.bind(heater), 'regulate a heater by itself')(on, run),
    ),
    adjust: output<PowerBox, { id: string; volts: number }, AdjustableOutput>(
      'adjustable',
      ({ adjustable }) => adjustable,
      async (supply, { volts }, run) => {
        within(volts, supply.min, supply.max, 'voltage');
        await supply.setVolts(volts, run);
      },
    ),
    adjustable: output<PowerBox, { id: string; on: boolean }, AdjustableOutput>(
      'adjustable',
      ({ adjustable }) => adjustable,
      (supply, { on }, run) => able(supply.setOn?.bind(supply), 'switch this output')(on, run),
    ),
    cycle: operation<PowerBox, object, void>([], (box, _, run) =>
      able(box.cycle?.bind(box), 'switch everything off and on')(run),
    ),
  },
  // No lanes: they are the owner's words, and the heater's own lane is its box's.
  dew: {
    automatic: operation<DewControl, { id: string; on: boolean }, void>(
      [],
      async ({ channels }, { id, on }, run) => named(channels, id).setAutomatic(on, run),
    ),
    margin: operation<DewControl, { id: string; celsius: number }, void>(
      [],
      async ({ channels }, { id, celsius }, run) => {
        within(celsius, marginRange.min, marginRange.max, 'margin');
        await named(channels, id).setMargin(celsius, run);
      },
    ),
  },
  lines: {
    output: output<Lines, { id: string; on: boolean }, SwitchedPort>(
      'line',
      ({ outputs }) => outputs,
      (line, { on }, run) => line.setOn(on, run),
    ),
  },
  weather: {
    refresh: operation<Weather, object, void>([], (weather, _, run) =>
      able(weather.refresh?.bind(weather), 'be asked')(run),
    ),
  },
  gps: {
    refresh: operation<Gps, object, void>([], (gps, _, run) => able(gps.refresh?.bind(gps), 'be asked')(run)),
  },
  cover: {
    open: operation<Cover, object, void>(['cover'], (cover, _, run) => cover.open(run)),
    close: operation<Cover, object, void>(['cover'], (cover, _, run) => cover.close(run)),
    halt: stop<Cover>(['cover'], async (cover) => able(cover.halt?.bind(cover), 'halt')()),
  },
  light: {
    switch: operation<FlatLight, { on: boolean }, void>(['light'], (light, { on }, run) =>
      light.setOn(on, run),
    ),
    dim: operation<FlatLight, { brightness: number }, void>(['light'], async (light, { brightness }, run) => {
      within(brightness, 0, light.maxBrightness, 'brightness');
      await light.setBrightness(brightness, run);
    }),
  },
} as const satisfies {
  [C in CapabilityName]: Readonly<Record<string, Operation<NonNullable<Capabilities[C]>, never, unknown>>>;
};

export type OperationName<C extends CapabilityName> = Extract<keyof (typeof operations)[C], string>;

export type ArgumentsOf<C extends CapabilityName, O extends OperationName<C>> =
  (typeof operations)[C][O] extends Operation<never, infer A, infer _> ? A : never;

export type ResultOf<C extends CapabilityName, O extends OperationName<C>> =
  (typeof operations)[C][O] extends Operation<never, never, infer R> ? R : never;
