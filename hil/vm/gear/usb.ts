/** Universal Serial Bus Specification 2.0, chapter 9: what every device answers alike. */

export interface Endpoint {
  /** Bit 7 set: toward the host. */
  address: number;
  kind: 'bulk' | 'interrupt';
  packet: number;
  /** Interrupt endpoints: milliseconds between polls. */
  interval?: number;
}

export interface Setup {
  type: number;
  request: number;
  value: number;
  index: number;
  length: number;
}

/** A full-speed device with one vendor-specific interface, as it is plugged in. */
export interface UsbGear {
  vid: number;
  pid: number;
  /** bcdDevice: by it drivers tell chips apart. */
  release: number;
  manufacturer: string;
  product: string;
  serial: string;
  /** The endpoints of each alternate setting of its interface. */
  alternates: readonly (readonly Endpoint[])[];
  /** A vendor's request. @returns what goes to the host; undefined: not understood (a stall) */
  control(setup: Setup): Uint8Array | undefined;
  out(endpoint: number, bytes: Uint8Array): void;
  /** The next bytes for the host, once there are some. */
  in(endpoint: number, length: number, signal: AbortSignal): Promise<Uint8Array>;
}

const NOTHING = new Uint8Array(0);
const VENDOR = 0x40;
const ENGLISH = [0x09, 0x04];
const DEVICE = 1;
const CONFIGURATION = 2;
const STRING = 3;

const word = (value: number): [number, number] => [value & 0xff, value >> 8];

export const readSetup = (bytes: Buffer): Setup => ({
  type: bytes.readUInt8(0),
  request: bytes.readUInt8(1),
  value: bytes.readUInt16LE(2),
  index: bytes.readUInt16LE(4),
  length: bytes.readUInt16LE(6),
});

/** Answers a request on endpoint 0. @returns undefined for a stall */
export function answer(gear: UsbGear, setup: Setup): Uint8Array | undefined {
  if (setup.type & VENDOR) return gear.control(setup)?.subarray(0, setup.length);
  switch (setup.request) {
    case 0x00: // GET_STATUS
      return Uint8Array.of(0, 0);
    case 0x01: // CLEAR_FEATURE
    case 0x03: // SET_FEATURE
    case 0x09: // SET_CONFIGURATION
    case 0x0b: // SET_INTERFACE
      return NOTHING;
    case 0x06: // GET_DESCRIPTOR
      return descriptor(gear, setup.value >> 8, setup.value & 0xff)?.subarray(0, setup.length);
    case 0x08: // GET_CONFIGURATION
      return Uint8Array.of(1);
    default:
      return undefined;
  }
}

function descriptor(gear: UsbGear, kind: number, index: number): Uint8Array | undefined {
  if (kind === DEVICE) return deviceDescriptor(gear);
  if (kind === CONFIGURATION) return configuration(gear);
  if (kind !== STRING) return undefined;
  if (index === 0) return Uint8Array.of(4, STRING, ...ENGLISH);
  const text = [gear.manufacturer, gear.product, gear.serial][index - 1];
  if (text === undefined) return undefined;
  const letters = Buffer.from(text, 'utf16le');
  return Uint8Array.of(2 + letters.length, STRING, ...letters);
}

function deviceDescriptor({ vid, pid, release }: UsbGear): Uint8Array {
  const ids = [...word(vid), ...word(pid), ...word(release)];
  return Uint8Array.of(18, DEVICE, ...word(0x0200), 0, 0, 0, 64, ...ids, 1, 2, 3, 1);
}

function configuration({ alternates }: UsbGear): Uint8Array {
  const interfaces = alternates.flatMap((endpoints, alternate) => [
    ...[9, 4, 0, alternate, endpoints.length, 0xff, 0xff, 0xff, 0],
    ...endpoints.flatMap(({ address, kind, packet, interval = 0 }) => [
      ...[7, 5, address, kind === 'bulk' ? 2 : 3, ...word(packet), interval],
    ]),
  ]);
  // Powered by the bus, 90 mA.
  return Uint8Array.of(9, CONFIGURATION, ...word(9 + interfaces.length), 1, 1, 0, 0x80, 45, ...interfaces);
}

/** Bytes on their way to the host, and the host's requests for them: whichever is first waits. */
export class Fifo {
  #bytes: number[] = [];
  readonly #asked: { length: number; give(bytes: Uint8Array): void }[] = [];

  get length(): number {
    return this.#bytes.length;
  }

  push(bytes: Iterable<number>): void {
    this.#bytes.push(...bytes);
    this.#serve();
  }

  clear(): void {
    this.#bytes = [];
  }

  take(length: number, signal: AbortSignal): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const asked = { length, give: resolve };
      signal.addEventListener('abort', () => {
        const at = this.#asked.indexOf(asked);
        if (at >= 0) this.#asked.splice(at, 1);
        reject(signal.reason);
      });
      this.#asked.push(asked);
      this.#serve();
    });
  }

  #serve(): void {
    while (this.#bytes.length > 0) {
      const asked = this.#asked.shift();
      if (!asked) return;
      asked.give(Uint8Array.from(this.#bytes.splice(0, asked.length)));
    }
  }
}
