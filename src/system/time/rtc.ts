import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isMissing, jsonIn, sysfsAttribute, writeWhole } from '../whole-file.ts';

/** A clock that runs on a battery while the unit is off, if the battery is there and full. */
export interface Rtc {
  /** UTC milliseconds, to a second; undefined: there is none. */
  read(): number | undefined;
  /** It says the time that a trusted clock has. */
  agreed(utc: number): void;
  /**
   * Whether its time counts: it was seen to agree with a trusted clock, and has gone on since. Without its battery it
   * begins anew, far earlier. What a unit without such a clock keeps in a file says when it was switched off, and never counts.
   */
  trusted(utc: number): boolean;
}

const stamp = z.object({ utc: z.number() });

/**
 * @param keep file of the unit that remembers when it agreed last
 * @param root of sysfs (rtc(4) and Documentation/admin-guide/rtc.rst)
 */
export function openRtc(keep: string, root = '/sys/class/rtc'): Rtc {
  return {
    read() {
      const names = namesIn(root);
      const chosen =
        names.find((name) => sysfsAttribute(join(root, name, 'hctosys'))?.trim() === '1') ?? names[0];
      // One that knows that it has stopped answers with an error, as one that is gone: neither tells a time.
      const text = chosen && sysfsAttribute(join(root, chosen, 'since_epoch'));
      const seconds = Number(text);
      return text && Number.isFinite(seconds) ? seconds * 1000 : undefined;
    },
    agreed(utc) {
      writeWhole(keep, `${JSON.stringify({ utc })}\n`, { mode: 0o644 });
    },
    trusted(utc) {
      const last = stamp.safeParse(jsonIn(keep)).data;
      return last !== undefined && utc >= last.utc - 2000;
    },
  };
}

function namesIn(root: string): string[] {
  try {
    return readdirSync(root)
      .filter((name) => /^rtc\d+$/.test(name))
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
