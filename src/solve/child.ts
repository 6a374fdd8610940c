import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';

/** What is kept of what a program says. */
const MOST_TEXT = 200_000;

export interface ChildOptions {
  readonly clock: Clock;
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

/** Where a program lies, by PATH. */
export function executable(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Runs a program to its end, without a shell, in a process group of its own, for it may have children.
 * @returns what it said, on either channel; `late` when it was ended for taking too long
 * @throws Fault `gone` when it cannot be started, the signal's reason when that ended it
 */
export function runChild(
  program: string,
  words: readonly string[],
  { clock, seconds, signal }: ChildOptions,
): Promise<{ text: string; late: boolean }> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let text = '';
    let late = false;
    const end = () => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch (error) {
        // It ended in this very moment.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    };
    const cancel = clock.after(seconds * 1000, () => {
      late = true;
      end();
    });
    signal?.addEventListener('abort', end, { once: true });
    const settle = () => {
      cancel();
      signal?.removeEventListener('abort', end);
    };
    for (const channel of [child.stdout, child.stderr]) {
      channel.setEncoding('latin1').on('data', (piece: string) => {
        if (text.length < MOST_TEXT) text += piece;
      });
    }
    child.on('error', (error) => {
      settle();
      reject(new Fault('gone', `${program} does not start: ${error.message}`, { cause: error }));
    });
    child.on('close', () => {
      settle();
      if (signal?.aborted) reject(signal.reason);
      else resolve({ text, late });
    });
  });
}
