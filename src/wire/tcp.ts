import { connect, type Socket } from 'node:net';
import { cell, type OwnedCell } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import { type Port, requireRealTime, type StreamLink } from './link.ts';

const CONNECT_MS = 5000;

export function tcpPort(host: string, port: number): Port<StreamLink> {
  const name = `tcp://${host}:${port}`;
  return {
    kind: 'stream',
    name,
    async open(clock) {
      requireRealTime(clock, 'TCP');
      return socketLink(await dial(clock, host, port, name));
    },
  };
}

/**
 * A connected socket, within 5 s.
 * @param name how errors call the other end
 * @param keepAliveMs silence after which the kernel asks whether the other end is there; default its own
 * @throws Fault `gone`
 */
export function dial(
  clock: Clock,
  host: string,
  port: number,
  name: string,
  keepAliveMs = 0,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const keepAlive = { keepAlive: true, keepAliveInitialDelay: keepAliveMs };
    const socket = connect({ host, port, noDelay: true, ...keepAlive });
    const fail = (reason: string) => {
      cancel();
      socket.destroy();
      reject(new Fault('gone', `${name}: ${reason}`));
    };
    const cancel = clock.after(CONNECT_MS, () => fail(`no connection within ${CONNECT_MS / 1000} s`));
    socket.once('error', (error) => fail(error.message));
    socket.once('connect', () => {
      cancel();
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

/** A connected socket as a link; emulators wrap the sockets they accept in it too. */
export function socketLink(socket: Socket): StreamLink {
  const alive = cell(true);
  // A reset and an end are one thing to a driver: the link is gone.
  socket.on('error', () => alive.set(false));
  socket.on('close', () => alive.set(false));
  socket.on('end', () => alive.set(false));
  return streamLink(socket, alive);
}

/** What sockets and serial ports have in common: Node's stream with a callback for each write. */
export interface NodeStream {
  write(bytes: Uint8Array, done: (error?: Error | null) => void): boolean;
  on(event: 'data', reader: (bytes: Buffer) => void): unknown;
}

export function streamLink(
  stream: NodeStream & { destroy(): unknown },
  alive: OwnedCell<boolean>,
): StreamLink {
  return {
    kind: 'stream',
    alive,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (!alive.value) return reject(new Fault('gone', 'the link is closed'));
        stream.write(bytes, (error) => (error ? reject(new Fault('gone', error.message)) : resolve()));
      }),
    // Both kinds of stream keep what arrives until their first 'data' listener.
    read: (reader) => void stream.on('data', reader),
    async close() {
      alive.set(false);
      stream.destroy();
    },
  };
}
