import type { Clock } from '../../core/clock.ts';
import { asError, BadInput } from '../../core/errors.ts';
import { requireRealTime } from '../../wire/link.ts';
import { dial } from '../../wire/tcp.ts';
import type { Message } from '../message.ts';
import { Outbox } from '../outbox.ts';
import { print } from '../print.ts';
import { Reader } from '../reader.ts';
import { BLOB_BYTES, type Hearing, type Life } from './life.ts';

/** Another INDI server, or one device of it. */
interface RemoteAddress {
  device?: string;
  host: string;
  port: number;
}

const INDI_PORT = 7624;
const KEEP_ALIVE_MS = 10_000;

/** Reads `device@host:port`, `host:port` or `host`; IPv6 in brackets. @throws BadInput */
export function readRemote(text: string): RemoteAddress {
  const match = /^(?:(.+)@)?(\[[\da-fA-F:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/.exec(text.trim());
  const port = Number(match?.[3] ?? INDI_PORT);
  if (!match?.[2] || port < 1 || port > 65_535) {
    throw new BadInput(`"${text}" is no INDI server: write host, host:port or device@host:port`);
  }
  const device = match[1]?.replace(/^"(.*)"$/, '$1');
  return { ...(device && { device }), host: match[2].replace(/^\[|\]$/g, ''), port };
}

/**
 * A connection to another INDI server, as a client of it: its images are asked for, and where one device is meant,
 * the others are not heard. @throws Fault `gone`
 */
export async function startRemote(address: RemoteAddress, clock: Clock, hearing: Hearing): Promise<Life> {
  requireRealTime(clock, 'another INDI server');
  const { device: only, host, port } = address;
  const socket = await dial(clock, host, port, `INDI server ${host}:${port}`, KEEP_ALIVE_MS);
  const outbox = new Outbox(socket);
  socket.on('drain', () => outbox.feed());
  const say = (message: Message) => outbox.send(Buffer.from(print(message, '')));
  const known = new Set<string>();
  const receive = (message: Message) => {
    const device = 'device' in message ? message.device : undefined;
    if (only !== undefined && device !== only) return;
    if (message.type === 'def' && device !== undefined && !known.has(device)) {
      known.add(device);
      say({ type: 'enableBLOB', device, policy: 'Also' });
    }
    hearing.receive(message);
  };
  let reason = 'the connection was closed';
  const reader = new Reader(
    { receive, complain: (text) => hearing.note(text) },
    { blobBytes: BLOB_BYTES, memory: (bytes) => hearing.memory(bytes) },
  );
  socket.on('data', (bytes) => {
    try {
      reader.push(bytes);
    } catch (error) {
      reason = `it sent what is no INDI: ${asError(error).message}`;
      socket.destroy();
    }
  });
  socket.on('error', (error) => {
    reason = error.message;
  });
  const ended = new Promise<string>((resolve) =>
    socket.once('close', () => {
      outbox.clear();
      resolve(reason);
    }),
  );
  return {
    get bytesRead() {
      return socket.bytesRead;
    },
    get waitingBytes() {
      return outbox.waitingBytes;
    },
    write: (text) => outbox.send(text),
    writeImage: (parcel) => outbox.sendBlob(parcel),
    kill: () => void socket.destroy(),
    ended,
    async close() {
      socket.destroy();
      await ended;
    },
  };
}
