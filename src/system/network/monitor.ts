import { spawn } from 'node:child_process';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';

const AGAIN_MS = 10_000;

/**
 * Tells of each change that NetworkManager tells of (`nmcli monitor`); what it was is then to be asked for. Should the
 * child end, as with a restart of NetworkManager's bus, another is started. @returns what ends it
 */
export function watchNetwork(clock: Clock, log: Log, changed: () => void): () => void {
  let end = () => {};
  let over = false;
  const start = () => {
    const child = spawn('nmcli', ['monitor'], { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.on('data', changed);
    child.once('error', (error) => log.warn(`network: nmcli monitor: ${error.message}`));
    child.once('close', () => {
      if (!over) end = clock.after(AGAIN_MS, start);
    });
    end = () => void child.kill();
  };
  start();
  return () => {
    over = true;
    end();
  };
}
