import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import test from 'node:test';
import { type Clock, systemClock } from '../core/clock.ts';
import { silentLog } from '../core/log.ts';
import { unacknowledged } from './acknowledged.ts';
import { Router } from './router.ts';
import { Session } from './session.ts';

/** A session over loopback, whose monotonic clock is set by hand. */
async function withSession(
  body: (parts: {
    session: Session;
    router: Router;
    client: Socket;
    socket: Socket;
    at: { ms: number };
  }) => Promise<void>,
): Promise<void> {
  const at = { ms: 0 };
  const clock: Clock = { ...systemClock, monotonic: () => at.ms };
  const router = new Router(clock);
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  const client = connect(address.port, '127.0.0.1');
  const [socket] = (await once(server, 'connection')) as [Socket];
  const session = new Session(socket, router, clock, silentLog);
  client.write("<getProperties version='1.7'/>");
  while (!session.interest.wants('A', 'P')) await systemClock.sleep(5);
  try {
    await body({ session, router, client, socket, at });
  } finally {
    client.destroy();
    session.drop('the test is over');
    server.close();
  }
}

/** Resolves when the kernel takes no more for a client that does not read. */
async function full(socket: Socket): Promise<void> {
  for (let before = -1; before !== socket.writableLength; ) {
    before = socket.writableLength;
    await systemClock.sleep(150);
  }
}

const notice = (bytes: number) => ({ type: 'message' as const, device: 'A', text: 'x'.repeat(bytes) });

test('a client that reads nothing is dropped when 128 MB wait for it', () =>
  withSession(async ({ session, router, client }) => {
    client.pause();
    for (let megabytes = 0; megabytes < 120; megabytes++) router.publish(notice(1 << 20));
    await systemClock.turn();
    assert.equal(session.gone.aborted, false);
    for (let megabytes = 0; megabytes < 20; megabytes++) router.publish(notice(1 << 20));
    assert.ok(session.gone.aborted);
  }));

test('a client that takes nothing for 30 s is dropped, one that has nothing to take is not', () =>
  withSession(async ({ session, router, client, socket, at }) => {
    session.check();
    at.ms = 100_000;
    session.check();
    assert.equal(session.gone.aborted, false);
    client.pause();
    for (let count = 0; count < 20; count++) router.publish(notice(1 << 20));
    await full(socket);
    session.check();
    at.ms += 29_000;
    session.check();
    assert.equal(session.gone.aborted, false);
    at.ms += 2000;
    session.check();
    assert.ok(session.gone.aborted);
  }));

test('an image that was not sent is let go with its client', () =>
  withSession(async ({ session, client }) => {
    client.pause();
    let held = 0;
    const parcel = (property: string) => {
      held++;
      const bytes = new Uint8Array(8 << 20);
      return { property, head: '', bytes, tail: '', done: () => void held-- };
    };
    session.sendBlob(parcel('A'));
    session.sendBlob(parcel('B'));
    await systemClock.sleep(50);
    assert.equal(held, 2);
    client.destroy();
    await once(session.gone, 'abort');
    assert.equal(held, 0);
    session.sendBlob(parcel('C'));
    assert.equal(held, 0);
  }));

const linux = process.platform === 'linux';
test('the kernel says what is not acknowledged', { skip: !linux && 'it needs /proc/net/tcp' }, () =>
  withSession(async ({ router, client, socket }) => {
    assert.equal(await unacknowledged(socket), 0);
    client.pause();
    for (let count = 0; count < 20; count++) router.publish(notice(1 << 20));
    await full(socket);
    assert.ok(((await unacknowledged(socket)) ?? 0) > 0);
  }),
);
