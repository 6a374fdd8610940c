import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Cell, cell } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';
import { readSupply, supplyWords } from './supply.ts';

/** What is wrong with the unit itself, in words for every page; empty when nothing is. */
export interface Warnings {
  readonly list: Cell<readonly string[]>;
  close(): void;
}

export interface WarningPlaces {
  /** `/run/nightjar`; absent: no unit of ours. */
  readonly run?: string;
  readonly sys?: string;
}

const LOOK_MS = 10_000;

/** The start of the unit leaves this where its data partition cannot be used, and works in memory. */
export const DATA_LOST = 'data-lost';
const DATA_LOST_WORDS =
  'the card cannot be written: images and settings are lost when the unit is switched off; use another card';

/** Looks now and then; it costs three small files. */
export function openWarnings(clock: Clock, { run, sys }: WarningPlaces = {}): Warnings {
  const list = cell<readonly string[]>([], same);
  const look = () => {
    const supply = readSupply(sys);
    const words = supply?.low ? supplyWords(supply) : undefined;
    const lost = run !== undefined && existsSync(join(run, DATA_LOST));
    list.set([...(lost ? [DATA_LOST_WORDS] : []), ...(words ? [words] : [])]);
  };
  let cancel = () => {};
  const lookOn = () => {
    look();
    cancel = clock.after(LOOK_MS, lookOn);
  };
  lookOn();
  return { list, close: () => cancel() };
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.join('\n') === b.join('\n');
