import { isoUtc } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import type { Run } from '../core/run.ts';
import { type Capabilities, capabilityNames } from '../device/capabilities.ts';
import type { DeviceStatus } from '../device/connection.ts';
import type { Device } from '../device/device.ts';
import { type DeviceHost, type Role, roleNames } from '../device/host.ts';
import type { LimitState } from '../device/limits/watch.ts';
import type { TrustSource } from '../device/observatory.ts';
import { filterNames, type Telescope } from '../device/rig.ts';
import type { BookedRun } from '../device/run-book.ts';
import type { Setting, SettingValue } from '../device/settings.ts';
import type { Shot } from '../device/shutter.ts';
import { toApparent } from '../sky/apparent.ts';
import { toHorizon } from '../sky/horizon.ts';
import type { Site } from '../sky/site.ts';
import type { ExposureView } from './exposure-view.ts';
import type { Keeper } from './gear-view.ts';
import type { Parts } from './parts.ts';
import { type Plain, plain } from './plain.ts';
import type { ProgramView } from './program-view.ts';
import { type RoleView, viewRoles } from './role-view.ts';
import type { StackView } from './stack-view.ts';
import { type TimeView, viewTime } from './time-view.ts';

/** One device as the outside sees it. Everything is plain JSON. */
export interface DeviceView {
  id: string;
  label: string;
  /** Family name. */
  driver: string;
  /** What the maker calls it. */
  model: string;
  port: string;
  roles: readonly Role[];
  status: DeviceStatus;
  identity?: string;
  capabilities: { readonly [C in keyof Capabilities]: Plain<NonNullable<Capabilities[C]>> };
  settings: Readonly<Record<string, Setting & { value: SettingValue }>>;
  /** Ids of the runs in progress. */
  runs: readonly string[];
  /** Where a mount points, airless degrees; absent while the site is not known. */
  horizon?: { altitude: number; azimuth: number };
  /** How a mount stands to its limits; absent: nobody watches it. */
  limit?: LimitState;
  /** Absent: a program has brought it. */
  keptBy?: Keeper;
}

export interface RunView {
  id: string;
  name: string;
  device?: string;
  state: 'running' | 'returned' | 'threw' | 'stopped';
  /** ISO 8601. */
  startedUtc: string;
  endedUtc?: string;
  /** 0–1 where it is known. */
  fraction?: number;
  note?: string;
  steps: readonly string[];
  /** Why it threw or stopped. */
  message?: string;
  fault?: string;
  /** Id of the exposure it has taken. */
  exposure?: string;
  exposureSeconds?: number;
}

/** What no single device says. */
export interface RigView {
  version: string;
  utc: string;
  /** Absent: the clock is not trusted. */
  timeSource?: TrustSource;
  time: TimeView;
  /** What is wrong with the unit itself, in words. */
  warnings: readonly string[];
  site?: Site;
  siteSource?: TrustSource;
  /** Names of the wheel's slots, first slot first. */
  filters: readonly string[];
  telescope?: Telescope;
  guideTelescope?: Telescope;
  roles: readonly RoleView[];
  /** The Sun's cone is open; absent: this unit keeps no limits. */
  solarMode?: boolean;
}

export interface Snapshot {
  devices: readonly DeviceView[];
  runs: readonly RunView[];
  rig: RigView;
  /** The latest. */
  exposure?: ExposureView;
  /** Absent: this unit runs its own drivers only. */
  programs?: readonly ProgramView[];
  /** Absent: this unit cannot stack. */
  stack?: StackView;
}

/** For good, and not only unplugged. */
export type Removed = { device: string } | { program: string };

/** What `GET /api/v1/live` tells, by the name of the event. */
export interface LiveEvents {
  snapshot: Snapshot;
  device: DeviceView;
  run: RunView;
  rig: RigView;
  exposure: ExposureView;
  program: ProgramView;
  stack: StackView;
  removed: Removed;
}

