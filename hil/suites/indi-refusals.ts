import assert from 'node:assert/strict';
import { systemClock } from '../../src/core/clock.ts';
import { SMALL } from './indi-commands.ts';
import type { Peer } from './indi-peers.ts';
import type { Rule } from './indi-rule.ts';
import { SILENCE_MS, type Tap, textOf } from './indi-tap.ts';
import { command } from './indi-wire.ts';

const TOLD = 'a client that is mistaken is told so';

/** Nobody is told anything. */
async function staysSilent(peer: Peer, mistake: (tap: Tap) => void): Promise<void> {
  const tap = await peer.learnt();
  const from = tap.heard.length;
  mistake(tap);
  await tap.ping();
  await systemClock.sleep(SILENCE_MS);
  assert.deepEqual(tap.all({ verb: 'message' }, from), []);
}

const warned = async (tap: Tap, from: number) =>
  tap.until(() => tap.heard.slice(from).find(({ attributes }) => attributes.message), 'a message');

/** INDI protocol 1.7, new vectors: which are refused, and how that is said. */
export const refusals: readonly Rule[] = [
  {
    name: 'a number out of its range is refused in Alert, with a message',
    async holds(peer) {
      const tap = await peer.learnt(peer.wheel);
      for (const value of [0, 1e300]) {
        const from = tap.heard.length;
        const answer = await tap.ask('Number', peer.wheel, 'FILTER_SLOT', { FILTER_SLOT_VALUE: value });
        assert.equal(answer.attributes.state, 'Alert', String(value));
        await warned(tap, from);
        await tap.ask('Number', peer.wheel, 'FILTER_SLOT', { FILTER_SLOT_VALUE: 2 });
        await tap.next({ verb: 'set', name: 'FILTER_SLOT', state: 'Ok' }, from);
      }
    },
  },
  {
    name: 'one number out of its range: nothing of its vector is taken',
    async holds(peer) {
      const tap = await peer.learnt(peer.camera);
      const from = tap.heard.length;
      const answer = await tap.ask('Number', peer.camera, 'CCD_FRAME', { ...SMALL, X: 17, WIDTH: 1e6 });
      assert.equal(answer.attributes.state, 'Alert');
      await warned(tap, from);
      tap.getProperties(peer.camera, 'CCD_FRAME');
      await tap.next({ verb: 'def', name: 'CCD_FRAME' }, from);
      assert.equal(Number(textOf(tap.latest(peer.camera, 'CCD_FRAME'), 'X')), 0, 'a part of it was taken');
      await tap.ask('Number', peer.camera, 'CCD_FRAME', SMALL);
    },
    differs: {
      there: 'a frame far outside the sensor is taken and shown as Ok',
      hostedToo: true,
      here: 'the range is the range',
      async proof(peer) {
        const tap = await peer.learnt(peer.camera);
        const answer = await tap.ask('Number', peer.camera, 'CCD_FRAME', { ...SMALL, X: 17, WIDTH: 1e6 });
        assert.equal(answer.attributes.state, 'Ok');
        assert.equal(Number(textOf(answer, 'X')), 17);
        await tap.ask('Number', peer.camera, 'CCD_FRAME', SMALL);
      },
    },
  },
  {
    name: 'a vector of unknown elements alone is refused in Alert, with a message',
    async holds(peer) {
      const tap = await peer.learnt(peer.camera);
      const from = tap.heard.length;
      const answer = await tap.ask('Number', peer.camera, 'CCD_BINNING', { DEPTH_BIN: 2 });
      assert.equal(answer.attributes.state, 'Alert');
      await warned(tap, from);
      await tap.ask('Number', peer.camera, 'CCD_BINNING', { HOR_BIN: 1, VER_BIN: 1 });
    },
    differs: {
      there: 'in Alert, without a word',
      hostedToo: true,
      here: TOLD,
      async proof(peer) {
        const tap = await peer.learnt(peer.camera);
        const answer = await tap.ask('Number', peer.camera, 'CCD_BINNING', { DEPTH_BIN: 2 });
        assert.equal(answer.attributes.state, 'Alert');
        assert.equal(answer.attributes.message, undefined);
        await tap.ask('Number', peer.camera, 'CCD_BINNING', { HOR_BIN: 1, VER_BIN: 1 });
      },
    },
  },
  {
    name: 'a command for an unknown property is answered by a message, no update',
    async holds(peer) {
      const tap = await peer.learnt(peer.wheel);
      const from = tap.heard.length;
      tap.set('Number', peer.wheel, 'NO_SUCH_PROPERTY', { X: 1 });
      const { attributes } = await tap.next({ verb: 'message' }, from);
      assert.match(attributes.message ?? '', /NO_SUCH_PROPERTY/);
      assert.deepEqual(tap.all({ verb: 'set', name: 'NO_SUCH_PROPERTY' }, from), []);
    },
    differs: {
      there: 'the driver writes it to its error output; the client hears nothing',
      here: TOLD,
      async proof(peer) {
        await staysSilent(peer, (tap) => tap.set('Number', peer.wheel, 'NO_SUCH_PROPERTY', { X: 1 }));
        assert.match(peer.output(), /NO_SUCH_PROPERTY is not defined/);
      },
    },
  },
  {
    name: 'a command for an unknown device is answered by a message without a device',
    async holds(peer) {
      const tap = await peer.learnt(peer.wheel);
      const from = tap.heard.length;
      tap.set('Switch', 'Nobody', 'CONNECTION', { CONNECT: true });
      const { attributes } = await tap.next({ verb: 'message' }, from);
      assert.equal(attributes.device, undefined);
      assert.match(attributes.message ?? '', /Nobody/);
    },
    differs: {
      there: 'nothing is said to anybody',
      here: TOLD,
      proof: (peer) =>
        staysSilent(peer, (tap) => tap.set('Switch', 'Nobody', 'CONNECTION', { CONNECT: true })),
    },
  },
  {
    name: 'a write to what is read only is answered by a message about its device, no update',
    async holds(peer) {
      const tap = await peer.learnt(peer.camera);
      const from = tap.heard.length;
      tap.set('Number', peer.camera, 'CCD_INFO', { CCD_MAX_X: 1 });
      const { attributes } = await tap.next({ verb: 'message' }, from);
      assert.equal(attributes.device, peer.camera);
      assert.deepEqual(tap.all({ verb: 'set', name: 'CCD_INFO' }, from), []);
    },
    differs: {
      there: 'nothing is said to anybody',
      hostedToo: true,
      here: TOLD,
      proof: (peer) =>
        staysSilent(peer, (tap) => tap.set('Number', peer.camera, 'CCD_INFO', { CCD_MAX_X: 1 })),
    },
  },
  {
    name: 'a command of the wrong kind does nothing',
    async holds(peer) {
      const tap = await peer.learnt(peer.wheel);
      const from = tap.heard.length;
      tap.say(command('Text', peer.wheel, 'FILTER_SLOT', { FILTER_SLOT_VALUE: '3' }));
      await tap.ping();
      await systemClock.sleep(SILENCE_MS);
      assert.deepEqual(tap.all({ verb: 'set', name: 'FILTER_SLOT' }, from), []);
    },
  },
];
