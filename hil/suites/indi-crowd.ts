import assert from 'node:assert/strict';
import { systemClock } from '../../src/core/clock.ts';
import { expose } from './indi-blobs.ts';
import { descriptors, type Peer, unixDoors } from './indi-peers.ts';
import type { Rule } from './indi-rule.ts';
import { Tap } from './indi-tap.ts';
import { command } from './indi-wire.ts';

/** Beside whatever the others do, a client is answered within this time. */
const ANSWERED_MS = 3000;
const LONG_TEXT = 'x'.repeat(60_000);
/** Each of 3.5 MB on the wire: more than sockets hold, and what indiserver lets wait here. */
const IMAGES = 8;
const WHOLE = { X: 0, Y: 0, WIDTH: 1280, HEIGHT: 1024 };
const SMALL = { X: 0, Y: 0, WIDTH: 320, HEIGHT: 240 };

/** Descriptors, when those of earlier clients are gone. */
async function atRest(pid: number): Promise<number> {
  for (let count = descriptors(pid); ; count = descriptors(pid)) {
    await systemClock.sleep(150);
    if (descriptors(pid) === count) return count;
  }
}

/** Definitions and a command of a client are served in time. */
async function isServed(tap: Tap, peer: Peer): Promise<void> {
  assert.ok((await tap.ping()) < ANSWERED_MS);
  const from = tap.heard.length;
  tap.getProperties(peer.wheel, 'FILTER_SLOT');
  await tap.next({ verb: 'def', device: peer.wheel, name: 'FILTER_SLOT' }, from, ANSWERED_MS);
}

