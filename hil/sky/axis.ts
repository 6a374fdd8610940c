import type { Clock } from '../../src/core/clock.ts';
import { clamp } from '../../src/core/units.ts';

/**
 * A motor with an encoder: mount axis, focuser, rotator. Units are whatever the electronics count (degrees, steps).
 * There is no timer in it: commands are kept as a piecewise linear motion, so that a stop or the end of a pulse falls
 * exactly where it was asked for, and the past can be asked for when an exposure ends.
 */
export interface Axis {
  /** What the electronics count, now. */
  readonly angle: number;
  /** Units a second at this moment, a pulse included. */
  readonly rate: number;
  readonly moving: boolean;
  /** The encoder at an instant: up to 20 minutes back, or ahead as commanded so far. */
  at(utc: number): number;
  /** What hangs on the axis at an instant: it follows the encoder only when the gears' play is taken up. */
  shaft(utc: number): number;
  /**
   * Runs at this rate from now on; replaces all that was commanded. On reaching `stop.at` the rate becomes `stop.after`
   * (default 0); a stop that lies behind is never reached.
   */
  drive(rate: number, stop?: { at: number; after?: number }): void;
  /**
   * Adds to the rate for so long: a guide pulse. A new one replaces the one under way. Dropped, with the answer
   * false, while a stop lies ahead.
   */
  pulse(extra: number, milliseconds: number): boolean;
  /** When the last that is commanded (stop, pulse) will be over; undefined: nothing lies ahead. */
  readonly settlesAt: number | undefined;
  /** Puts the mechanics there at once and at rest, play taken up evenly. */
  place(angle: number): void;
}

interface Corner {
  utc: number;
  angle: number;
  rate: number;
  shaft: number;
}

const HISTORY_MS = 20 * 60_000;
const HISTORY_CORNERS = 20_000;

/** @param play full width of the backlash, in the axis's units; read at every use, so that it may change */
export function createAxis(clock: Clock, angle = 0, play: () => number = () => 0): Axis {
  let corners: Corner[] = [{ utc: clock.now(), angle, rate: 0, shaft: angle }];
  /** The rate without a pulse. */
  let base = 0;
  let stopAhead = false;

  const cornerAt = (utc: number): Corner => {
    for (let i = corners.length - 1; i > 0; i--) if (corners[i]!.utc <= utc) return corners[i]!;
    return corners[0]!;
  };
  const angleFrom = (corner: Corner, utc: number) =>
    corner.angle + (corner.rate * Math.max(0, utc - corner.utc)) / 1000;
  // Between corners the motion goes one way, so the play need only be looked at in the end.
  const shaftFrom = (corner: Corner, utc: number) => {
    const encoder = angleFrom(corner, utc);
    return clamp(corner.shaft, encoder - play() / 2, encoder + play() / 2);
  };
  const turn = (utc: number, rate: number) => {
    const corner = corners.at(-1)!;
    corners.push({ utc, angle: angleFrom(corner, utc), rate, shaft: shaftFrom(corner, utc) });
  };
  /** Forgets what lay ahead and what is long past. */
  const begin = (rate: number): number => {
    const now = clock.now();
    const last = corners.findLastIndex((corner) => corner.utc <= now);
    if (last < 0) corners = [{ ...corners[0]!, utc: now }];
    else corners.length = last + 1;
    if (corners.at(-1)!.rate !== rate) turn(now, rate);
    let old = Math.max(0, corners.length - HISTORY_CORNERS);
    while (old + 1 < corners.length && corners[old + 1]!.utc < now - HISTORY_MS) old++;
    if (old > 64) corners = corners.slice(old);
    return now;
  };

  const axis: Axis = {
    get angle() {
      return axis.at(clock.now());
    },
    get rate() {
      return cornerAt(clock.now()).rate;
    },
    get moving() {
      return axis.rate !== 0;
    },
    at: (utc) => angleFrom(cornerAt(utc), utc),
    shaft: (utc) => shaftFrom(cornerAt(utc), utc),
    drive(rate, stop) {
      const now = begin(rate);
      base = rate;
      stopAhead = false;
      if (!stop) return;
      const milliseconds = ((stop.at - axis.at(now)) / rate) * 1000;
      if (!(milliseconds >= 0) || !Number.isFinite(milliseconds)) {
        if (stop.at === axis.at(now)) axis.drive(stop.after ?? 0);
        return;
      }
      base = stop.after ?? 0;
      stopAhead = true;
      turn(now + milliseconds, base);
      corners.at(-1)!.angle = stop.at;
    },
    pulse(extra, milliseconds) {
      if (stopAhead && axis.settlesAt !== undefined) return false;
      stopAhead = false;
      const now = begin(base + extra);
      if (base + extra !== base) turn(now + milliseconds, base);
      return true;
    },
    get settlesAt() {
      const last = corners.at(-1)!.utc;
      return last > clock.now() ? last : undefined;
    },
    place(there) {
      corners = [{ utc: clock.now(), angle: there, rate: 0, shaft: there }];
      base = 0;
      stopAhead = false;
    },
  };
  return axis;
}
