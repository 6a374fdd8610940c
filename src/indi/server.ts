import { createServer, type Server } from 'node:net';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { DeviceHost } from '../device/host.ts';
import type { Rig } from '../device/rig.ts';
import type { Shutter } from '../device/shutter.ts';
import { requireRealTime } from '../wire/link.ts';
import { Faces } from './faces.ts';
import { Router } from './router.ts';
import { Session } from './session.ts';

export interface IndiParts {
  host: DeviceHost;
  rig: Rig;
  shutter: Shutter;
  clock: Clock;
  log: Log;
  /** 7624; 0 lets the system choose. */
  port: number;
  /** Address to listen at. */
  bind: string;
  /** Shared with foreign programs; default: one of its own. */
  router?: Router;
}

export interface IndiServer {
  readonly port: number;
  /** Ends every connection; resolves within a second. */
  close(): Promise<void>;
}

/** More would be no observatory but an attack. */
const MOST_CLIENTS = 250;
const CHECK_MS = 5000;

/**
 * The INDI face (protocol 1.7): every device of the host, as INDI properties, to any number of clients.
 * @throws Error of `listen`: the port is taken, the address is not ours
 */
export async function createIndiServer(parts: IndiParts): Promise<IndiServer> {
  const { clock, log } = parts;
  requireRealTime(clock, 'the INDI server');
  const { router = new Router(clock) } = parts;
  const faces = new Faces(parts, router);
  const sessions = new Set<Session>();
  const server = createServer((socket) => {
    if (sessions.size >= MOST_CLIENTS) return void socket.destroy();
    const session = new Session(socket, router, clock, log);
    sessions.add(session);
    socket.once('close', () => sessions.delete(session));
    log.info({ client: socket.remoteAddress }, 'INDI: a client is here');
  });
  await listen(server, parts.port, parts.bind);
  let cancel = () => {};
  const check = () => {
    for (const session of sessions) session.check();
    cancel = clock.after(CHECK_MS, check);
  };
  check();
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : parts.port,
    async close() {
      cancel();
      faces.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.drop('the server closes');
      await closed;
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}
