import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpReply } from '../../src/wire/link.ts';
import type { EmulatorContext, EmulatorFamily, HttpEmulator } from '../emulators/emulator.ts';
import { memoryHttpPort } from '../emulators/serve.ts';
import { below, type Chance, mutated, nasty, noise, pick } from './fuzz-bytes.ts';
import type { Tally } from './fuzz-stream.ts';

export interface Spoiler {
  chance: Chance;
  /** Of the answers, 0–1. */
  share: number;
  tally: Tally;
}

type HttpFamily = Extract<EmulatorFamily, { kind: 'http' }>;

/** The same device behind a server that goes wrong in every way: below HTTP, in its head, in JSON, in ImageBytes. */
export function spoiledFamily(family: HttpFamily, spoiler: Spoiler): HttpFamily {
  return {
    ...family,
    create(context: EmulatorContext): HttpEmulator {
      const emulator = family.create(context);
      const link = memoryHttpPort('behind', emulator).open(context.clock);
      async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const { method, url = '/', headers, socket } = request;
        const parts: Buffer[] = [];
        for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
        const body = Buffer.concat(parts);
        const reply = await (await link).request({
          method: method === 'PUT' ? 'PUT' : 'GET',
          path: url,
          headers: { accept: headers.accept ?? '', 'content-type': headers['content-type'] ?? '' },
          ...(body.length > 0 && { body }),
        });
        const { chance, share, tally } = spoiler;
        if (chance() >= share) {
          response.writeHead(reply.status, { ...reply.headers, connection: 'close' });
          response.end(reply.body);
          return;
        }
        tally.strings++;
        const late = chance() < 0.1 ? below(chance, 15_000) : 0;
        if (late > 0) await context.clock.sleep(late);
        const bytes = spoiled(chance, reply);
        if (socket.destroyed || bytes === undefined) return;
        socket.write(bytes);
        // One that stays open after half an answer is only ended by the client's patience.
        if (chance() < 0.8) socket.end();
      }
      return {
        truth: emulator.truth,
        handle: (request, response) =>
          void answer(request, response).catch((error) => response.destroy(error as Error)),
      };
    },
  };
}

/** @returns undefined: it never answers */
function spoiled(chance: Chance, reply: HttpReply): Uint8Array | undefined {
  const { body, headers } = reply;
  switch (below(chance, 10)) {
    case 0:
      return undefined;
    case 1:
      return noise(chance, 300);
    case 2:
      return mutated(chance, whole(reply));
    case 3: {
      const all = whole(reply);
      return all.subarray(0, below(chance, all.length));
    }
    case 4:
      return whole({ ...reply, status: pick(chance, [0, 100, 204, 301, 400, 404, 500, 599, 999]) });
    case 5: {
      const length = pick(chance, ['0', '1', String(body.length + 7), '-1', '99999999999', nasty(chance)]);
      return whole({ ...reply, headers: { ...headers, 'content-length': length } });
    }
    case 6:
      return whole({ ...reply, headers: { ...headers, 'content-type': otherType(headers) } });
    case 7:
      return json(reply, { Value: oddValue(chance) });
    case 8:
      return json(reply, { ErrorNumber: pick(chance, [1024, 1025, 1031, 1035, 1280, -1, '0', null, 1e99]) });
    default:
      return whole({ ...reply, body: image(headers) ? bentImage(chance, body) : mutated(chance, body) });
  }
}

const image = (headers: HttpReply['headers']) => headers['content-type'] === 'application/imagebytes';
const otherType = (headers: HttpReply['headers']) =>
  image(headers) ? 'application/json' : 'application/imagebytes';

function oddValue(chance: Chance): unknown {
  const deep = JSON.parse('['.repeat(500) + ']'.repeat(500)) as unknown;
  const odd = [null, true, -1, 1e308, 0.5, '', '7', {}, [], [[]], deep, 'x'.repeat(2 << 20), nasty(chance)];
  return pick(chance, odd);
}

const json = (reply: HttpReply, fields: object): Uint8Array =>
  whole({
    ...reply,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ Value: 0, ErrorNumber: 0, ErrorMessage: '', ...fields })),
  });

/** ImageBytes whose header says something else: its eleven 32-bit numbers, one of them wrong. */
function bentImage(chance: Chance, body: Uint8Array): Uint8Array {
  const bent = Buffer.from(body);
  const value = pick(chance, [0, 1, -1, 3, 44, 65_536, 0x7fffffff, -0x80000000, below(chance, 1000)]);
  if (bent.length >= 44) bent.writeInt32LE(value, 4 * below(chance, 11));
  return bent;
}

/** As it goes over the wire; the length is added where the headers say none. */
function whole({ status, headers, body }: HttpReply): Uint8Array {
  const kept = Object.entries({ 'content-length': String(body.length), ...headers, connection: 'close' });
  const lines = kept.map(([name, value]) => `${name}: ${value.replace(/[\r\n]/g, '')}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} so\r\n${lines.join('')}\r\n`), body]);
}
