import { Fault } from '../core/errors.ts';
import type { Run } from '../core/run.ts';
import type { Frame } from '../imaging/frame.ts';
import type { Camera, Control, ExposureRequest } from './camera.ts';
import type { Capabilities, CapabilityName } from './capabilities.ts';
import type { Focuser } from './focuser.ts';
import type { GuidePort } from './guide-port.ts';
import type { Compass, Mount, TrackingRate } from './mount.ts';
import type { FilterWheel } from './wheel.ts';

/**
 * The operations of every capability, as data: which lanes one holds and what it does. Faces call them by name
 * (`device.operate`); the arguments are one plain object, the body of the HTTP request as it is.
 */
export interface Operation<C, A, R = void> {
  lanes(args: A): readonly string[];
  perform(capability: C, args: A, run: Run): Promise<R>;
  /** A stop ends what holds the lanes and then speaks to the device; it passes always, from anyone. */
  stops?: true;
}

const axes = ['ra', 'dec'] as const;
const axisOf = (direction: Compass) => (direction === 'north' || direction === 'south' ? ['dec'] : ['ra']);

function operation<C, A, R>(
  lanes: readonly string[] | ((args: A) => readonly string[]),
  perform: (capability: C, args: A, run: Run) => Promise<R>,
): Operation<C, A, R> {
  return { lanes: typeof lanes === 'function' ? lanes : () => lanes, perform };
}

function stop<C>(lanes: readonly string[], perform: (capability: C) => Promise<void>): Operation<C, object> {
  return { lanes: () => lanes, perform, stops: true };
}

/** @throws Fault `unsupported` */
function able<T>(member: T | undefined, what: string): T {
  if (member === undefined) throw new Fault('unsupported', `this device cannot ${what}`);
  return member;
}

const control = (name: 'gain' | 'offset' | 'readout') =>
  operation<Camera, { value: number }, void>([], async (camera, { value }, run) => {
    const target: Control = able(camera[name], `set ${name}`);
    if (!(value >= target.min && value <= target.max)) {
      throw new Fault('refused', `${name} ${value} is outside ${target.min}…${target.max}`);
    }
    await target.set(value, run);
  });

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
} as const satisfies {
  [C in CapabilityName]: Readonly<Record<string, Operation<NonNullable<Capabilities[C]>, never, unknown>>>;
};

export type OperationName<C extends CapabilityName> = Extract<keyof (typeof operations)[C], string>;

export type ArgumentsOf<C extends CapabilityName, O extends OperationName<C>> =
  (typeof operations)[C][O] extends Operation<never, infer A, infer _> ? A : never;

export type ResultOf<C extends CapabilityName, O extends OperationName<C>> =
  (typeof operations)[C][O] extends Operation<never, never, infer R> ? R : never;
