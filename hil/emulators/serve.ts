import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { MemoryHttpPort } from '../../src/wire/http.ts';
import { MemoryPort, memorySockets } from '../../src/wire/memory.ts';
import { MemoryLinesPort, MemoryOneWirePort, MemoryRegisterPort } from '../../src/wire/memory-chips.ts';
import { socketLink } from '../../src/wire/tcp.ts';
import type { Emulator, EmulatorContext, EmulatorFamily, HttpEmulator, StreamEmulator } from './emulator.ts';

export interface Served {
  port: number;
  close(): Promise<void>;
}

/** On loopback; every connection is one host at the same device. @param port 0: any free one */
export function serveTcp(emulator: StreamEmulator, port: number): Promise<Served> {
  const open = new Set<{ destroy(): void }>();
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    emulator.attach(socketLink(socket));
  });
  return listen(server, port, open);
}

export function serveHttp(emulator: HttpEmulator, port: number): Promise<Served> {
  const server = httpServerOf(emulator);
  const open = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  return listen(server, port, open);
}

export const memoryStreamPort = (name: string, emulator: StreamEmulator): MemoryPort =>
  new MemoryPort(name, (link) => emulator.attach(link));

export function memoryHttpPort(name: string, emulator: HttpEmulator): MemoryHttpPort {
  const server = httpServerOf(emulator);
  return new MemoryHttpPort(name, () => {
    const [host, device] = memorySockets();
    server.emit('connection', device);
    return host;
  });
}

/** A socket in memory, to be opened, pulled and disturbed. */
export type MemorySocket =
  | MemoryPort
  | MemoryHttpPort
  | MemoryRegisterPort
  | MemoryLinesPort
  | MemoryOneWirePort;

/** A device of the family, and the socket it sits in. */
export function plugIn(
  name: string,
  family: EmulatorFamily,
  context: EmulatorContext,
): { emulator: Emulator; socket: MemorySocket } {
  switch (family.kind) {
    case 'stream': {
      const emulator = family.create(context);
      return { emulator, socket: memoryStreamPort(name, emulator) };
    }
    case 'http': {
      const emulator = family.create(context);
      return { emulator, socket: memoryHttpPort(name, emulator) };
    }
    case 'registers': {
      const emulator = family.create(context);
      return { emulator, socket: new MemoryRegisterPort(name, (...asked) => emulator.transfer(...asked)) };
    }
    case 'lines': {
      const emulator = family.create(context);
      return { emulator, socket: new MemoryLinesPort(name, emulator) };
    }
    case 'one-wire': {
      const emulator = family.create(context);
      return { emulator, socket: new MemoryOneWirePort(name, () => emulator.scratchpad()) };
    }
  }
}

const httpServerOf = (emulator: HttpEmulator): HttpServer =>
  createHttpServer((request, response) => emulator.handle(request, response));

function listen(server: Server, port: number, open: Set<{ destroy(): void }>): Promise<Served> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((done) => {
            for (const socket of open) socket.destroy();
            server.close(() => done());
          }),
      }),
    );
  });
}
