import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere, removeWhole, writeWhole } from '../whole-file.ts';
import type { Machine } from './machine.ts';

/** Who may log in, and the unit's own key: made on it when the first owner's key comes, and kept. */
export class Ssh {
  readonly #folder: string;
  readonly #machine: Machine;

  constructor(system: string, machine: Machine) {
    this.#folder = join(system, 'ssh');
    this.#machine = machine;
  }

  /** Somebody may. */
  get on(): boolean {
    return readIfThere(this.#owners) !== undefined;
  }

  /** @returns what is wrong, in plain words */
  allow(keys: readonly string[]): string | undefined {
    mkdirSync(this.#folder, { recursive: true, mode: 0o755 });
    const own = join(this.#folder, 'ssh_host_ed25519_key');
    // Empty: the power went while it was made.
    if (!readIfThere(own)) {
      rmSync(own, { force: true });
      const made = this.#machine.run(
        'ssh-keygen',
        '-q',
        '-t',
        'ed25519',
        '-N',
        '',
        '-C',
        'nightjar',
        '-f',
        own,
      );
      if (made === undefined) return 'ssh.key: the unit cannot make a key of its own; SSH stays off';
    }
    writeWhole(this.#owners, `${keys.join('\n')}\n`, { mode: 0o644 });
    return undefined;
  }

  allowNobody(): void {
    removeWhole(this.#owners);
  }

  get #owners(): string {
    return join(this.#folder, 'authorized_keys');
  }
}
