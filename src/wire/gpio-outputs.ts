import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folderOf, openPin, type Pin } from './gpio.ts';
import type { OutputOptions } from './link.ts';
import { Turns } from './turns.ts';
import { isAbsent } from './usb.ts';

export interface GpioParts {
  sys?: string;
  /** Where safe levels are written down, for whoever has to set them after a kill. */
  run?: string;
  /** Opens an exported line; tests have another. */
  open?(number: number, direction: 'in' | 'high' | 'low'): Promise<Pin>;
}

/** A line that is driven. */
export interface Held {
  readonly pin: Pin;
  /** Threads write: what was asked for last must be written last. */
  readonly turns: Turns;
  level: boolean;
  safe: boolean;
  keep: boolean;
}

/**
 * The outputs of one process, by their global number. They are held to its end: the pin controller of a Raspberry Pi makes
 * an input of a line that is let go, and what hangs on it follows the chip's pull. The kernel keeps a line's level when the
 * process dies, so that a heater would stay on: safe levels are set when the process ends by itself, and stand in
 * `<run>/safe-lines` (`<file> <level>` a line) for whoever cleans up after one that was killed.
 */
export class GpioOutputs {
  readonly sys: string;
  readonly open: (number: number, direction: 'in' | 'high' | 'low') => Promise<Pin>;
  readonly #run: string;
  readonly #held = new Map<number, Held>();
  readonly #records = new Turns();
  #watched = false;

  constructor({ sys = '/sys', run = '/run/nightjar', open = openPin }: GpioParts = {}) {
    this.sys = sys;
    this.open = open;
    this.#run = run;
  }

  has(number: number): boolean {
    return this.#held.has(number);
  }

  /** Level and direction are written in one step, so that there is no pulse. */
  async drive(number: number, { safe, keep = false }: OutputOptions): Promise<Held> {
    const held = this.#held.get(number) ?? (await this.#take(number, safe, keep));
    Object.assign(held, { safe, keep });
    if (!keep) await set(held, safe);
    await this.#records.take(() => this.#record());
    return held;
  }

  /** A line that is no output any more, or whose chip is gone. */
  async drop(number: number): Promise<void> {
    const held = this.#held.get(number);
    if (!held) return;
    this.#held.delete(number);
    held.pin.unexport();
    await this.#records.take(() => this.#record());
  }

  async #take(number: number, safe: boolean, keep: boolean): Promise<Held> {
    const folder = folderOf(this.sys, number);
    await writeFile(join(folder, 'active_low'), '0');
    const driven = (await textOf(join(folder, 'direction'))) === 'out';
    const level = keep && driven ? (await textOf(join(folder, 'value'))) === '1' : safe;
    const pin = await this.open(number, level ? 'high' : 'low');
    const held = { pin, turns: new Turns(), level, safe, keep };
    this.#held.set(number, held);
    this.#watchExit();
    return held;
  }

  async #record(): Promise<void> {
    const file = join(this.#run, 'safe-lines');
    const lines = [...this.#held]
      .filter(([, { keep }]) => !keep)
      .map(([number, { safe }]) => `${join(folderOf(this.sys, number), 'value')} ${safe ? 1 : 0}\n`);
    try {
      await writeFile(`${file}.tmp`, lines.join(''));
      await rename(`${file}.tmp`, file);
    } catch (error) {
      // Where nobody supervises the process there is no such folder, or it is not ours.
      if (!isAbsent(error) && (error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    }
  }

  #watchExit(): void {
    if (this.#watched) return;
    this.#watched = true;
    process.once('exit', () => {
      for (const { pin, safe, keep } of this.#held.values()) {
        try {
          if (!keep) pin.writeSync(safe ? 1 : 0);
        } catch {}
      }
    });
  }
}

export const set = (held: Held, level: boolean): Promise<void> =>
  held.turns.take(async () => {
    await held.pin.write(level ? 1 : 0);
    held.level = level;
  });

const textOf = async (file: string): Promise<string> => (await readFile(file, 'utf8')).trim();
