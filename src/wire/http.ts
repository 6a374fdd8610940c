import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import { type HttpLink, type HttpReply, type HttpRequest, type Port, requireRealTime } from './link.ts';

const TIMEOUT_MS = 10_000;
/** A 62 Mpx frame as int32 is 248 MB; what is larger is no camera's answer. */
const MAX_BODY_BYTES = 300 << 20;

export function httpPort(host: string, port: number): Port<HttpLink> {
  return {
    kind: 'http',
    name: `http://${host}:${port}`,
    async open(clock) {
      requireRealTime(clock, 'HTTP');
      return httpLink(clock, `${host}:${port}`, true, () => connect({ host, port, noDelay: true }));
    },
  };
}

/** In memory the bytes are the same: an HTTP server at the other end of a Duplex, one a connection. */
export class MemoryHttpPort implements Port<HttpLink> {
  readonly kind = 'http';
  readonly name: string;
  readonly #dial: () => Duplex;
  readonly #sockets = new Set<Duplex>();
  #plugged = true;

  constructor(name: string, dial: () => Duplex) {
    this.name = `memory:${name}`;
    this.#dial = dial;
  }

  async open(clock: Clock): Promise<HttpLink> {
    return httpLink(clock, 'memory', false, () => {
      const socket = this.#dial();
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      if (!this.#plugged) this.#cut(socket);
      return socket;
    });
  }

  /** Connections that are open end too. */
  unplug(): void {
    this.#plugged = false;
    for (const socket of this.#sockets) this.#cut(socket);
  }

  plug(): void {
    this.#plugged = true;
  }

  #cut(socket: Duplex): void {
    socket.destroy(new Error(`${this.name} is unplugged`));
  }
}

/** @param keepAlive only sockets can be kept alive: each exchange in memory has a Duplex of its own */
function httpLink(clock: Clock, host: string, keepAlive: boolean, dial: () => Duplex): HttpLink {
  const agent = new Agent({ keepAlive, maxSockets: 4 });
  agent.createConnection = () => dial();
  let closed = false;
  return {
    kind: 'http',
    async request(request) {
      if (closed) throw new Fault('gone', 'the link is closed');
      return exchange(clock, agent, host, request);
    },
    async close() {
      closed = true;
      agent.destroy();
    },
  };
}

function exchange(clock: Clock, agent: Agent, host: string, request: HttpRequest): Promise<HttpReply> {
  const { method, path, headers, body, timeoutMs = TIMEOUT_MS } = request;
  const what = `${method} ${path.split('?')[0]}`;
  return new Promise((resolve, reject) => {
    let over = false;
    const fail = (fault: Fault) => {
      over = true;
      cancel();
      outgoing.destroy();
      reject(fault);
    };
    const cancel = clock.after(timeoutMs, () =>
      fail(new Fault('silent', `${what}: no answer within ${timeoutMs / 1000} s`)),
    );
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing: ClientRequest = httpRequest({
      agent,
      method,
      path,
      headers: { host, ...headers, ...length },
    });
    outgoing.on('error', (error: Error & { code?: string }) => {
      // The server gave up an idle connection just as it was used again: it has not seen the request.
      if (!over && outgoing.reusedSocket && error.code === 'ECONNRESET') {
        cancel();
        resolve(exchange(clock, agent, host, request));
      } else fail(asFault(what, error));
    });
    outgoing.on('response', (incoming) => {
      collect(incoming, what).then((reply) => {
        cancel();
        resolve(reply);
      }, fail);
    });
    outgoing.end(body);
  });
}

async function collect(incoming: IncomingMessage, what: string): Promise<HttpReply> {
  const announced = Number(incoming.headers['content-length']);
  if (announced > MAX_BODY_BYTES)
    throw new Fault('garbled', `${what}: an answer of ${announced} bytes is refused`);
  // A known length is gathered in place: frames are large, and joining chunks would hold them twice.
  let body = new Uint8Array(announced || 0);
  let used = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      if (used + chunk.length > MAX_BODY_BYTES)
        throw new Fault('garbled', `${what}: the answer does not end`);
      if (used + chunk.length > body.length) {
        const larger = new Uint8Array(Math.max(2 * body.length, used + chunk.length, 4096));
        larger.set(body.subarray(0, used));
        body = larger;
      }
      body.set(chunk, used);
      used += chunk.length;
    }
  } catch (error) {
    throw error instanceof Fault ? error : asFault(what, error as Error);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value);
  return { status: incoming.statusCode ?? 0, headers, body: body.subarray(0, used) };
}

function asFault(what: string, error: Error & { code?: string }): Fault {
  const garbled = error.code?.startsWith('HPE_') ?? false;
  return new Fault(garbled ? 'garbled' : 'gone', `${what}: ${error.message}`, { cause: error });
}
