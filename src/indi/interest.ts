import type { BlobPolicy, EnableBlob, GetProperties } from './message.ts';

/** A client that names more than this many properties is given everything instead. */
const MOST = 4096;

/** Which traffic one client asked for (INDI protocol 1.7; as indiserver reads it). */
export class Interest {
  #everything = false;
  /** Device, or device and property. */
  readonly #asked = new Set<string>();
  readonly #policies = new Map<string, BlobPolicy>();

  /** Nothing named means all, unless the client has limited itself before: it stays limited. */
  ask({ device, name }: GetProperties): void {
    if (device !== undefined && device !== '*') {
      if (this.#asked.size < MOST) this.#asked.add(key(device, name));
      else this.#everything = true;
    } else if (this.#asked.size === 0) this.#everything = true;
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
    if (this.#everything || this.#asked.has(device)) return true;
    if (name !== undefined) return this.#asked.has(key(device, name));
    // What concerns a whole device concerns those, too, who asked for one of its properties.
    const own = key(device, '');
    for (const asked of this.#asked) if (asked.startsWith(own)) return true;
    return false;
  }
}

const key = (device: string, name: string | undefined): string =>
  name === undefined ? device : `${device}\u0000${name}`;