export function viewDevice(
  { host, watch, gear }: Pick<Parts, 'host' | 'watch' | 'gear'>,
  device: Device,
): DeviceView {
  const settings = Object.entries(device.driver.settings).map(([key, setting]) => [
    key,
    { ...setting, value: device.settings.value[key] },
  ]);
  const able = told(device.capabilities.value);
  const present = capabilityNames.flatMap((name) => (able[name] ? [[name, plain(able[name])]] : []));
  const horizon = pointing(host, device);
  const limit = able.mount && watch?.states.value[device.id];
  const keptBy = gear?.keeperOf(device.id);
  return {
    id: device.id,
    label: device.label.value,
    driver: device.driver.id,
    model: device.driver.label,
    port: device.port.name,
    roles: roleNames.filter((role) => host.inRole(role) === device),
    status: device.status.value,
    ...(device.identity !== undefined && { identity: device.identity }),
    capabilities: Object.fromEntries(present),
    settings: Object.fromEntries(settings),
    runs: device.runs.value.map((run) => run.id),
    ...(horizon && { horizon }),
    ...(limit && { limit }),
    ...(keptBy && { keptBy }),
  };
}

/** The capabilities as they are told all the time: of a video stream that it runs, and not its pictures. */
export function told(able: Capabilities): Capabilities {
  const { camera } = able;
  if (!camera?.stream) return able;
  const { latest: _, ...stream } = camera.stream;
  return { ...able, camera: { ...camera, stream: stream as NonNullable<typeof camera.stream> } };
}

function pointing(host: DeviceHost, device: Device): DeviceView['horizon'] {
  const site = host.observatory.site.value;
  const at = device.capabilities.value.mount?.position.value;
  if (!at || !site) return undefined;
  const utc = host.clock.now();
  return toHorizon(toApparent(at, utc), site, utc);
}

/** How long the exposures asked for by this face are; others' say it by their progress, or not at all. */
const asked = new WeakMap<BookedRun, number>();

export const rememberExposure = (run: Run, seconds: number): void => void asked.set(run, seconds);

export function shotOf(run: BookedRun): Pick<Shot, 'facts'> | undefined {
  const ending = run.ending.value;
  if (ending?.state !== 'returned') return undefined;
  const value = ending.value;
  return typeof value === 'object' && value !== null && 'facts' in value ? (value as Shot) : undefined;
}

export function viewRun(run: BookedRun, device?: string, endedUtc?: number): RunView {
  const ending = run.ending.value;
  const shot = shotOf(run);
  const seconds = asked.get(run) ?? shot?.facts.seconds;
  return {
    id: run.id,
    name: run.name,
    ...(device !== undefined && { device }),
    state: ending?.state ?? 'running',
    startedUtc: isoUtc(run.startedUtc),
    ...(endedUtc !== undefined && { endedUtc: isoUtc(endedUtc) }),
    ...run.progress.value,
    ...(ending?.state === 'threw' && { message: ending.error.message }),
    ...(ending?.state === 'threw' && ending.error instanceof Fault && { fault: ending.error.kind }),
    ...(ending?.state === 'stopped' && { message: ending.message }),
    ...(shot && { exposure: shot.facts.id }),
    ...(seconds !== undefined && { exposureSeconds: seconds }),
  };
}

export function viewRig({
  host,
  rig,
  version,
  clock,
  limits,
  timekeeper,
  warnings,
}: Pick<Parts, 'host' | 'rig' | 'version' | 'clock' | 'limits' | 'timekeeper' | 'warnings'>): RigView {
  const { site, siteSource, timeSource } = host.observatory;
  const { telescope, guideTelescope } = rig.facts.value;
  return {
    version,
    utc: isoUtc(clock.now()),
    ...(timeSource.value && { timeSource: timeSource.value }),
    time: viewTime(host.observatory, timekeeper),
    warnings: warnings?.value ?? [],
    ...(site.value && { site: site.value }),
    ...(siteSource.value && { siteSource: siteSource.value }),
    filters: filterNames(rig),
    ...(telescope && { telescope }),
    ...(guideTelescope && { guideTelescope }),
    roles: viewRoles(host),
    ...(limits && { solarMode: limits.solarMode.value }),
  };
}
