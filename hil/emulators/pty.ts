import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, unlink } from 'node:fs/promises';
import { cell } from '../../src/core/cell.ts';
import { BadInput } from '../../src/core/errors.ts';
import { streamLink } from '../../src/wire/tcp.ts';
import type { StreamEmulator } from './emulator.ts';

/**
 * Puts the emulator behind a pseudo terminal, raw, with a link at `path`: a serial port for any program. Those who
 * open it in turn meet one attachment, as on a real line, where the device cannot see the other end close.
 * @throws BadInput without `socat`, or when `path` cannot be made
 */
export async function servePty(emulator: StreamEmulator, path: string): Promise<{ close(): Promise<void> }> {
  await dropOldLink(path);
  const socat = spawn('socat', ['-d', '-d', `pty,raw,echo=0,link=${path}`, '-']);
  const ended = new Promise<void>((resolve) => socat.once('close', () => resolve()));
  await started(socat, path);
  // While somebody holds the slave end open, a program that closes it leaves no EIO to the next one.
  const slave: FileHandle = await open(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);

  const alive = cell(true);
  socat.once('close', () => alive.set(false));
  socat.stdin.on('error', () => alive.set(false));
  emulator.attach(
    streamLink(
      {
        write: (bytes, done) => socat.stdin.write(bytes, done),
        on: (event, reader) => socat.stdout.on(event, reader),
        destroy: () => socat.kill(),
      },
      alive,
    ),
  );
  return {
    async close() {
      await slave.close();
      socat.kill();
      await ended;
    },
  };
}

/** Resolves when `path` can be opened: socat then says that it begins to transfer. */
function started(socat: ChildProcessWithoutNullStreams, path: string): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    socat.once('error', () =>
      reject(new BadInput(`${path}: a pty needs the program socat (apt install socat)`)),
    );
    socat.once('close', () => {
      const why = /\bE (.*)/.exec(said)?.[1] ?? 'socat ended at once';
      reject(new BadInput(`${path}: no pty there: ${why}`));
    });
    socat.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4096);
      if (said.includes('starting data transfer')) resolve();
    });
  });
}

/** What a killed predecessor left; anything but a link stays and is reported. */
async function dropOldLink(path: string): Promise<void> {
  const there = await lstat(path).catch(() => undefined);
  if (there && !there.isSymbolicLink()) throw new BadInput(`${path}: a file is there already`);
  if (there) await unlink(path);
}
