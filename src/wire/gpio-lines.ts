import { cell } from '../core/cell.ts';
import { asError, Fault } from '../core/errors.ts';
import type { Claims } from './claims.ts';
import { exportLine, type Pin } from './gpio.ts';
import { chipOf, findChips, functionOf, isHeader } from './gpio-chips.ts';
import { GpioOutputs, type Held, set } from './gpio-outputs.ts';
import { type LinesLink, type Port, requireRealTime } from './link.ts';
import { hasOneWire } from './one-wire.ts';

export interface LinesParts {
  outputs?: GpioOutputs;
  claim?: { by: string; claims: Claims };
}

/** As claims call a line. @param chip its label */
export const lineName = (chip: string, line: number): string => `gpio:${chip}:${line}`;

/** The lines of a GPIO chip. @param chip label or name, looked up at every opening; absent: the header's chip */
export function linesPort(
  chip: string | undefined,
  { outputs = new GpioOutputs(), claim }: LinesParts = {},
): Port<LinesLink> {
  const { sys } = outputs;
  return {
    kind: 'lines',
    name: `gpio:${chip ?? 'header'}`,
    async open(clock) {
      requireRealTime(clock, 'GPIO');
      const found = chipOf(await findChips(sys), chip);
      const { label, base, lines } = found;
      const header = isHeader(found);
      const oneWire = await hasOneWire(sys);
      const alive = cell(true);
      const driven = new Map<number, Held>();
      const inputs: Pin[] = [];
      const claimed: (() => void)[] = [];

      const letGo = () => {
        for (const pin of inputs.splice(0)) pin.unexport();
      };

      /** A line that is open fails only when its chip is gone. */
      async function use<T>(work: () => Promise<T>): Promise<T> {
        if (!alive.value) throw new Fault('gone', `${label}: the link is closed`);
        try {
          return await work();
        } catch (error) {
          alive.set(false);
          throw new Fault('gone', `${label}: ${asError(error).message}`, { cause: error });
        }
      }

      /** The line's global number, once it is sure that nobody else has it. */
      async function take(line: number, reserved: boolean): Promise<number> {
        if (!alive.value) throw new Fault('gone', `${label}: the link is closed`);
        if (!(Number.isInteger(line) && line >= 0 && line < lines))
          throw new Fault('unsupported', `${label} has lines 0…${lines - 1}, and no ${line}`);
        const other = header && !reserved ? functionOf(line, oneWire) : undefined;
        if (other)
          throw new Fault('refused', `line ${line} is for ${other}: take another, or allow reserved lines`);
        if (claim) {
          claim.claims.check(claim.by, lineName(label, line));
          claimed.push(claim.claims.add(claim.by, () => lineName(label, line)));
        }
        return base + line;
      }

      return {
        kind: 'lines',
        alive,
        async output(line, options) {
          const number = await take(line, options.reserved ?? false);
          if (!outputs.has(number)) await exportLine(sys, number, `line ${line} of ${label}`, clock);
          const held = await outputs.drive(number, options);
          driven.set(number, held);
          return {
            get level() {
              return held.level;
            },
            write: (level) => use(() => set(held, level)),
          };
        },
        async input(line, { reserved = false } = {}) {
          const number = await take(line, reserved);
          await outputs.drop(number);
          await exportLine(sys, number, `line ${line} of ${label}`, clock);
          const pin = await outputs.open(number, 'in');
          inputs.push(pin);
          // It was closed meanwhile, and will not be again.
          if (!alive.value) letGo();
          return { read: () => use(async () => (await pin.read()) === 1) };
        },
        async close() {
          alive.set(false);
          for (const release of claimed.splice(0)) release();
          letGo();
          for (const [number, held] of driven) {
            // Each by itself: where one fails, the others' heaters must go off and the mount must keep its power.
            const well = held.keep ? held.pin.read() : set(held, held.safe);
            await well.catch(() => outputs.drop(number));
          }
        },
      };
    },
  };
}
