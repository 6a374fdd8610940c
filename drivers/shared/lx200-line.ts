import type { Clock } from '../../src/core/clock.ts';
import { Fault } from '../../src/core/errors.ts';
import { Asker } from '../../src/wire/asker.ts';
import { exactly, type Framing, until } from '../../src/wire/framing.ts';
import type { StreamLink } from '../../src/wire/link.ts';

/** After an answer that makes no sense, the rest of it has passed within this time. */
const QUIET_MS = 200;

/** The three kinds of LX200 commands: read (an answer with `#`), set (one character without), told (no answer). */
export interface Lx200Line {
  /** Asks once more after silence or nonsense. @param parse undefined: this is no answer to that. @throws Fault */
  read<T>(command: string, parse: (answer: string) => T | undefined): Promise<T>;
  /** True for `1`, false for `0`. @throws Fault */
  set(command: string, framing?: Framing, timeoutMs?: number): Promise<boolean>;
  /** The answer as it is; never asked twice. */
  ask(command: string, framing?: Framing): Promise<string>;
  /** Several commands reach the mount together: nothing comes between a rate and the motion at that rate. */
  tell(...commands: string[]): Promise<void>;
}

export function lx200Line(link: StreamLink, clock: Clock): Lx200Line {
  const asker = new Asker(link, clock, { framing: until('#'), timeoutMs: 1500, quietMs: QUIET_MS });

  async function readOnce<T>(command: string, parse: (answer: string) => T | undefined): Promise<T> {
    const answer = await asker.ask(`:${command}#`);
    const value = parse(answer);
    if (value === undefined) throw new Fault('garbled', `:${command}# is answered ${JSON.stringify(answer)}`);
    return value;
  }

  return {
    async read(command, parse) {
      try {
        return await readOnce(command, parse);
      } catch (error) {
        if (!(error instanceof Fault) || error.kind === 'gone') throw error;
        await clock.sleep(QUIET_MS);
        return readOnce(command, parse);
      }
    },
    async set(command, framing = exactly(1), timeoutMs) {
      const answer = await asker.ask(`:${command}#`, framing, timeoutMs);
      if (answer[0] === '1') return true;
      if (answer[0] === '0') return false;
      throw new Fault('garbled', `:${command}# is answered ${JSON.stringify(answer)}, neither 1 nor 0`);
    },
    ask: (command, framing) => asker.ask(`:${command}#`, framing),
    tell: (...commands) => asker.tell(commands.map((command) => `:${command}#`).join('')),
  };
}
