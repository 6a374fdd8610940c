import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import type { Clock } from '../../core/clock.ts';
import { asError, Fault } from '../../core/errors.ts';
import type { Pinned } from './vendors.ts';

/** Nothing for so long: the other end is gone. */
const STALL_MS = 30_000;

export interface Download {
  clock: Clock;
  signal: AbortSignal;
  /** @param bytes that have come so far */
  progress(bytes: number): void;
  /** Tests have another. */
  get?: typeof fetch;
}

/**
 * One file, of exactly the bytes that were promised: it stands under its name only when its checksum is right, so that a
 * plain connection will do. @throws Fault `gone` (no network), `refused` (the mirror has it no more), `silent`, `garbled`
 */
export async function download(
  url: string,
  file: string,
  { size, sha256 }: Pick<Pinned, 'size' | 'sha256'>,
  { clock, signal, progress, get = fetch }: Download,
): Promise<void> {
  const host = new URL(url).host;
  const stalled = new AbortController();
  const stall = () => stalled.abort(new Fault('silent', `${host} says nothing more`));
  let cancel = clock.after(STALL_MS, stall);
  const hash = createHash('sha256');
  const part = `${file}.part`;
  const target = await open(part, 'w');
  try {
    const either = AbortSignal.any([signal, stalled.signal]);
    const reply = await get(url, { signal: either }).catch((error) => {
      either.throwIfAborted();
      const reason = asError(asError(error).cause ?? error).message;
      throw new Fault('gone', `${host} cannot be reached (${reason}): this needs the internet`);
    });
    if (!reply.ok || !reply.body) throw new Fault('refused', `${host} has no ${url} (${reply.status})`);
    let bytes = 0;
    for await (const chunk of reply.body) {
      cancel();
      cancel = clock.after(STALL_MS, stall);
      bytes += chunk.length;
      if (bytes > size) throw new Fault('garbled', `${url} is longer than it should be`);
      hash.update(chunk);
      await target.write(chunk);
      progress(bytes);
    }
    if (bytes !== size || hash.digest('hex') !== sha256) {
      throw new Fault('garbled', `${url} is not what it should be: nothing of it is used`);
    }
    await target.sync();
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    // A body that breaks off is told as an error of its own.
    if (error instanceof Fault || signal.aborted) throw error;
    throw stalled.signal.aborted
      ? stalled.signal.reason
      : new Fault('gone', `${host}: ${asError(error).message}`, { cause: error });
  } finally {
    cancel();
    await target.close();
  }
}

/** Whether a file is there and is the one that is meant. */
export async function isPinned(
  file: string,
  { size, sha256 }: Pick<Pinned, 'size' | 'sha256'>,
): Promise<boolean> {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes?.length === size && createHash('sha256').update(bytes).digest('hex') === sha256;
}
