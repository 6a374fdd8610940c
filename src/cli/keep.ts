import { isDeepStrictEqual } from 'node:util';
import { asError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Device } from '../device/device.ts';
import { type DeviceHost, type Role, roleNames } from '../device/host.ts';
import type { LimitBook } from '../device/limits/book.ts';
import type { MountLimits } from '../device/limits/mount-limits.ts';
import type { Observatory, Site } from '../device/observatory.ts';
import type { Rig, RigFacts } from '../device/rig.ts';
import type { SettingValue } from '../device/settings.ts';
import { type DewChoices, DewKeeper } from '../engine/dew-keeper.ts';
import type { Ledger, Shelf } from '../storage/ledger.ts';

type Settings = Pick<Shelf, 'get' | 'set'>;

/** What the owner changed about a device outlives the process. */
export async function keepChoices(
  device: Device,
  { settings }: Pick<Ledger, 'settings'>,
  log: Log,
): Promise<void> {
  const key = `device/${device.id}`;
  const kept = (await settings.get(key)) as
    | { label?: string; settings?: Record<string, SettingValue> }
    | undefined;
  if (kept?.label) device.rename(kept.label);
  try {
    if (kept?.settings) device.change(kept.settings);
  } catch (error) {
    // A setting that a newer driver no longer has must not keep the rig from starting.
    log.warn({ device: device.id }, `kept settings: ${asError(error).message}`);
  }
  const keep = () => put(settings, key, { label: device.label.value, settings: device.settings.value }, log);
  device.settings.watch(keep);
  device.label.watch(keep);
}

/** Who plays which role, over restarts; a device that is not there yet gets its role when it comes. */
export async function keepRoles(
  host: DeviceHost,
  { settings }: Pick<Ledger, 'settings'>,
  log: Log,
): Promise<void> {
  const kept = ((await settings.get('roles')) ?? {}) as Partial<Record<Role, string>>;
  for (const role of roleNames) {
    const id = kept[role];
    if (id !== undefined) host.assign(role, id);
  }
  host.roles.watch((roles) => put(settings, 'roles', roles, log));
}

/** The owner's words about the rig, over restarts; the bench's hold where there are none. */
export async function keepFacts(rig: Rig, { settings }: Pick<Ledger, 'settings'>, log: Log): Promise<void> {
  const kept = (await settings.get('facts')) as Partial<RigFacts> | undefined;
  if (kept) rig.describe(kept);
  rig.facts.watch((facts) => put(settings, 'facts', facts, log));
}

/** The mounts' limits, over restarts. Solar mode is never kept. */
export async function keepLimits(
  book: LimitBook,
  { settings }: Pick<Ledger, 'settings'>,
  log: Log,
): Promise<void> {
  const kept = ((await settings.get('limits')) ?? {}) as Record<string, Partial<MountLimits>>;
  for (const [device, limits] of Object.entries(kept)) {
    try {
      book.change(device, limits);
    } catch (error) {
      // The safe limits hold: better than none, and than no rig.
      log.error({ device }, `kept limits: ${asError(error).message}; the safe ones hold`);
    }
  }
  book.settings.watch((limits) => put(settings, 'limits', limits, log));
}

/** The dew control, with what the owner has said of it. */
export async function keepDew(
  host: DeviceHost,
  { settings }: Pick<Ledger, 'settings'>,
  log: Log,
): Promise<DewKeeper> {
  const dew = new DewKeeper({ host, log }, (await settings.get('dew')) as DewChoices | undefined);
  dew.choices.watch((choices) => put(settings, 'dew', choices, log));
  return dew;
}

/**
 * Where the unit stands, over restarts: a night goes on after a power cut before anybody has opened the page. A rig whose
 * bench file says it needs no keeping. Of what the owner wrote on the card and what came later by phone or GPS the later
 * holds, as a person's word: the unit may have been carried off.
 * @param written on the card
 */
export async function keepSite(
  observatory: Observatory,
  { settings }: Pick<Ledger, 'settings'>,
  log: Log,
  written?: Site,
): Promise<void> {
  if (observatory.site.value) return;
  const kept = (await settings.get('site')) as { site?: Site; written?: Site } | undefined;
  const isNew = written !== undefined && !isDeepStrictEqual(written, kept?.written);
  const site = isNew ? written : kept?.site;
  const keep = () => put(settings, 'site', { site: observatory.site.value, written }, log);
  if (site) observatory.offerSite(site, 'person');
  if (isNew) keep();
  observatory.site.watch(keep);
}

function put(settings: Settings, key: string, value: unknown, log: Log): void {
  settings
    .set(key, value)
    .catch((error: unknown) => log.error({ key }, `not kept: ${asError(error).message}`));
}
