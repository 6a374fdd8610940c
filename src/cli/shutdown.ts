import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';

/**
 * What a stop may take before the process goes anyway. A driver that hangs in an exposure is given up after ten seconds;
 * who goes before that leaves it behind, with its port or camera, for the next start to stumble over.
 */
const PATIENCE_MS = 12_000;

/** Resolves when the process was asked to end and has ended cleanly, or ran out of patience. */
export function untilStopped(clock: Clock, log: Log, close: () => Promise<void>): Promise<number> {
  return new Promise((resolve) => {
    const stop = (signal: string) => {
      process.off('SIGTERM', stop);
      process.off('SIGINT', stop);
      log.info({ signal }, 'stopping');
      clock.after(PATIENCE_MS, () => {
        log.error('something did not stop in time');
        resolve(1);
      });
      close().then(
        () => {
          log.info('stopped');
          resolve(0);
        },
        (error) => {
          log.error({ error: String(error) }, 'stopping failed');
          resolve(1);
        },
      );
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}
