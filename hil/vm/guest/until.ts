import { systemClock } from '../../../src/core/clock.ts';

const LOOK_MS = 100;

/** Looks again and again. @throws Error when it is not so within the time */
export async function until<T>(what: string, look: () => T | Promise<T>, seconds = 30): Promise<T> {
  const deadline = systemClock.monotonic() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (systemClock.monotonic() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await systemClock.sleep(LOOK_MS);
  }
}
