import assert from 'node:assert/strict';
import type { Peer } from './indi-peers.ts';
import type { Rule } from './indi-rule.ts';
import { on, textOf } from './indi-tap.ts';
import type { Kind, Values } from './indi-wire.ts';

/** Choices that move nothing, sent back as they are or as they were. */
const ACCEPTED: readonly [Kind, (peer: Peer) => string, string, Values][] = [
  ['Switch', (peer) => peer.mount, 'ON_COORD_SET', { TRACK: true }],
  ['Switch', (peer) => peer.mount, 'TELESCOPE_SLEW_RATE', { '2x': true }],
  ['Switch', (peer) => peer.camera, 'CCD_FRAME_TYPE', { FRAME_LIGHT: true }],
  ['Switch', (peer) => peer.camera, 'UPLOAD_MODE', { UPLOAD_CLIENT: true }],
  ['Number', (peer) => peer.camera, 'CCD_BINNING', { HOR_BIN: 1, VER_BIN: 1 }],
  ['Number', (peer) => peer.camera, 'CCD_FRAME', { X: 0, Y: 0, WIDTH: 320, HEIGHT: 240 }],
  ['Switch', (peer) => peer.focuser, 'FOCUS_MOTION', { FOCUS_OUTWARD: true }],
  ['Switch', (peer) => peer.focuser, 'CONNECTION', { CONNECT: true }],
  ['Number', (peer) => peer.wheel, 'FILTER_SLOT', { FILTER_SLOT_VALUE: 2 }],
  ['Text', (peer) => peer.wheel, 'FILTER_NAME', { FILTER_SLOT_NAME_5: 'Ha' }],
];

export const SMALL = { X: 0, Y: 0, WIDTH: 320, HEIGHT: 240 };
/** INDI protocol 1.7, new vectors: which are taken, and what is answered. */
export const commands: readonly Rule[] = [
  {
    name: 'every accepted command is answered by an update',
    async holds(peer) {
      const tap = await peer.learnt();
      for (const [kind, device, name, values] of ACCEPTED) {
        const answer = await tap.ask(kind, device(peer), name, values);
        assert.notEqual(answer.attributes.state, 'Alert', `${name} is refused`);
      }
      await tap.next({ verb: 'set', name: 'FILTER_SLOT', state: 'Ok' }, 0);
    },
  },
  {
    name: 'of OneOfMany the element to be On is enough, the others go Off',
    async holds(peer) {
      const tap = await peer.learnt(peer.camera);
      for (const only of ['FRAME_DARK', 'FRAME_BIAS', 'FRAME_LIGHT']) {
        await tap.ask('Switch', peer.camera, 'CCD_FRAME_TYPE', { [only]: true });
        assert.deepEqual(on(tap.latest(peer.camera, 'CCD_FRAME_TYPE')), [only]);
      }
    },
  },
  {
    name: 'OneOfMany cannot have none',
    async holds(peer) {
      const tap = await peer.learnt();
      await tap.ask('Switch', peer.camera, 'CCD_FRAME_TYPE', { FRAME_LIGHT: true });
      const none = await tap.ask('Switch', peer.camera, 'CCD_FRAME_TYPE', { FRAME_LIGHT: false });
      assert.deepEqual(on(none), ['FRAME_LIGHT'], 'the choice has changed');
    },
  },
  {
    name: 'AtMostOne cannot have two',
    async holds(peer) {
      const tap = await peer.learnt(peer.mount);
      const both = { MOTION_NORTH: true, MOTION_SOUTH: true };
      await tap.ask('Switch', peer.mount, 'TELESCOPE_MOTION_NS', both);
      assert.ok(on(tap.latest(peer.mount, 'TELESCOPE_MOTION_NS')).length < 2);
    },
    differs: {
      there: 'a mount told to go north and south has both On',
      hostedToo: true,
      here: 'what contradicts the rule of a vector is refused',
      async proof(peer) {
        const tap = await peer.learnt(peer.mount);
        const both = { MOTION_NORTH: true, MOTION_SOUTH: true };
        await tap.ask('Switch', peer.mount, 'TELESCOPE_MOTION_NS', both);
        assert.equal(on(tap.latest(peer.mount, 'TELESCOPE_MOTION_NS')).length, 2);
        await tap.ask('Switch', peer.mount, 'TELESCOPE_ABORT_MOTION', { ABORT: true });
      },
    },
  },
  {
    name: 'AtMostOne may be all Off',
    async holds(peer) {
      const tap = await peer.learnt(peer.mount);
      const none = { MOTION_NORTH: false, MOTION_SOUTH: false };
      const answer = await tap.ask('Switch', peer.mount, 'TELESCOPE_MOTION_NS', none);
      assert.notEqual(answer.attributes.state, 'Alert');
      assert.deepEqual(on(answer), []);
    },
  },
  {
    name: 'a command may name some of the elements: the others stay',
    async holds(peer) {
      const tap = await peer.learnt(peer.wheel);
      const names = tap.latest(peer.wheel, 'FILTER_NAME')?.children.map(({ text }) => text.trim()) ?? [];
      const answer = await tap.ask('Text', peer.wheel, 'FILTER_NAME', { FILTER_SLOT_NAME_3: 'third' });
      assert.deepEqual(
        answer.children.map(({ text }) => text.trim()),
        names.with(2, 'third'),
      );
      await tap.ask('Text', peer.wheel, 'FILTER_NAME', { FILTER_SLOT_NAME_3: names[2] ?? '' });
    },
  },
  {
    name: 'of a frame, too, some numbers may be named: the others stay',
    async holds(peer) {
      const tap = await peer.learnt(peer.camera);
      const frame = { X: 10, Y: 20, WIDTH: 300, HEIGHT: 200 };
      await tap.ask('Number', peer.camera, 'CCD_FRAME', frame);
      const answer = await tap.ask('Number', peer.camera, 'CCD_FRAME', { WIDTH: 240 });
      assert.equal(Number(textOf(answer, 'WIDTH')), 240);
      await tap.ping();
      for (const [name, value] of Object.entries({ ...frame, WIDTH: 240 }))
        assert.equal(Number(textOf(tap.latest(peer.camera, 'CCD_FRAME'), name)), value, name);
      await tap.ask('Number', peer.camera, 'CCD_FRAME', SMALL);
    },
    differs: {
      there: 'a frame that is not named whole is refused in Alert',
      hostedToo: true,
      here: 'one rule for all vectors',
      async proof(peer) {
        const tap = await peer.learnt(peer.camera);
        const answer = await tap.ask('Number', peer.camera, 'CCD_FRAME', { WIDTH: 240 });
        assert.equal(answer.attributes.state, 'Alert');
        await tap.ask('Number', peer.camera, 'CCD_FRAME', SMALL);
      },
    },
  },
];
