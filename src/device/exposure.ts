import { randomUUID } from 'node:crypto';
import { when } from '../core/cell.ts';
import { Fault } from '../core/errors.ts';
import type { Actor } from '../core/lane.ts';
import type { Run } from '../core/run.ts';
import type { ExposureFacts } from '../imaging/facts.ts';
import type { Card } from '../imaging/fits-card.ts';
import type { Frame } from '../imaging/frame.ts';
import { toApparent } from '../sky/apparent.ts';
import { airmass, toHorizon } from '../sky/horizon.ts';
import type { Camera, ExposureRequest, Region } from './camera.ts';
import type { Device } from './device.ts';
import { filterNames, type Rig } from './rig.ts';

export interface ExposureOrder extends ExposureRequest {
  /** Chosen before the shutter opens; default a new UUID. */
  id?: string;
  plan?: { plan: string; set: string };
  object?: string;
  /** What a client wants written into the file besides. */
  keywords?: readonly Card[];
}

export interface Exposure {
  frame: Frame;
  facts: ExposureFacts;
}

/** What a camera may need beyond the exposure itself before it counts as silent: read-out and download at 1 MB/s. */
const SPARE_SECONDS = 30;
const SLOWEST_BYTES_PER_SECOND = 1e6;
/** Alpaca's widest integers. */
const WIDEST_PIXEL_BYTES = 4;

export const SOFTWARE = 'Nightjar';

/**
 * One exposure by the camera's lane, with its deadline, and what the rig looked like in its middle.
 * @throws Fault `silent` when the camera never answers: the device is reopened meanwhile
 */
export function expose(
  rig: Rig,
  device: Device,
  actor: Actor,
  order: ExposureOrder,
): Run<Frame> & { facts: Promise<ExposureFacts> } {
  const camera = requireCamera(device);
  const request = checked(camera, order);
  const clock = rig.host.clock;
  const run = device.operate(actor, 'camera', 'expose', request);
  const facts = gather(rig, device, camera, order, request, run);
  const limit = deadlineSeconds(camera, request);
  const cancel = clock.after(limit * 1000, () =>
    device.reopen(`the camera did not answer within ${Math.round(limit)} s`),
  );
  run.outcome.then(cancel, cancel);
  return Object.assign(run, { facts });
}

export function deadlineSeconds(camera: Camera, request: ExposureRequest): number {
  const region = request.region ?? camera.sensor;
  const bytes = region.width * region.height * WIDEST_PIXEL_BYTES;
  return request.seconds + SPARE_SECONDS + bytes / SLOWEST_BYTES_PER_SECOND;
}

function requireCamera(device: Device): Camera {
  const camera = device.capabilities.value.camera;
  if (!camera) throw new Fault('unsupported', `${device.label.value} has no camera`);
  return camera;
}

/** @throws Fault `refused` with the range that is asked for in vain */
function checked(camera: Camera, order: ExposureOrder): ExposureRequest {
  const { min, max } = camera.exposureSeconds;
  const { width, height } = camera.sensor;
  const { seconds, binning = 1, region } = order;
  if (!(seconds >= min && seconds <= max))
    throw new Fault('refused', `${seconds} s is outside ${min}…${max} s`);
  if (!camera.binnings.includes(binning)) {
    throw new Fault('refused', `binning ${binning}: the camera has ${camera.binnings.join(', ')}`);
  }
  if (region && !inside(region, width, height)) {
    throw new Fault('refused', `region ${JSON.stringify(region)} is not within ${width}×${height}`);
  }
  const { type, gain, offset } = order;
  return {
    seconds,
    type,
    binning,
    ...(region && { region }),
    ...(gain !== undefined && { gain }),
    ...(offset !== undefined && { offset }),
  };
}

function inside({ x, y, width, height }: Region, maxWidth: number, maxHeight: number): boolean {
  const whole = [x, y, width, height].every(Number.isInteger);
  return (
    whole && x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= maxWidth && y + height <= maxHeight
  );
}

