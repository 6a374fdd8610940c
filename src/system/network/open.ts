import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { systemCommand } from '../command.ts';
import { watchNetwork } from './monitor.ts';
import { Tunnel } from './tunnel.ts';
import { Wireless } from './wireless.ts';

/** The network of a unit that runs it by itself, as the image does and a laptop does not. */
export interface UnitNetwork {
  readonly wireless: Pick<Wireless, 'state' | 'look' | 'join' | 'forget' | 'trust' | 'raise'>;
  readonly tunnel: Pick<Tunnel, 'book' | 'add' | 'remove'>;
  /** The unit's own WiFi. The password is for those who are in already, and never for the log. */
  readonly hotspot: { readonly ssid: string; readonly password: string };
}

/**
 * Takes the network over, as long as it is not closed. @param unit what the setup of the image has made
 * @param keys where the keys of WireGuard are kept
 */
export function openNetwork(parts: {
  unit: { ssid: string; password: string };
  keys: string;
  clock: Clock;
  log: Log;
}): UnitNetwork & { close(): Promise<void> } {
  const { unit, keys, clock, log } = parts;
  const wireless = new Wireless({ command: systemCommand, clock, log });
  const endWatch = watchNetwork(clock, log, () => wireless.changed());
  const run = wireless.supervise();
  return {
    wireless,
    tunnel: new Tunnel({ command: systemCommand, file: keys }),
    hotspot: { ssid: unit.ssid, password: unit.password },
    async close() {
      endWatch();
      run.stop('shutdown');
      await Promise.allSettled([run.outcome]);
    },
  };
}
