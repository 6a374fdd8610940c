import { cell, type OwnedCell } from '../../../src/core/cell.ts';
import { Fault } from '../../../src/core/errors.ts';
import type { StreamLink } from '../../../src/wire/link.ts';

/** The device's end of a cable, to which one device after the other is connected. */
export class Outlet {
  readonly #line: StreamLink;
  #alive: OwnedCell<boolean> = cell(false);
  #reader: ((bytes: Uint8Array) => void) | undefined;

  constructor(line: StreamLink) {
    this.#line = line;
    line.read((bytes) => this.#reader?.(bytes));
  }

  /** The one that was there hears and says no more. */
  anew(): StreamLink {
    this.#alive.set(false);
    const alive = cell(true);
    this.#alive = alive;
    this.#reader = undefined;
    return {
      kind: 'stream',
      alive,
      write: async (bytes) => {
        if (!alive.value) throw new Fault('gone', 'the device is off');
        await this.#line.write(bytes);
      },
      read: (reader) => {
        if (alive.value) this.#reader = reader;
      },
      close: async () => alive.set(false),
    };
  }
}
