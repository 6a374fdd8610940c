import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '../../src/core/clock.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const MEGABYTE = 1 << 20;

/** Array buffers are swept behind a collection's back: a second and third one find what the first let go. */
const COLLECTIONS = 3;
const SWEEP_MS = 20;

/** What is still alive on the heap and beside it, in MB. */
async function living(): Promise<number> {
  for (let round = 0; round < COLLECTIONS; round++) {
    collect();
    await systemClock.sleep(SWEEP_MS);
  }
  // Frames lie in shared buffers, which `external` leaves out.
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / MEGABYTE;
}

export interface Growth {
  /** MB that stay alive, from the first mark to the last. */
  alive: number;
  /** MB of the process. */
  rss: number;
}

/**
 * Nothing may be thrown where nobody catches it, and memory may not grow with the work: between the first mark, set
 * when everything has warmed up, and the end.
 */
export async function survive(
  limits: Growth,
  body: (mark: () => Promise<void>) => Promise<void>,
): Promise<Growth> {
  const lost: unknown[] = [];
  const note = (thrown: unknown) => void lost.push(thrown);
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
  let first: Growth | undefined;
  try {
    await body(async () => {
      first ??= { alive: await living(), rss: process.memoryUsage.rss() / MEGABYTE };
    });
  } finally {
    process.off('unhandledRejection', note);
    process.off('uncaughtException', note);
  }
  if (lost.length > 0) throw new Error(`${lost.length} errors that nobody caught`, { cause: lost[0] });
  assert.ok(first, 'no mark was set');
  const growth = {
    alive: (await living()) - first.alive,
    rss: process.memoryUsage.rss() / MEGABYTE - first.rss,
  };
  for (const key of ['alive', 'rss'] as const) {
    assert.ok(
      growth[key] <= limits[key],
      `${key}: ${growth[key].toFixed(1)} MB more, ${limits[key]} allowed`,
    );
  }
  return growth;
}

/** Figures of a case that passed; the report of the suite shows only names. */
export function state(figures: Readonly<Record<string, number | string>>): void {
  const words = Object.entries(figures).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? Math.round(value * 10) / 10 : value}`,
  );
  console.log(`     ${words.join(', ')}`);
}

export const grown = ({ alive, rss }: Growth) => ({ 'MB alive': alive, 'MB rss': rss });
