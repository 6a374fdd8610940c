import assert from 'node:assert/strict';
import { systemClock } from '../../src/core/clock.ts';
import type { Peer } from './indi-peers.ts';
import type { Rule } from './indi-rule.ts';
import { SILENCE_MS, type Tap } from './indi-tap.ts';
import type { Element } from './indi-wire.ts';

const SECONDS = 0.1;
export const IMAGE_MS = 15_000;

/** One exposure, seen to its end by this client. */
export async function expose(tap: Tap, peer: Peer, seconds = SECONDS): Promise<void> {
  const from = tap.heard.length;
  const exposure = { verb: 'set', device: peer.camera, name: 'CCD_EXPOSURE' };
  tap.set('Number', peer.camera, 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: seconds });
  await tap.next({ ...exposure, state: 'Busy' }, from);
  await tap.next({ ...exposure, state: 'Ok' }, from, IMAGE_MS);
}

const images = (tap: Tap, from = 0) => tap.all({ verb: 'setBLOBVector' }, from);

/** The next image of one exposure, for who enabled it. */
export async function image(tap: Tap, peer: Peer): Promise<Element> {
  const from = tap.heard.length;
  await expose(tap, peer);
  return tap.next({ verb: 'setBLOBVector', device: peer.camera, name: 'CCD1' }, from, IMAGE_MS);
}

/** INDI protocol 1.7, BLOBs: who gets them. */
export const blobs: readonly Rule[] = [
  {
    name: 'BLOBs come to nobody who has not enabled them, and their definitions without content',
    async holds(peer) {
      const tap = await peer.learnt();
      const definition = tap.all({ verb: 'defBLOBVector', device: peer.camera, name: 'CCD1' })[0];
      assert.ok(definition);
      assert.equal(definition.children[0]?.text.trim(), '');
      await expose(tap, peer);
      await systemClock.sleep(SILENCE_MS);
      assert.deepEqual(images(tap), []);
    },
  },
  {
    name: 'Also: with the rest; Only: nothing else; Never: none again',
    async holds(peer) {
      const also = await peer.learnt();
      const only = await peer.tap();
      only.getProperties(peer.camera);
      await only.next({ verb: 'def', name: 'CCD1' }, 0);
      also.enableBlob('Also', peer.camera);
      only.enableBlob('Only', peer.camera);
      await only.ping();
      await systemClock.sleep(SILENCE_MS);
      const [a, b] = [also.heard.length, only.heard.length];
      await expose(also, peer);
      await only.until(() => images(only, b).length === 1, 'the image');
      assert.equal(images(also, a).length, 1);
      assert.deepEqual(
        new Set(
          only.heard
            .slice(b)
            .map(({ tag }) => tag)
            .filter((tag) => !tag.startsWith('ping')),
        ),
        new Set(['setBLOBVector']),
      );
      also.enableBlob('Never', peer.camera);
      await also.ping();
      await expose(also, peer);
      await systemClock.sleep(SILENCE_MS);
      assert.equal(images(also, a).length, 1);
    },
  },
  {
    name: 'a policy for one property counts for that one; without a property it is that of the whole device',
    async holds(peer) {
      const own = await peer.learnt();
      const foreign = await peer.learnt();
      own.enableBlob('Also', peer.camera, 'CCD1');
      foreign.enableBlob('Also', peer.camera, 'CCD9');
      await Promise.all([own.ping(), foreign.ping()]);
      await image(own, peer);
      await systemClock.sleep(SILENCE_MS);
      assert.deepEqual(images(foreign), []);
      own.enableBlob('Never', peer.camera);
      await own.ping();
      const from = own.heard.length;
      await expose(own, peer);
      await systemClock.sleep(SILENCE_MS);
      assert.deepEqual(images(own, from), [], 'the policy of the property outlived that of the device');
    },
  },
  {
    name: 'a policy for another device changes nothing here',
    async holds(peer) {
      const tap = await peer.learnt();
      tap.enableBlob('Also', peer.wheel);
      tap.enableBlob('Also', 'Nobody');
      await tap.ping();
      await expose(tap, peer);
      await systemClock.sleep(SILENCE_MS);
      assert.deepEqual(images(tap), []);
    },
    differs: {
      there: 'a policy without a property is that of the client, for all devices, whatever device it names',
      here: 'it is that of the device it names: who wants one camera’s images is spared the other’s',
      async proof(peer) {
        const tap = await peer.learnt();
        tap.enableBlob('Also', peer.wheel);
        await tap.ping();
        await image(tap, peer);
      },
    },
  },
];
