import { type Cell, cell } from '../../core/cell.ts';
import type { Clock } from '../../core/clock.ts';
import type { DefVector, NewVector } from '../message.ts';
import type { Seen } from '../mirror.ts';
import { Remembered } from './remembered.ts';

export interface RestorationParts {
  clock: Clock;
  say(command: NewVector): boolean;
  /** What the present life of the program has defined. */
  present(): readonly Seen[];
}

/** Without a new definition for so long, they count as complete for now. */
const QUIET_MS = 250;

/**
 * After its program was started anew, a device is set again to what it was set to before: once as soon as its first
 * definitions are complete (ports, modes: before anybody connects it), and once when it is connected and has defined
 * the rest and loaded what it keeps itself. A driver that has its own view of a property then keeps it.
 */
export class Restoration {
  readonly #parts: RestorationParts;
  readonly #remembered = new Remembered();
  readonly #settled = cell(false);
  /** In this round. */
  readonly #restored = new Set<string>();
  #round: 'none' | 'started' | 'connected' = 'none';
  #cancel = () => {};

  constructor(parts: RestorationParts) {
    this.#parts = parts;
  }

  /** Definitions are complete, and what was set before is set again. */
  get settled(): Cell<boolean> {
    return this.#settled;
  }

  note(definition: DefVector, command: NewVector): void {
    this.#remembered.note(definition, command);
  }

  forget(name: string): void {
    this.#remembered.forget(name);
  }

  /** The program is gone. */
  lose(): void {
    this.#cancel();
    this.#settled.set(false);
    this.#restored.clear();
    this.#round = 'started';
  }

  connect(): void {
    this.#settled.set(false);
    this.#restored.clear();
    if (this.#round === 'started') this.#round = 'connected';
    this.stir();
  }

  /** A definition has come. */
  stir(): void {
    this.#cancel();
    this.#cancel = this.#parts.clock.after(QUIET_MS, () => {
      // What is set may bring further definitions.
      if (this.#round !== 'none' && this.#restore()) return this.stir();
      if (this.#round === 'connected') this.#round = 'none';
      this.#settled.set(true);
    });
  }

  close(): void {
    this.#cancel();
  }

  /** True when there was something to set. */
  #restore(): boolean {
    const commands = this.#parts
      .present()
      .filter(({ definition }) => !this.#restored.has(definition.name))
      .flatMap((seen) => this.#remembered.command(seen) ?? []);
    for (const command of commands) {
      this.#restored.add(command.name);
      this.#parts.say(command);
    }
    return commands.length > 0;
  }
}
