import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Clock } from '../../core/clock.ts';
import { asError, Fault } from '../../core/errors.ts';
import { requireRealTime } from '../../wire/link.ts';
import { Outbox } from '../outbox.ts';
import { Reader } from '../reader.ts';
import { confined, DEFAULT_PATH, findDriver } from './executable.ts';
import { openFifo } from './fifo.ts';
import { BLOB_BYTES, type Hearing, type Life } from './life.ts';
import { Lines } from './lines.ts';
import type { ChildProgram } from './spec.ts';

/** A driver ends by itself when its input ends. */
const TERM_MS = 1000;
const KILL_MS = 2000;
/** Turns of the event loop in which the rest of a dead child's output (at most one pipe full) is read. */
const LAST_TURNS = 3;

/**
 * Runs a driver executable: INDI on stdin and stdout, free text on stderr, in a process group of its own so that
 * nothing it starts outlives it. @param home a directory of its own, where drivers keep what they remember
 * @param packages directory of driver packages outside the system
 * @throws Fault `gone` (not installed, cannot be started), `refused` (it could set the clock)
 */
export async function startChild(
  { executable, name, environment }: Omit<ChildProgram, 'id'>,
  home: string,
  clock: Clock,
  hearing: Hearing,
  packages?: string,
): Promise<Life> {
  requireRealTime(clock, 'a driver executable');
  const found = findDriver(executable, packages);
  if (!found) throw new Fault('gone', `${executable} is not installed`);
  const [command, ...args] = confined(found.path, found.libraries);
  await mkdir(home, { recursive: true, mode: 0o700 });
  let garbled: string | undefined;
  const reader = new Reader(
    { receive: (message) => hearing.receive(message), complain: (reason) => hearing.note(reason) },
    { blobBytes: BLOB_BYTES, memory: (bytes) => hearing.memory(bytes) },
  );
  const { output, end } = await openFifo((bytes) => {
    if (garbled) return;
    try {
      reader.push(bytes);
    } catch (error) {
      garbled = asError(error).message;
      signal(child, 'SIGKILL');
    }
  });
  const options = {
    stdio: ['pipe', end, 'pipe'] as ['pipe', number, 'pipe'],
    detached: true,
    cwd: home,
    env: {
      ...environment,
      ...(name !== undefined && { INDIDEV: name }),
      PATH: process.env.PATH ?? DEFAULT_PATH,
      HOME: home,
      TZ: 'UTC',
      LC_ALL: 'C',
    },
  };
  let child: ChildProcessByStdio<Socket, null, Readable>;
  try {
    child = spawn(command, args, options) as typeof child;
  } catch (error) {
    output.destroy();
    throw new Fault('gone', `${executable} cannot be started: ${asError(error).message}`);
  } finally {
    closeSync(end);
  }
  const { stdin, stderr } = child;
  if (!stdin) {
    // Without a descriptor left, Node makes no pipes, and tells the error later.
    output.destroy();
    throw new Fault('gone', `${executable}: ${await over(child)}`);
  }
  output.on('error', (error) => hearing.note(error.message));
  // It may be gone before it has read everything: its exit says so.
  stdin.on('error', (error) => hearing.note(error.message));
  const outbox = new Outbox(stdin);
  stdin.on('drain', () => outbox.feed());
  const words = new Lines((line) => hearing.note(line));
  stderr.setEncoding('utf8').on('data', (text: string) => words.push(text));

  const ended = over(child).then(async (reason) => {
    signal(child, 'SIGKILL');
    outbox.clear();
    for (let turn = 0; turn < LAST_TURNS; turn++) await clock.turn();
    output.destroy();
    words.end();
    stderr.destroy();
    return garbled ? `it wrote what is no INDI: ${garbled}` : reason;
  });
  return {
    ...(child.pid !== undefined && { pid: child.pid }),
    get bytesRead() {
      return output.bytesRead;
    },
    get waitingBytes() {
      return outbox.waitingBytes;
    },
    write: (text) => outbox.send(text),
    writeImage: (parcel) => outbox.sendBlob(parcel),
    kill: () => signal(child, 'SIGKILL'),
    ended,
    async close() {
      outbox.feed();
      outbox.clear();
      stdin.end();
      const cancels = [
        clock.after(TERM_MS, () => signal(child, 'SIGTERM')),
        clock.after(TERM_MS + KILL_MS, () => signal(child, 'SIGKILL')),
      ];
      await ended;
      for (const cancel of cancels) cancel();
    },
  };
}

/** To the child and everything it started. */
function signal({ pid }: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Nobody is left of it, or only what runs as somebody else.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

function over(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`it could not be started: ${error.message}`));
    child.once('exit', (code, name) =>
      resolve(name === null ? `it ended (exit code ${code})` : `it was ended by ${name}`),
    );
  });
}
