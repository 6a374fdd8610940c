import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { SimClock, utcOf } from '../core/clock.ts';
import { createApi } from './api.ts';
import { littleRig } from './little-rig.ts';
import type { Parts } from './parts.ts';

const webDirectory = mkdtempSync(join(tmpdir(), 'nightjar-web-'));
writeFileSync(join(webDirectory, 'index.html'), '<!doctype html><title>Nightjar</title>');
writeFileSync(join(webDirectory, '..', 'nightjar-outside.txt'), 'not served');

/** As a server says where a request has come in. */
const loopback = { incoming: { socket: { localAddress: '127.0.0.1', localPort: 8080 } } };

/** One connected little rig in simulated time, and a way to ask it: for the tests of this folder. */
export async function bench(
  add: Partial<Parts> | ((rig: ReturnType<typeof littleRig>) => Partial<Parts>) = {},
) {
  const clock = new SimClock(utcOf(2026, 11, 22, 20));
  const rig = littleRig(clock);
  const more = typeof add === 'function' ? add(rig) : add;
  const previews = { preview: async () => new TextEncoder().encode('a picture') };
  const parts = { ...rig, previews, webDirectory, metrics: new Registry(), version: '1.2.3', ...more };
  const app = createApi(parts);
  await clock.drive(rig.host.connectAll());
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const reply = await clock.drive(
      Promise.resolve(
        app.request(
          `http://localhost:8080${path}`,
          {
            method,
            headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
            ...(body !== undefined && { body: JSON.stringify(body) }),
          },
          loopback,
        ),
      ),
    );
    const text = await reply.text();
    const json = reply.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined;
    return { status: reply.status, headers: reply.headers, text, json };
  };
  const pass = (milliseconds: number) => clock.drive(clock.sleep(milliseconds));
  return { ...rig, clock, app, ask, pass };
}
