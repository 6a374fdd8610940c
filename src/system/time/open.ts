import { join } from 'node:path';
import type { Cell } from '../../core/cell.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { DeviceHost } from '../../device/host.ts';
import { systemCommand } from '../command.ts';
import { type Keeping, TimeArbiter } from './arbiter.ts';
import { followGps } from './follow-gps.ts';
import { listenToGpsd } from './gpsd.ts';
import { openRtc } from './rtc.ts';
import { openThisBoot } from './this-boot.ts';

/** The time of this machine: who vouches for it, and the phone's word. */
export interface Time {
  readonly keeping: Cell<Keeping>;
  /** @param differenceMs how far the phone is ahead of our clock. @returns whether it is believed */
  offer(differenceMs: number): boolean;
  close(): Promise<void>;
}

export interface TimeParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly host: DeviceHost;
  /** Of the unit's image; absent: a computer that is somebody's. */
  readonly unit?: {
    /** `/data`: remembers the battery-backed clock. */
    readonly data: string;
    /** `/run/nightjar`. */
    readonly run: string;
  };
}

const GPSD = { host: '127.0.0.1', port: 2947 };
const PATIENCE_MS = 5000;

/** Finds out who vouches for the clock, and goes on doing so. */
export async function openTime({ clock, log, host, unit }: TimeParts): Promise<Time> {
  const { observatory } = host;
  const arbiter = await TimeArbiter.start({
    clock,
    log,
    observatory,
    ask: (program, ...args) => clock.external(printed(program, args)),
    ...(unit && { unit: { boot: openThisBoot(unit.run), rtc: openRtc(join(unit.data, 'rtc.json')) } }),
  });
  const hear = arbiter.hearGps.bind(arbiter);
  const ends = [followGps(host, hear), listenToGpsd({ clock, ...GPSD }, hear)];
  return {
    keeping: arbiter.keeping,
    offer: (differenceMs) => arbiter.offer(differenceMs),
    async close() {
      for (const end of ends) end();
      await arbiter.close();
    },
  };
}

const printed = (program: string, args: readonly string[]): Promise<string | undefined> =>
  systemCommand(program, args, PATIENCE_MS).then(
    ({ code, stdout }) => (code === 0 ? stdout : undefined),
    () => undefined,
  );
