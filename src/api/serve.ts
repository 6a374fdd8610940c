import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Api } from './api.ts';

export interface Served {
  /** The one that was chosen when 0 was asked for. */
  readonly port: number;
  /** Ends every connection, live ones too. */
  close(): Promise<void>;
}

/** @throws the system's error when the port is taken */
export function serveApi(parts: {
  app: Api;
  port: number;
  bind: string;
  clock: Clock;
  log: Log;
}): Promise<Served> {
  const { app, port, bind, clock, log } = parts;
  if (clock.simulated) throw new Error('HTTP needs the system clock');
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, bind, () => {
      server.off('error', reject);
      server.on('error', (error) => log.error({ err: error }, 'http'));
      const { port: chosen } = server.address() as AddressInfo;
      log.info({ bind, port: chosen }, 'http listens');
      resolve({
        port: chosen,
        close: () =>
          new Promise<void>((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
