import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/**
 * Bytes that the other side's kernel has not acknowledged, from Linux' table of TCP sockets (proc(5), /proc/net/tcp:
 * `tx_queue`); undefined where there is no such table, or the socket is not in it.
 */
export async function unacknowledged(socket: Socket): Promise<number | undefined> {
  const { localPort, remotePort, remoteFamily } = socket;
  if (localPort === undefined || remotePort === undefined) return undefined;
  const file = remoteFamily === 'IPv6' ? '/proc/net/tcp6' : '/proc/net/tcp';
  const table = await readFile(file, 'latin1').catch(() => '');
  return queuedIn(table, localPort, remotePort);
}

/** @param table the text of /proc/net/tcp; addresses are not compared: a pair of ports is enough for a client */
export function queuedIn(table: string, localPort: number, remotePort: number): number | undefined {
  const [local, remote] = [localPort, remotePort].map((port) =>
    port.toString(16).toUpperCase().padStart(4, '0'),
  );
  const row = new RegExp(
    `^\\s*\\d+: [\\dA-F]+:${local} [\\dA-F]+:${remote} [\\dA-F]{2} ([\\dA-F]{8}):`,
    'm',
  ).exec(table);
  return row ? Number.parseInt(row[1] as string, 16) : undefined;
}

/** For how long nothing has been acknowledged although something was under way. */
export class Silence {
  #acknowledged = 0;
  #since: number | undefined;

  /**
   * @param sent bytes handed to the kernel so far
   * @param waiting those of them that are not acknowledged
   * @param now milliseconds
   * @returns milliseconds
   */
  lasts(sent: number, waiting: number, now: number): number {
    const heard = waiting === 0 || sent - waiting > this.#acknowledged;
    this.#acknowledged = sent - waiting;
    this.#since = heard ? now : (this.#since ?? now);
    return now - this.#since;
  }
}
