import { createWriteStream, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { type Clock, systemClock } from '../../src/core/clock.ts';

/** What of the serial console is kept in memory to look for a marker in. */
const KEPT = 200_000;

/** A guest's serial console: followed for markers, and kept whole in a file. */
export class Console {
  #text = '';
  #ended = false;
  #watchers = new Set<() => void>();
  readonly #clock: Clock;

  constructor(output: Readable, logFile: string, clock: Clock = systemClock) {
    this.#clock = clock;
    // Opened at once: a file that cannot be written is told of here, not later.
    output.pipe(createWriteStream(logFile, { fd: openSync(logFile, 'w') }));
    output.setEncoding('utf8');
    output.on('data', (text: string) => {
      this.#text = (this.#text + text).slice(-KEPT);
      this.#tell();
    });
    output.on('end', () => {
      this.#ended = true;
      this.#tell();
    });
  }

  /** Resolves when the console has shown it. @throws Error with its last words when it is late or QEMU ended */
  async shows(marker: RegExp, seconds: number): Promise<void> {
    const late = this.#clock.monotonic() + 1000 * seconds;
    for (;;) {
      if (marker.test(this.#text)) return;
      if (/Kernel panic|emergency mode/.test(this.#text)) throw new Error(`the guest fell: ${this.tail()}`);
      const left = late - this.#clock.monotonic();
      if (this.#ended) throw new Error(`QEMU ended before ${marker} was seen: ${this.tail()}`);
      if (left <= 0) throw new Error(`${marker} was not on the console in ${seconds} s: ${this.tail()}`);
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.after(left, done);
        const watchers = this.#watchers;
        function done() {
          watchers.delete(done);
          cancel();
          resolve();
        }
        watchers.add(done);
      });
    }
  }

  /** Its last lines, without colours. */
  tail(): string {
    // biome would have the escape character written out; a code point says the same.
    const colours = new RegExp(`${String.fromCodePoint(27)}\\[[0-9;?]*[A-Za-z]`, 'g');
    return this.#text.replace(colours, '').trimEnd().split(/\r?\n/).slice(-8).join(' | ');
  }

  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
