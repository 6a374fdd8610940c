import { join } from 'node:path';
import type { Timekeeper } from '../api/parts.ts';
import type { Cell } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { DeviceHost } from '../device/host.ts';
import type { Ledger } from '../storage/ledger.ts';
import { memoryWords, readMemory } from '../system/memory.ts';
import { openNetwork, type UnitNetwork } from '../system/network/open.ts';
import { type Notifier, openNotifier } from '../system/notify.ts';
import { writtenSite } from '../system/setup/site.ts';
import { unitIn } from '../system/setup/unit.ts';
import { openTime } from '../system/time/open.ts';
import { openWarnings } from '../system/warnings.ts';
import { keepSite } from './keep.ts';

/** The machine under the appliance: its clock and place, its supply, and who started us. */
export interface Unit {
  readonly timekeeper: Timekeeper;
  readonly warnings: Cell<readonly string[]>;
  readonly notifier: Notifier;
  /** Absent: the network is run by somebody else. */
  readonly network: UnitNetwork | undefined;
  close(): Promise<void>;
}

export interface UnitParts {
  clock: Clock;
  log: Log;
  host: DeviceHost;
  ledger: Pick<Ledger, 'settings'>;
  /** Of data. */
  directory: string;
}

/** Of this boot only; the image makes it, for root's side and ours. */
const RUN = '/run/nightjar';

/** `NIGHTJAR_SYSTEM` says that this is the image, whose clock and network are ours. */
export async function openUnit({ clock, log, host, ledger, directory }: UnitParts): Promise<Unit> {
  const system = process.env.NIGHTJAR_SYSTEM;
  log.info(memoryWords(readMemory(), process.memoryUsage.rss()));
  await keepSite(host.observatory, ledger, log, system ? writtenSite(system) : undefined);
  const time = await openTime({
    clock,
    log,
    host,
    ...(system && { unit: { data: directory, run: RUN } }),
  });
  const warnings = openWarnings(clock, system ? { run: RUN } : {});
  const network = system === undefined ? undefined : networkOf(system, directory, clock, log);
  const notifier = openNotifier({ clock, log, alive: () => ledger.settings.get('alive') });
  return {
    timekeeper: time,
    warnings: warnings.list,
    notifier,
    network,
    async close() {
      warnings.close();
      await network?.close();
      await time.close();
    },
  };
}

/** The setup of the image has made the unit; where it could not, the network stays as the system has it. */
function networkOf(system: string, data: string, clock: Clock, log: Log) {
  const unit = unitIn(join(system, 'unit.json'));
  if (!unit)
    log.warn(
      `${system}/unit.json is not there, the network is left alone: restart the unit, whose setup makes it`,
    );
  return unit && openNetwork({ unit, keys: join(data, 'wireguard.json'), clock, log });
}
