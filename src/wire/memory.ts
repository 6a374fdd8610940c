import { type Duplex, duplexPair } from 'node:stream';
import { cell } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import type { Port, StreamLink } from './link.ts';

export type Toward = 'device' | 'host';

/**
 * What an in-memory wire does to the bytes on their way: nothing by default. A mangler returns the pieces that
 * arrive, each with its delay in milliseconds: drop (`[]`), garble, split, hold back.
 */
export type Mangler = (
  bytes: Uint8Array,
  toward: Toward,
) => readonly { bytes: Uint8Array; delayMs?: number }[];

export interface MemoryWire {
  readonly host: StreamLink;
  readonly device: StreamLink;
}

/** Two ends of one wire. Bytes arrive in order, one microtask later unless the mangler holds them back. */
export function memoryWire(clock: Clock, mangle: () => Mangler | undefined = () => undefined): MemoryWire {
  const alive = cell(true);
  const end = (toward: Toward, other: () => MemoryEnd): MemoryEnd => {
    const early: Uint8Array[] = [];
    let reader: ((bytes: Uint8Array) => void) | undefined;
    return {
      kind: 'stream',
      alive,
      arrive(bytes) {
        if (!alive.value) return;
        if (reader) reader(bytes);
        else early.push(bytes);
      },
      async write(bytes) {
        if (!alive.value) throw new Fault('gone', 'the link is closed');
        const copy = Uint8Array.from(bytes);
        for (const piece of mangle()?.(copy, toward) ?? [{ bytes: copy }]) {
          if (piece.delayMs) clock.after(piece.delayMs, () => other().arrive(piece.bytes));
          else queueMicrotask(() => other().arrive(piece.bytes));
        }
      },
      read(next) {
        reader = next;
        for (const bytes of early.splice(0)) next(bytes);
      },
      async close() {
        alive.set(false);
      },
    };
  };
  const host: MemoryEnd = end('device', () => device);
  const device: MemoryEnd = end('host', () => host);
  return { host, device };
}

interface MemoryEnd extends StreamLink {
  arrive(bytes: Uint8Array): void;
}

/** A socket in memory that can be unplugged, plugged in again, and made to misbehave: what fault suites hold. */
export class MemoryPort implements Port<StreamLink> {
  readonly kind = 'stream';
  readonly name: string;
  mangle: Mangler | undefined;
  #wire: MemoryWire | undefined;
  #plugged = true;
  readonly #attach: (link: StreamLink) => void;

  /** @param attach the device: it is given its end at every opening */
  constructor(name: string, attach: (link: StreamLink) => void) {
    this.name = `memory:${name}`;
    this.#attach = attach;
  }

  async open(clock: Clock): Promise<StreamLink> {
    if (!this.#plugged) throw new Fault('gone', `${this.name} is unplugged`);
    await this.#wire?.host.close();
    this.#wire = memoryWire(clock, () => this.mangle);
    this.#attach(this.#wire.device);
    return this.#wire.host;
  }

  unplug(): void {
    this.#plugged = false;
    this.#wire?.host.close();
  }

  plug(): void {
    this.#plugged = true;
  }
}

/**
 * Two ends of one socket. A client that hangs up takes the server's end with it: alone, it would wait for ever for its
 * last bytes to be read, and be kept alive by its HTTP parser.
 */
export function memorySockets(): [host: Duplex, device: Duplex] {
  const [host, device] = duplexPair();
  host.once('close', () => device.destroy());
  return [host, device];
}
