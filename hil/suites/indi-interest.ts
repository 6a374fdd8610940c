import assert from 'node:assert/strict';
import { systemClock } from '../../src/core/clock.ts';
import type { Peer } from './indi-peers.ts';
import { settled } from './indi-peers.ts';
import type { Rule } from './indi-rule.ts';
import { SILENCE_MS, type Tap, textOf } from './indi-tap.ts';
import { type Element, verb } from './indi-wire.ts';

const quiet = () => systemClock.sleep(SILENCE_MS);
const keyOf = ({ attributes }: Element) => `${attributes.device}.${attributes.name}`;
const defined = (tap: Tap, from = 0) => tap.all({ verb: 'def' }, from).map(keyOf);

/** Something is said by each of two devices. */
async function stir(peer: Peer): Promise<void> {
  const tap = await peer.learnt();
  await tap.ask('Number', peer.wheel, 'FILTER_SLOT', { FILTER_SLOT_VALUE: 2 });
  await tap.ask('Switch', peer.camera, 'CCD_FRAME_TYPE', { FRAME_LIGHT: true });
  await quiet();
}

/** INDI protocol 1.7, who is told what. */
export const interest: readonly Rule[] = [
  {
    name: 'a client that has asked for nothing is told nothing',
    async holds(peer) {
      const tap = await peer.tap();
      await stir(peer);
      assert.deepEqual(tap.heard, []);
    },
  },
  {
    name: 'getProperties for all, for a device, for one property',
    async holds(peer) {
      const all = await peer.learnt();
      const devices = new Set(all.all({ verb: 'def' }).map(({ attributes }) => attributes.device));
      for (const device of [peer.mount, peer.camera, peer.focuser, peer.wheel])
        assert.ok(devices.has(device), device);
      const one = await peer.learnt(peer.wheel);
      assert.ok(one.heard.length > 4);
      const own = new Set(defined(all).filter((key) => key.startsWith(`${peer.wheel}.`)));
      assert.deepEqual(new Set(defined(one)), own);
      const single = await peer.tap();
      single.getProperties(peer.wheel, 'FILTER_SLOT');
      await single.next({ verb: 'def' }, 0);
      await settled(single);
      assert.deepEqual(new Set(defined(single)), new Set([`${peer.wheel}.FILTER_SLOT`]));
    },
  },
  {
    name: 'an asker gets each definition once, in answer to its own question alone',
    async holds(peer) {
      const tap = await peer.learnt();
      const keys = defined(tap);
      assert.equal(keys.length, new Set(keys).size, 'something is defined twice');
      const from = tap.heard.length;
      const other = await peer.learnt();
      assert.deepEqual(defined(tap, from), [], 'told what another has asked for');
      assert.deepEqual(defined(other), keys);
    },
    differs: {
      there: 'the question goes to the drivers, and what they answer to every client',
      here: 'definitions are kept: they go to who asks, and no driver is asked',
      async proof(peer) {
        const tap = await peer.learnt();
        const from = tap.heard.length;
        await peer.learnt(peer.wheel);
        assert.ok(defined(tap, from).includes(`${peer.wheel}.FILTER_SLOT`));
      },
    },
  },
  {
    name: 'asked again and again, it tells the same',
    async holds(peer, form) {
      const tap = await peer.learnt(peer.camera);
      const keys = new Set(defined(tap));
      for (let time = form === 'full' ? 50 : 5; time > 0; time--) {
        const from = tap.heard.length;
        tap.getProperties(peer.camera);
        const whole = () => new Set(defined(tap, from)).size === keys.size;
        await tap.until(whole, 'every definition again');
      }
      assert.deepEqual(new Set(defined(tap)), keys);
    },
  },
  {
    name: 'who first asked for one device stays limited to it',
    async holds(peer) {
      const tap = await peer.learnt(peer.wheel);
      tap.getProperties();
      await settled(tap);
      const from = tap.heard.length;
      await stir(peer);
      const devices = new Set(tap.all({ verb: 'set' }, from).map(({ attributes }) => attributes.device));
      assert.deepEqual(devices, new Set([peer.wheel]));
    },
  },
  {
    name: 'who asked for one property hears of no other',
    async holds(peer) {
      const tap = await peer.tap();
      tap.getProperties(peer.wheel, 'FILTER_SLOT');
      await tap.next({ verb: 'def' }, 0);
      await stir(peer);
      const other = await peer.learnt(peer.wheel);
      await other.ask('Text', peer.wheel, 'FILTER_NAME', { FILTER_SLOT_NAME_5: 'Ha' });
      await quiet();
      const vectors = tap.heard.filter((one) => ['def', 'set', 'new'].includes(verb(one)));
      assert.deepEqual(new Set(vectors.map(keyOf)), new Set([`${peer.wheel}.FILTER_SLOT`]));
    },
  },
  {
    name: 'a message of a device reaches those alone who asked for it',
    async holds(peer) {
      const tap = await peer.learnt(peer.wheel);
      const other = await peer.learnt(peer.camera);
      const from = tap.heard.length;
      await tap.ask('Number', peer.wheel, 'FILTER_SLOT', { FILTER_SLOT_VALUE: 99 });
      await tap.until(() => tap.heard.slice(from).some(({ attributes }) => attributes.message), 'a message');
      await quiet();
      assert.ok(other.heard.every(({ attributes }) => attributes.device !== peer.wheel));
      await tap.ask('Number', peer.wheel, 'FILTER_SLOT', { FILTER_SLOT_VALUE: 2 });
    },
  },
  {
    name: 'a command of one client is shown to the others who are interested, not to itself',
    async holds(peer) {
      const [tap, other] = [await peer.learnt(), await peer.learnt()];
      const third = await peer.learnt(peer.mount);
      const from = other.heard.length;
      const [sent, own] = [tap.heard.length, third.heard.length];
      tap.set('Number', peer.wheel, 'FILTER_SLOT', { FILTER_SLOT_VALUE: 3 });
      tap.set('Text', peer.wheel, 'FILTER_NAME', { FILTER_SLOT_NAME_5: 'H & "alpha"' });
      tap.set('Switch', peer.camera, 'CCD_FRAME_TYPE', { FRAME_LIGHT: true });
      const number = await other.next({ verb: 'newNumberVector', name: 'FILTER_SLOT' }, from);
      const text = await other.next({ verb: 'newTextVector', name: 'FILTER_NAME' }, from);
      const choice = await other.next({ verb: 'newSwitchVector', name: 'CCD_FRAME_TYPE' }, from);
      assert.equal(Number(textOf(number, 'FILTER_SLOT_VALUE')), 3);
      assert.equal(textOf(text, 'FILTER_SLOT_NAME_5'), 'H & "alpha"');
      assert.equal(textOf(choice, 'FRAME_LIGHT'), 'On');
      await quiet();
      assert.deepEqual(tap.all({ verb: 'new' }, sent), []);
      assert.deepEqual(third.all({ verb: 'new' }, own), []);
      await tap.ask('Text', peer.wheel, 'FILTER_NAME', { FILTER_SLOT_NAME_5: 'Ha' });
    },
  },
  {
    name: 'a device let go of takes its properties along one by one, and brings them back',
    async holds(peer) {
      const tap = await peer.learnt();
      const other = await peer.learnt(peer.wheel);
      const from = tap.heard.length;
      const focus = { device: peer.focuser, name: 'ABS_FOCUS_POSITION' };
      tap.set('Switch', peer.focuser, 'CONNECTION', { DISCONNECT: true });
      await tap.next({ verb: 'delProperty', ...focus }, from);
      await tap.next({ verb: 'set', device: peer.focuser, name: 'CONNECTION', state: 'Idle' }, from);
      const back = tap.heard.length;
      tap.set('Switch', peer.focuser, 'CONNECTION', { CONNECT: true });
      await tap.next({ verb: 'set', device: peer.focuser, name: 'CONNECTION', state: 'Ok' }, back, 15_000);
      await tap.next({ verb: 'def', ...focus }, back);
      assert.deepEqual(other.all({ verb: 'delProperty' }), [], 'told of a device it did not ask for');
      await quiet();
    },
  },
  {
    name: 'a device asked for as * is every device',
    async holds(peer) {
      const tap = await peer.learnt('*');
      const devices = new Set(tap.all({ verb: 'def' }).map(({ attributes }) => attributes.device));
      assert.ok(devices.size >= 4);
      await stir(peer);
      assert.ok(tap.all({ verb: 'set', device: peer.camera }).length > 0);
    },
    differs: {
      there: 'each driver is asked, and some (the focuser simulator) know only their own name',
      here: 'the server answers for all of them',
      async proof(peer) {
        const tap = await peer.learnt('*');
        const devices = new Set(tap.all({ verb: 'def' }).map(({ attributes }) => attributes.device));
        assert.ok(devices.has(peer.mount) && !devices.has(peer.focuser));
      },
    },
  },
];
