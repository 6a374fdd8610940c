import { type Cell, cell } from '../../core/cell.ts';
import type { Device } from '../device.ts';
import type { DeviceHost } from '../host.ts';
import type { Mount } from '../mount.ts';
import { type LimitState, MountWatch, type WatchParts } from './mount-watch.ts';

export type { LimitState } from './mount-watch.ts';

/**
 * Follows every mount while it tracks or is paddled, whoever set it going: a limit reached while tracking stops the
 * tracking, and one that comes into the Sun's cone is halted. A paddle is free otherwise, and may always lead out.
 */
export class LimitWatch {
  readonly #states = cell<Readonly<Record<string, LimitState>>>({});
  readonly #watched = new Map<Device, () => void>();
  readonly #end: () => void;

  constructor(host: DeviceHost, surroundings: Omit<WatchParts, 'clock' | 'observatory'>) {
    const parts = { ...surroundings, clock: host.clock, observatory: host.observatory };
    const follow = (devices: readonly Device[]) => {
      for (const device of [...this.#watched.keys()]) if (!devices.includes(device)) this.#forget(device);
      for (const device of devices) {
        if (this.#watched.has(device)) continue;
        const tell = (state: LimitState) => this.#states.set({ ...this.#states.value, [device.id]: state });
        this.#watched.set(device, watchDevice(device, parts, tell));
      }
    };
    this.#end = host.devices.watch(follow);
    follow(host.devices.value);
  }

  /** By device id; those that have never been mounts are not in it. */
  get states(): Cell<Readonly<Record<string, LimitState>>> {
    return this.#states;
  }

  close(): void {
    this.#end();
    for (const end of this.#watched.values()) end();
  }

  #forget(device: Device): void {
    this.#watched.get(device)?.();
    this.#watched.delete(device);
    const { [device.id]: _, ...others } = this.#states.value;
    this.#states.set(others);
  }
}

/** A reconnect brings a new mount: it is followed from then on, the last one no more. */
function watchDevice(device: Device, parts: WatchParts, tell: (state: LimitState) => void): () => void {
  let followed: Mount | undefined;
  let leave = () => {};
  const follow = () => {
    // Of a mount that is lost nothing is known: neither where it is nor whether it still moves.
    const mount = device.status.value.state === 'connected' ? device.capabilities.value.mount : undefined;
    if (mount === followed) return;
    leave();
    followed = mount;
    leave = () => {};
    if (mount) leave = new MountWatch(device, mount, parts, tell).start();
    else tell({ state: 'unwatched', reason: 'it is not connected' });
  };
  const ends = [device.status.watch(follow), device.capabilities.watch(follow)];
  follow();
  return () => {
    leave();
    for (const end of ends) end();
  };
}
