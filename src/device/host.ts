import { type Cell, cell } from '../core/cell.ts';
import { BadInput } from '../core/errors.ts';
import type { CapabilityName } from './capabilities.ts';
import type { ConnectionParts } from './connection.ts';
import { Device, type DeviceEntry } from './device.ts';
import type { Guard } from './limits.ts';
import { RunBook } from './run-book.ts';

/** What a device is to the observatory; programs above ask for a role, never for a port or a maker. */
export const roles = {
  mount: 'mount',
  guider: 'guide',
  camera: 'camera',
  guideCamera: 'camera',
  focuser: 'focuser',
  wheel: 'wheel',
  rotator: 'rotator',
  dome: 'dome',
  power: 'power',
  weather: 'weather',
  gps: 'gps',
  cover: 'cover',
  light: 'light',
} as const satisfies Record<string, CapabilityName>;

export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as readonly Role[];

/** All devices of the rig, and which of them plays which role. */
export class DeviceHost {
  readonly #devices = cell<readonly Device[]>([]);
  readonly #roles = cell<Readonly<Partial<Record<Role, string>>>>({});
  readonly #parts: ConnectionParts;
  readonly #guard: Guard;
  /** What is in progress on any device, or ended within the hour. */
  readonly runs: RunBook;

  constructor(parts: ConnectionParts, guard: Guard = () => undefined) {
    this.#parts = parts;
    this.#guard = guard;
    this.runs = new RunBook(parts.clock);
  }

  get devices(): Cell<readonly Device[]> {
    return this.#devices;
  }

  /** Device ids by role. */
  get roles(): Cell<Readonly<Partial<Record<Role, string>>>> {
    return this.#roles;
  }

  get observatory() {
    return this.#parts.observatory;
  }

  get clock() {
    return this.#parts.clock;
  }

  add(entry: DeviceEntry): Device {
    if (!/^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(entry.id)) {
      throw new BadInput(`device id "${entry.id}": use small letters, digits and -`);
    }
    if (this.find(entry.id)) throw new BadInput(`device id "${entry.id}" is there twice`);
    const device = new Device(entry, this.#parts, this.#guard, this.runs);
    this.#devices.set([...this.#devices.value, device]);
    device.head.watch((head) => {
      if (head && !this.find(head.id)) this.#devices.set([...this.#devices.value, head]);
    });
    return device;
  }

  /** For good: it is stopped, disconnected and forgotten, with its head and its roles. */
  async remove(id: string): Promise<void> {
    const device = this.find(id);
    if (!device) return;
    const gone = [device, ...(device.head.value ? [device.head.value] : [])];
    this.#devices.set(this.#devices.value.filter((other) => !gone.includes(other)));
    const kept = Object.entries(this.#roles.value).filter(([, by]) => !gone.some((each) => each.id === by));
    this.#roles.set(Object.fromEntries(kept));
    await device.disconnect();
  }

  find(id: string): Device | undefined {
    return this.#devices.value.find((device) => device.id === id);
  }

  /** The device may come later: a guide head with its camera, a foreign one with its program. */
  assign(role: Role, id: string): void {
    this.#roles.set({ ...this.#roles.value, [role]: id });
  }

  /** Nobody has the role by name any more: it falls to the only device that can, if there is just one. */
  unassign(role: Role): void {
    const { [role]: _, ...others } = this.#roles.value;
    this.#roles.set(others);
  }

  /** The device in a role: as assigned, else the only one that can. */
  inRole(role: Role): Device | undefined {
    const assigned = this.#roles.value[role];
    if (assigned) return this.find(assigned);
    const able = this.#devices.value.filter(
      (device) => device.capabilities.value[roles[role]] && !(role === 'camera' && device.main),
    );
    // A lone camera takes the pictures; one that guides is a second one, or named by the owner.
    const main = role === 'guideCamera' ? this.inRole('camera') : undefined;
    const taken = new Set(role === 'camera' ? [this.#roles.value.guideCamera] : [main?.id]);
    const free = able.filter(({ id }) => !taken.has(id));
    return free.length === 1 && !(role === 'guideCamera' && !main) ? free[0] : undefined;
  }

  /**
   * Tries every device at once; a device that is not there yet is no reason to wait for it. Those of programs come later,
   * and are connected by whoever knows their settings.
   */
  async connectAll(): Promise<void> {
    const own = this.#devices.value.filter(({ driver }) => driver.transport.kind !== 'program');
    await Promise.allSettled(own.map((device) => device.connect(true)));
  }

  /** Stops every operation and closes every link. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#devices.value.map((device) => device.disconnect()));
  }
}
