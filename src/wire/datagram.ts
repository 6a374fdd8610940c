import { createSocket } from 'node:dgram';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import { type DatagramLink, requireRealTime } from './link.ts';

/** A UDP socket allowed to broadcast. @param port 0: any */
export async function udpLink(
  clock: Clock,
  bind: string,
  port = 0,
): Promise<DatagramLink & { port: number }> {
  requireRealTime(clock, 'UDP');
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => reject(new Fault('gone', `udp ${bind}:${port}: ${error.message}`)));
    socket.bind(port, bind, () => resolve());
  });
  socket.setBroadcast(true);
  return {
    kind: 'datagram',
    port: socket.address().port,
    send: (bytes, to) =>
      new Promise((resolve, reject) =>
        socket.send(bytes, to.port, to.host, (error) =>
          error ? reject(new Fault('gone', error.message)) : resolve(),
        ),
      ),
    read: (reader) =>
      void socket.on('message', (bytes, from) => reader(bytes, { host: from.address, port: from.port })),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** A network in memory: every link on it is a port of the one host `memory`; port 0 takes a free one. */
export function memoryNetwork(): { link(port: number): DatagramLink & { port: number } } {
  const readers = new Map<number, (bytes: Uint8Array, from: { host: string; port: number }) => void>();
  let free = 49152;
  return {
    link(wanted) {
      const port = wanted || free++;
      readers.set(port, () => {});
      return {
        kind: 'datagram',
        port,
        async send(bytes, to) {
          const copy = Uint8Array.from(bytes);
          queueMicrotask(() => readers.get(to.port)?.(copy, { host: 'memory', port }));
        },
        read: (reader) => void readers.set(port, reader),
        async close() {
          readers.delete(port);
        },
      };
    },
  };
}