/** INDI protocol 1.7, many clients, bad clients. */
export const crowd: readonly Rule[] = [
  {
    name: 'a client that stops in the middle of an element, or never reads, holds nobody up',
    async holds(peer) {
      const good = await peer.learnt();
      const half = await peer.learnt();
      half.say(`<newNumberVector device='${peer.wheel}' name='FILTER_SL`);
      const deaf = await peer.tap();
      deaf.getProperties();
      deaf.pause();
      for (let count = 0; count < 5; count++) await isServed(good, peer);
    },
  },
  {
    name: 'a client that closes its half of the connection is let go',
    async holds(peer) {
      const before = await atRest(peer.pid);
      const tap = await peer.learnt(peer.wheel);
      assert.ok(descriptors(peer.pid) > before);
      tap.end();
      const back = () => descriptors(peer.pid) <= before;
      for (let wait = 0; wait < 150 && !back(); wait++) await systemClock.sleep(40);
      assert.ok(back(), 'its descriptor is still open');
    },
  },
  {
    name: 'a client that does not read is dropped at its limit, and the others go on',
    async holds(peer) {
      const deaf = await peer.learnt();
      const good = await peer.learnt(peer.mount);
      const sender = await peer.tap();
      await Promise.all([good.ping(), sender.ping()]);
      deaf.pause();
      const before = await atRest(peer.pid);
      // Half as much again as it may have waiting, for what the sockets hold.
      const count = Math.ceil((1.5 * peer.limitBytes + (16 << 20)) / LONG_TEXT.length);
      const text = command('Text', peer.wheel, 'NO_SUCH_PROPERTY', { X: LONG_TEXT });
      let slowest = 0;
      let sent = 0;
      for (; sent < count && descriptors(peer.pid) >= before; sent++) {
        sender.say(text);
        if (sent % 8 === 0) await sender.ping(10_000);
        if (sent % 64 === 0) slowest = Math.max(slowest, await good.ping());
      }
      for (let wait = 0; wait < 150 && descriptors(peer.pid) >= before; wait++) await systemClock.sleep(40);
      assert.ok(descriptors(peer.pid) < before, `not dropped with ${(sent * LONG_TEXT.length) >> 20} MB`);
      assert.ok(sent * LONG_TEXT.length >= peer.limitBytes * 0.9, `dropped after ${sent} messages`);
      assert.ok(slowest < ANSWERED_MS, `another waited ${slowest} ms`);
      await isServed(good, peer);
    },
  },
  {
    name: 'a client that does not read its images keeps none from the others',
    async holds(peer) {
      const { fast } = await beside(peer);
      await exposeAll(fast, peer);
      await fast.ask('Number', peer.camera, 'CCD_FRAME', SMALL);
    },
  },
  {
    name: 'a client behind with its images misses the older ones, and stays',
    async holds(peer) {
      const { fast, deaf } = await beside(peer);
      await exposeAll(fast, peer);
      deaf.resume();
      await deaf.ping();
      const { length } = deaf.all({ verb: 'setBLOBVector' });
      assert.ok(length >= 3 && length < IMAGES, `${length} of ${IMAGES} images`);
      await fast.ask('Number', peer.camera, 'CCD_FRAME', SMALL);
    },
    differs: {
      there: 'every image is kept for it, until it is dropped at the limit',
      here: 'two wait for it and no more, and those are shared with the other clients',
      async proof(peer) {
        const { fast, deaf } = await beside(peer);
        await exposeAll(fast, peer);
        deaf.resume();
        await assert.rejects(deaf.ping(), /hung up on/);
        await fast.ask('Number', peer.camera, 'CCD_FRAME', SMALL);
      },
    },
  },
  {
    name: 'clients come by TCP alone',
    async holds(peer) {
      await (await peer.tap()).ping();
      assert.deepEqual(unixDoors(peer.pid), []);
    },
    differs: {
      there: 'a UNIX socket of the same machine, too, where images go as shared memory',
      here: 'Node cannot receive file descriptors; what runs in the unit reads frames without INDI',
      async proof(peer) {
        assert.equal(unixDoors(peer.pid).length, 1);
        const tap = await Tap.open({ path: `\0${peer.unixSocket}` });
        tap.getProperties(peer.wheel, 'FILTER_SLOT');
        await tap.next({ verb: 'def', name: 'FILTER_SLOT' }, 0).finally(() => tap.close());
      },
    },
  },
  {
    name: 'many clients at once learn everything',
    async holds(peer, form) {
      const { length } = (await peer.learnt()).all({ verb: 'def' });
      const start = systemClock.monotonic();
      const taps = await Promise.all(Array.from({ length: form === 'full' ? 200 : 40 }, () => peer.tap()));
      for (const tap of taps) tap.getProperties(peer.wheel);
      for (const tap of taps) await tap.next({ verb: 'def', device: peer.wheel, name: 'FILTER_NAME' }, 0);
      assert.ok(length > 0 && systemClock.monotonic() - start < 10_000);
    },
  },
  {
    name: 'hundreds of clients that came and went leave no descriptor behind',
    async holds(peer, form) {
      const good = await peer.learnt(peer.wheel);
      await good.ping();
      const before = await atRest(peer.pid);
      // indiserver takes 40 ms for each.
      const many = form === 'full' || peer.name === 'Nightjar' ? 200 : 20;
      for (let count = 0; count < many; count++) {
        const tap = await peer.tap();
        if (count % 3 === 0) tap.getProperties(peer.wheel, 'FILTER_SLOT');
        if (count % 3 === 1) tap.say("<newNumberVector device='x");
        tap.close(count % 2 === 0 ? 'politely' : 'at once');
      }
      for (let wait = 0; wait < 150 && descriptors(peer.pid) > before; wait++) await systemClock.sleep(40);
      assert.ok(descriptors(peer.pid) <= before, `${descriptors(peer.pid) - before} more than before`);
      await isServed(good, peer);
    },
  },
];

/** Whole images to two clients, of whom one takes none. */
async function beside(peer: Peer): Promise<{ fast: Tap; deaf: Tap }> {
  const fast = await peer.learnt(peer.camera);
  const deaf = await peer.learnt(peer.camera);
  await fast.ask('Number', peer.camera, 'CCD_FRAME', WHOLE);
  for (const tap of [fast, deaf]) tap.enableBlob('Also', peer.camera);
  await Promise.all([fast.ping(), deaf.ping()]);
  deaf.pause();
  return { fast, deaf };
}

async function exposeAll(tap: Tap, peer: Peer): Promise<void> {
  for (let shot = 1; shot <= IMAGES; shot++) {
    await expose(tap, peer, 0.05);
    await tap.until(() => tap.all({ verb: 'setBLOBVector' }).length >= shot, `image ${shot}`);
  }
}
