import type { BlobPolicy, EnableBlob, GetProperties } from './message.ts';

/** A client that names more than this many properties is given everything instead. */
const MOST = 4096;

/** Which traffic one client asked for (INDI protocol 1.7; as indiserver reads it). */
export class Interest {
  #everything = false;
  /** By device. Looked up for every message and client: no keys are joined here. */
  readonly #asked = new Map<string, Set<string> | 'all'>();
  #names = 0;
  readonly #policies = new Map<string, BlobPolicy>();

  /** Nothing named means all, unless the client has limited itself before: it stays limited. */
  ask({ device, name }: GetProperties): void {
    if (this.#everything) return;
    if (device === undefined || device === '*') {
      this.#everything = this.#asked.size === 0;
      return;
    }
    const known = this.#asked.get(device);
    if (known === 'all' || (name !== undefined && known?.has(name))) return;
    if (++this.#names > MOST) this.#everything = true;
    else if (name === undefined) this.#asked.set(device, 'all');
    else if (known) known.add(name);
    else this.#asked.set(device, new Set([name]));
  }

  /** Without a property, it resets the policy of the whole device. */
  enable({ device, name, policy }: EnableBlob): void {
    if (name === undefined) {
      const own = key(device, '');
      for (const known of this.#policies.keys()) if (known.startsWith(own)) this.#policies.delete(known);
    }
    if (this.#policies.size < MOST) this.#policies.set(key(device, name), policy);
  }

  wants(device: string | undefined, name: string | undefined): boolean {
    if (device === undefined) return this.#everything || this.#asked.size > 0;
    if (this.#policies.get(device) === 'Only') return false;
    return this.#inScope(device, name);
  }

  /** BLOBs come to those alone who enabled them. */
  wantsBlob(device: string, name: string): boolean {
    const policy = this.#policies.get(key(device, name)) ?? this.#policies.get(device) ?? 'Never';
    return policy !== 'Never' && this.#inScope(device, name);
  }

  #inScope(device: string, name: string | undefined): boolean {
    if (this.#everything) return true;
    const asked = this.#asked.get(device);
    if (asked === undefined || asked === 'all') return asked === 'all';
    // What concerns a whole device concerns those, too, who asked for one of its properties.
    return name === undefined || asked.has(name);
  }
}

const key = (device: string, name: string | undefined): string =>
  name === undefined ? device : `${device}\u0000${name}`;
