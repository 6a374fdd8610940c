import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type TrustSource, trustSources } from '../../device/observatory.ts';
import { jsonIn, writeWhole } from '../whole-file.ts';

/** The clock of a unit that we may ask to be set, and what is remembered of it until the power goes. */
export interface ThisBoot {
  /**
   * Who vouched for the clock when we last said so, if nobody has set it since: our restart is no reason to forget.
   * @param utc by the clock now, milliseconds
   */
  remembered(utc: number): TrustSource | undefined;
  remember(utc: number, source: TrustSource | undefined): void;
  /** Asks root's side to set the clock. @param utc what it should say now, milliseconds */
  askToSet(utc: number, source: TrustSource): void;
}

const memory = z.object({ source: z.enum(trustSources), bootUtc: z.number() });

/** The clock and the time since the start may differ by so much from what was remembered: a step, no drift. */
const SAME_CLOCK_MS = 2000;

/** @param run a folder that is empty after each start of the machine. @param uptime seconds since then */
export function openThisBoot(run: string, uptime: () => number = uptimeSeconds): ThisBoot {
  const path = join(run, 'time.json');
  const bootUtc = (utc: number) => utc - uptime() * 1000;
  return {
    remembered(utc) {
      const kept = memory.safeParse(jsonIn(path)).data;
      return kept && Math.abs(kept.bootUtc - bootUtc(utc)) <= SAME_CLOCK_MS ? kept.source : undefined;
    },
    remember(utc, source) {
      const kept = source === undefined ? {} : { source, bootUtc: Math.round(bootUtc(utc)) };
      writeWhole(path, `${JSON.stringify(kept)}\n`, { mode: 0o644 });
    },
    askToSet(utc, source) {
      writeWhole(join(run, 'clock'), `${Math.round(utc)} ${uptime().toFixed(2)} ${source}\n`, {
        mode: 0o644,
      });
    },
  };
}

const uptimeSeconds = () => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
