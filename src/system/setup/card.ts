import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asError } from '../../core/errors.ts';
import { isMissing, writeWhole } from '../whole-file.ts';
import type { Machine } from './machine.ts';

/** The boot partition: every computer can read it, and it is mounted for reading only. */
export class Card {
  readonly #folder: string;
  readonly #machine: Machine;

  constructor(folder: string, machine: Machine) {
    this.#folder = folder;
    this.#machine = machine;
  }

  /** Undefined: there is no such file, or no partition. @throws Error of a card that cannot be read */
  read(name: string): Uint8Array | undefined {
    try {
      return readFileSync(join(this.#folder, name));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /**
   * Mounts for writing only while it writes, and only if something differs.
   * @returns why it has not that text now; undefined: it has
   */
  write(name: string, text: string): string | undefined {
    const path = join(this.#folder, name);
    try {
      writeWhole(path, text);
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EROFS' || !this.#machine.root)
        return cannot(name, error);
    }
    if (this.#machine.run('mount', '-o', 'remount,rw', this.#folder) === undefined)
      return cannot(name, `${this.#folder} cannot be mounted for writing`);
    try {
      writeWhole(path, text);
      return undefined;
    } catch (error) {
      return cannot(name, error);
    } finally {
      this.#machine.run('mount', '-o', 'remount,ro', this.#folder);
    }
  }
}

const cannot = (name: string, why: unknown): string => `${name} cannot be written: ${asError(why).message}`;
