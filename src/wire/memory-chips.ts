import { cell, type OwnedCell } from '../core/cell.ts';
import { Fault } from '../core/errors.ts';
import type { LinesLink, Link, OneWireLink, Port, RegisterLink } from './link.ts';

/** A place in memory that can be unplugged and plugged in again: what fault suites hold. */
abstract class MemorySocket<L extends Link> {
  readonly name: string;
  #plugged = true;
  #alive: OwnedCell<boolean> = cell(false);

  constructor(name: string) {
    this.name = `memory:${name}`;
  }

  unplug(): void {
    this.#plugged = false;
    this.#alive.set(false);
  }

  plug(): void {
    this.#plugged = true;
  }

  async open(): Promise<L> {
    if (!this.#plugged) throw new Fault('gone', `${this.name} is unplugged`);
    this.#alive.set(false);
    this.#alive = cell(true);
    return this.link(this.#alive);
  }

  protected abstract link(alive: OwnedCell<boolean>): L;

  /** Everything that is asked of a link: one microtask later, and of nobody once it is closed. */
  protected async reach<T>(alive: OwnedCell<boolean>, what: () => T): Promise<T> {
    await undefined;
    if (!alive.value) throw new Fault('gone', `${this.name} is closed`);
    return what();
  }
}

/** What the wire makes of a chip's answer: others bytes, or undefined when it is not acknowledged. */
export type ByteFault = (answer: Uint8Array) => Uint8Array | undefined;

/** A chip that is written to and read from. */
export class MemoryRegisterPort extends MemorySocket<RegisterLink> implements Port<RegisterLink> {
  readonly kind = 'registers';
  mangle: ByteFault | undefined;
  readonly #chip: (write: Uint8Array, length: number) => Uint8Array | undefined;

  /** @param chip one exchange; undefined: it does not acknowledge */
  constructor(name: string, chip: (write: Uint8Array, length: number) => Uint8Array | undefined) {
    super(name);
    this.#chip = chip;
  }

  protected link(alive: OwnedCell<boolean>): RegisterLink {
    const transfer = (write: Uint8Array, length: number) => {
      const said = this.#chip(Uint8Array.from(write), length);
      const answer = said && this.mangle ? this.mangle(said) : said;
      if (answer === undefined) throw new Fault('silent', `${this.name}: no chip answers`);
      return answer;
    };
    return {
      kind: 'registers',
      alive,
      transfer: (write, length) => this.reach(alive, () => transfer(write, length)),
      close: async () => alive.set(false),
    };
  }
}

/** A probe with a scratchpad of nine bytes. */
export class MemoryOneWirePort extends MemorySocket<OneWireLink> implements Port<OneWireLink> {
  readonly kind = 'one-wire';
  mangle: ByteFault | undefined;
  readonly #probe: () => Uint8Array;

  constructor(name: string, probe: () => Uint8Array) {
    super(name);
    this.#probe = probe;
  }

  protected link(alive: OwnedCell<boolean>): OneWireLink {
    const read = () => {
      const bytes = this.mangle ? this.mangle(this.#probe()) : this.#probe();
      if (!bytes) throw new Fault('silent', `${this.name}: nothing answers on the 1-wire bus`);
      return bytes;
    };
    return {
      kind: 'one-wire',
      alive,
      scratchpad: () => this.reach(alive, read),
      close: async () => alive.set(false),
    };
  }
}

/** What hangs on the lines of a chip. */
export interface LinesBody {
  readonly count: number;
  /** A line is driven at this level from now on; undefined: it is let go. */
  drive(line: number, level: boolean | undefined): void;
  /** What is seen at a line that is not driven. */
  level(line: number): boolean;
}

/** Lines that stay driven when the link is closed, as a kernel keeps them. */
export class MemoryLinesPort extends MemorySocket<LinesLink> implements Port<LinesLink> {
  readonly kind = 'lines';
  /** Lines that somebody else has. */
  readonly held = new Set<number>();
  readonly #body: LinesBody;
  readonly #driven = new Map<number, boolean>();

  constructor(name: string, body: LinesBody) {
    super(name);
    this.#body = body;
  }

  /** A chip that is pulled drives nothing any more. */
  override unplug(): void {
    for (const line of [...this.#driven.keys()]) this.#letGo(line);
    super.unplug();
  }

  protected link(alive: OwnedCell<boolean>): LinesLink {
    const safe = new Map<number, boolean>();
    const check = (line: number) => {
      if (!(Number.isInteger(line) && line >= 0 && line < this.#body.count))
        throw new Fault('unsupported', `${this.name} has no line ${line}`);
      if (this.held.has(line)) throw new Fault('busy', `line ${line} of ${this.name} is in use`);
    };
    return {
      kind: 'lines',
      alive,
      output: (line, { safe: level, keep = false }) =>
        this.reach(alive, () => {
          check(line);
          if (keep) safe.delete(line);
          else safe.set(line, level);
          if (!keep || !this.#driven.has(line)) this.#drive(line, level);
          const driven = () => this.#driven.get(line) ?? level;
          return {
            get level() {
              return driven();
            },
            write: (next) => this.reach(alive, () => this.#drive(line, next)),
          };
        }),
      input: (line) =>
        this.reach(alive, () => {
          check(line);
          this.#letGo(line);
          return { read: () => this.reach(alive, () => this.#body.level(line)) };
        }),
      close: async () => {
        if (alive.value) for (const [line, level] of safe) this.#drive(line, level);
        alive.set(false);
      },
    };
  }

  #drive(line: number, level: boolean): void {
    this.#driven.set(line, level);
    this.#body.drive(line, level);
  }

  #letGo(line: number): void {
    if (this.#driven.delete(line)) this.#body.drive(line, undefined);
  }
}
