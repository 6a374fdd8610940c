import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { test } from 'node:test';
import { when } from '../core/cell.ts';
import { type Clock, SimClock, systemClock } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import { Asker } from './asker.ts';
import { memoryNetwork, udpLink } from './datagram.ts';
import { latin1, until } from './framing.ts';
import { httpPort, MemoryHttpPort } from './http.ts';
import type { HttpLink, Port, StreamLink } from './link.ts';
import { MemoryPort, memorySockets } from './memory.ts';
import { serialPort } from './serial.ts';
import { tcpPort } from './tcp.ts';

const drive = <T>(clock: Clock, work: Promise<T>) => (clock instanceof SimClock ? clock.drive(work) : work);
const gone = (error: unknown) => error instanceof Fault && error.kind === 'gone';

/** What any byte stream does: carries both ways in order, keeps early bytes, knows when it is over. */
async function streamContract(clock: Clock, port: Port<StreamLink>, hangUp: () => void) {
  const link = await drive(clock, port.open(clock, { baud: 9600 }));
  const line = new Asker(link, clock, { framing: until('#'), timeoutMs: 3000 });
  assert.equal(await drive(clock, line.ask(':one#')), ':one#');
  const long = `:${'x'.repeat(2000)}#`;
  assert.equal(await drive(clock, line.ask(long)), long);
  // The serial binding misses a hang-up in the instant after a read; the host's polls find that one.
  await drive(clock, clock.sleep(300));
  hangUp();
  await drive(
    clock,
    when(link.alive, (alive) => !alive),
  );
  await assert.rejects(drive(clock, link.write(new Uint8Array(1))), gone);
  await link.close();
}

test('in-memory stream', async () => {
  const clock = new SimClock(0);
  const port = new MemoryPort('echo', (link) => link.read((bytes) => void link.write(bytes)));
  await streamContract(clock, port, () => port.unplug());
  await assert.rejects(port.open(clock), gone);
  port.plug();
  assert.equal((await port.open(clock)).alive.value, true);
});

test('TCP stream', async () => {
  const sockets: { destroy(): void }[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await streamContract(systemClock, tcpPort('127.0.0.1', port), () => sockets[0]?.destroy());
  server.close();
  await assert.rejects(tcpPort('127.0.0.1', port).open(systemClock, {}), gone);
});

test('serial port on a real tty', async (t) => {
  if (spawnSync('socat', ['-V']).error) return t.skip('socat is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-'));
  const path = join(folder, 'tty');
  const socat = spawn('socat', [`PTY,link=${path},rawer`, 'EXEC:cat']);
  while (!existsSync(path)) await systemClock.sleep(10);
  await streamContract(systemClock, serialPort(path), () => socat.kill());
  await assert.rejects(serialPort(join(folder, 'none')).open(systemClock, {}), gone);
  rmSync(folder, { recursive: true });
});

/** What any HTTP link does: bodies both ways, statuses as they are, faults for what is none. */
async function httpContract(clock: Clock, link: HttpLink) {
  const ask = (path: string, body?: string, timeoutMs?: number) =>
    drive(
      clock,
      link.request({
        method: body ? 'PUT' : 'GET',
        path,
        ...(body && { body }),
        ...(timeoutMs && { timeoutMs }),
      }),
    );
  assert.equal(latin1((await ask('/echo', 'Position=5')).body), 'PUT /echo Position=5');
  assert.equal((await ask('/missing')).status, 404);
  const large = await ask('/large');
  assert.equal(large.body.length, 3 << 20);
  assert.equal(large.body[1000], 1000 % 251);
  const kind = (kind: string) => (error: unknown) => error instanceof Fault && error.kind === kind;
  await assert.rejects(ask('/silent', undefined, 200), kind('silent'));
  await assert.rejects(ask('/cut'), kind('gone'));
  await assert.rejects(ask('/garbage'), kind('garbled'));
  assert.equal((await ask('/echo', 'again')).status, 200);
  await link.close();
}

function httpServer() {
  return createHttpServer(async (request, response) => {
    if (request.url === '/missing') return response.writeHead(404).end();
    if (request.url === '/silent') return;
    if (request.url === '/cut') {
      response.writeHead(200, { 'content-length': 100 }).write('half');
      return afterTurn(() => request.socket.destroy());
    }
    if (request.url === '/garbage') {
      request.socket.end('this is no HTTP\r\n\r\n');
      return;
    }
    if (request.url === '/large')
      return response.end(Buffer.from(Array.from({ length: 3 << 20 }, (_, i) => i % 251)));
    let body = '';
    for await (const chunk of request) body += chunk;
    response.end(`${request.method} ${request.url} ${body}`);
  });
}

const afterTurn = (call: () => void) => void systemClock.turn().then(call);

test('HTTP over TCP', async () => {
  const server = httpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await httpContract(systemClock, await httpPort('127.0.0.1', port).open(systemClock, {}));
  server.closeAllConnections();
  server.close();
});

test('HTTP in memory, on simulated time', async () => {
  const clock = new SimClock(0);
  const server = httpServer();
  const serving: Duplex[] = [];
  const port = new MemoryHttpPort('alpaca', () => {
    const [host, device] = memorySockets();
    serving.push(device);
    server.emit('connection', device);
    return host;
  });
  await httpContract(clock, await port.open(clock));
  await clock.drive(clock.sleep(1));
  assert.ok(
    serving.every(({ destroyed }) => destroyed),
    'the server keeps connections that are over',
  );
  port.unplug();
  const link = await port.open(clock);
  await assert.rejects(clock.drive(link.request({ method: 'GET', path: '/echo' })), gone);
});

test('datagrams, real and in memory', async () => {
  const network = memoryNetwork();
  const pairs = [
    [network.link(0), network.link(0), 'memory'],
    [await udpLink(systemClock, '127.0.0.1'), await udpLink(systemClock, '127.0.0.1'), '127.0.0.1'],
  ] as const;
  for (const [a, b, host] of pairs) {
    b.read((bytes, from) => void b.send(bytes, from));
    const echoed = new Promise<string>((resolve) => a.read((bytes) => resolve(latin1(bytes))));
    await a.send(Buffer.from('alpacadiscovery1'), { host, port: b.port });
    assert.equal(await echoed, 'alpacadiscovery1');
    await a.close();
    await b.close();
  }
});

test('real links refuse simulated time', async () => {
  const clock = new SimClock(0);
  await assert.rejects(tcpPort('127.0.0.1', 1).open(clock, {}), /system clock/);
  await assert.rejects(serialPort('/dev/null').open(clock, {}), /system clock/);
  await assert.rejects(httpPort('127.0.0.1', 1).open(clock, {}), /system clock/);
});