async function gather(
  rig: Rig,
  device: Device,
  camera: Camera,
  order: ExposureOrder,
  request: ExposureRequest,
  run: Run<Frame>,
): Promise<ExposureFacts> {
  const clock = rig.host.clock;
  const id = order.id ?? randomUUID();
  const over = new AbortController();
  const end = () => over.abort();
  run.outcome.then(end, end);
  // What an exposure that ended before its middle would have written is of no use, but it must not hang either.
  await when(camera.state, (state) => state === 'exposing', over.signal).catch(end);
  const started = clock.monotonic();
  await clock.sleep(request.seconds * 500, over.signal).catch(end);
  // By the clock as it is now, and as trusted as it is now: somebody may have set it since the start.
  const startUtc = clock.now() - (clock.monotonic() - started);
  const { site, timeSource } = rig.host.observatory;
  const owner = rig.facts.value;
  const { sensor } = camera;
  const guiding = rig.host.inRole('guideCamera') === device;
  const telescope = guiding ? owner.guideTelescope : owner.telescope;
  const focuser = rig.host.inRole('focuser')?.capabilities.value.focuser;
  const focuserTemperature = focuser?.temperature?.value;
  const filter = guiding ? undefined : filterInPlace(rig);
  const mount = mountFacts(rig, startUtc + request.seconds * 500);
  return {
    id,
    ...(order.plan && { plan: order.plan }),
    type: request.type,
    snapshot: order.plan === undefined,
    ...(order.object && { object: order.object }),
    startUtc,
    ...(timeSource.value && { timeSource: timeSource.value }),
    zoneMinutes: owner.zoneMinutes,
    seconds: request.seconds,
    camera: {
      id: device.identity ?? device.id,
      name: device.label.value,
      pixelMicrons: sensor.pixelMicrons,
      binning: request.binning ?? 1,
      ...present('gain', gainOf(camera, request)),
      ...present('offset', request.offset ?? camera.offset?.value.value),
      ...present('electronsPerAdu', sensor.electronsPerAdu),
      ...present('readout', camera.readout?.names?.[camera.readout.value.value - camera.readout.min]),
      ...present('temperatureCelsius', rounded(camera.temperature?.value, 2)),
      ...present('setpointCelsius', camera.cooler?.on.value ? camera.cooler.setpoint.value : undefined),
      region: request.region ?? { x: 0, y: 0, width: sensor.width, height: sensor.height },
    },
    ...(telescope && { telescope }),
    ...(mount && { mount }),
    ...(focuser &&
      !guiding && {
        focuser: {
          position: focuser.position.value,
          ...present('temperatureCelsius', rounded(focuserTemperature, 2)),
        },
      }),
    ...(filter && { filter }),
    ...present('rotatorDegrees', guiding ? undefined : rounded(rotatorAngle(rig), 3)),
    ...present('skyMagnitude', rounded(skyMagnitude(rig), 2)),
    ...(site.value && { site: site.value }),
    ...present('observer', owner.observer),
    ...present('keywords', order.keywords),
    software: SOFTWARE,
  };
}

/** A photo camera's gain is an ISO number, chosen by its place among the others. */
function gainOf({ gain }: Camera, request: ExposureRequest): number | undefined {
  const value = request.gain ?? gain?.value.value;
  const named = gain?.names && value !== undefined ? Number(gain.names[value - gain.min]) : Number.NaN;
  return Number.isFinite(named) ? named : value;
}

/** To the digits that mean something. */
function rounded<V extends number | undefined>(value: V, decimals: number): V {
  return (value === undefined ? undefined : Math.round(value * 10 ** decimals) / 10 ** decimals) as V;
}

/** An object with the one member, or without it: absent means not known. */
function present<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}

function filterInPlace(rig: Rig): string | undefined {
  const slot = rig.host.inRole('wheel')?.capabilities.value.wheel?.slot.value;
  return slot === undefined ? undefined : filterNames(rig)[slot - 1];
}

function rotatorAngle(rig: Rig): number | undefined {
  const device = rig.host.inRole('rotator');
  return device?.status.value.state === 'connected'
    ? device.capabilities.value.rotator?.angle.value
    : undefined;
}

/** By a sky quality meter among the weather's readings. */
function skyMagnitude(rig: Rig): number | undefined {
  const device = rig.host.inRole('weather');
  if (device?.status.value.state !== 'connected') return undefined;
  const readings = device.capabilities.value.weather?.readings ?? [];
  return readings.find(({ kind }) => kind === 'skyQuality')?.value.value;
}

function mountFacts(rig: Rig, utc: number): ExposureFacts['mount'] {
  const device = rig.host.inRole('mount');
  const mount = device?.capabilities.value.mount;
  if (!mount || device?.status.value.state !== 'connected') return undefined;
  const { ra, dec } = mount.position.value;
  const side = mount.pierSide.value;
  const site = rig.host.observatory.site.value;
  const horizon = site && toHorizon(toApparent(mount.position.value, utc), site, utc);
  return {
    ra,
    dec,
    ...(horizon && { altitude: rounded(horizon.altitude, 4), azimuth: rounded(horizon.azimuth, 4) }),
    ...(horizon && horizon.altitude > 0 && { airmass: rounded(airmass(horizon.altitude), 4) }),
    ...(side !== 'unknown' && { pierSide: side }),
  };
}
