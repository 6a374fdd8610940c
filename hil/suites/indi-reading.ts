import assert from 'node:assert/strict';
import { systemClock } from '../../src/core/clock.ts';
import { settled } from './indi-peers.ts';
import type { Rule } from './indi-rule.ts';
import { SILENCE_MS, textOf } from './indi-tap.ts';
import { command } from './indi-wire.ts';

/** Long enough for the server to read what has come. */
const APART_MS = 3;

/** INDI protocol 1.7, what a server has to be able to read. */
export const reading: readonly Rule[] = [
  {
    name: 'an element may be cut anywhere between two reads',
    async holds(peer, form) {
      const tap = await peer.tap();
      tap.getProperties(peer.wheel, 'FILTER_SLOT');
      await tap.next({ verb: 'def', name: 'FILTER_SLOT' }, 0);
      const whole = `<getProperties version="1.7" device="${peer.wheel}" name='FILTER_SLOT' />\n`;
      const step = form === 'full' ? 1 : 2;
      for (let cut = 1; cut < whole.length; cut += step) {
        const from = tap.heard.length;
        tap.say(whole.slice(0, cut));
        await systemClock.sleep(APART_MS);
        tap.say(whole.slice(cut));
        await tap.next({ verb: 'def', device: peer.wheel, name: 'FILTER_SLOT' }, from);
      }
      const from = tap.heard.length;
      for (const byte of command('Number', peer.wheel, 'FILTER_SLOT', { FILTER_SLOT_VALUE: 1 })) {
        tap.say(byte);
        await systemClock.sleep(1);
      }
      await tap.next({ verb: 'set', name: 'FILTER_SLOT', state: 'Ok' }, from);
    },
  },
  {
    name: 'elements follow each other without root or prolog, and either is borne',
    async holds(peer) {
      const tap = await peer.tap();
      const ask = (name: string) => `<getProperties version='1.7' device='${peer.wheel}' name='${name}'/>`;
      tap.say(`${ask('FILTER_SLOT')}${ask('FILTER_NAME')}\n\n  \t${ask('CONNECTION')}`);
      for (const name of ['FILTER_SLOT', 'FILTER_NAME', 'CONNECTION'])
        await tap.next({ verb: 'def', device: peer.wheel, name }, 0);
      const from = tap.heard.length;
      tap.say(`<?xml version='1.0'?>\n${ask('DRIVER_INFO')}`);
      await tap.next({ verb: 'def', name: 'DRIVER_INFO' }, from);
    },
  },
  {
    name: 'attributes stand in single or double quotes, each holding the other',
    async holds(peer) {
      const tap = await peer.learnt(peer.wheel);
      for (const [quote, other] of [
        ["'", '"'],
        ['"', "'"],
      ]) {
        const from = tap.heard.length;
        tap.say(
          `<getProperties version=${quote}1.7${quote} device=${quote}${peer.wheel}${quote} name = ${other}FILTER_SLOT${other} />`,
        );
        await tap.next({ verb: 'def', name: 'FILTER_SLOT' }, from);
      }
    },
  },
  {
    name: 'escaped characters come back as they were meant',
    async holds(peer) {
      const tap = await peer.learnt(peer.wheel);
      const before = textOf(tap.latest(peer.wheel, 'FILTER_NAME'), 'FILTER_SLOT_NAME_5') ?? '';
      const meant = `a & b < c > "d" 'e' Hα`;
      const sent = 'a &amp; b &lt; c &gt; &quot;d&quot; &apos;e&apos; Hα';
      const from = tap.heard.length;
      tap.say(
        `<newTextVector device='${peer.wheel}' name='FILTER_NAME'><oneText name='FILTER_SLOT_NAME_5'>${sent}</oneText></newTextVector>`,
      );
      const answer = await tap.next({ verb: 'set', name: 'FILTER_NAME' }, from);
      assert.equal(textOf(answer, 'FILTER_SLOT_NAME_5'), meant);
      await tap.ask('Text', peer.wheel, 'FILTER_NAME', { FILTER_SLOT_NAME_5: before });
    },
  },
  {
    name: 'comments and elements of unknown names are passed over',
    async holds(peer) {
      const tap = await peer.learnt(peer.wheel);
      const from = tap.heard.length;
      tap.say('<!-- <getProperties -->');
      tap.say(
        "<getPropertiesOfTomorrow version='3'/><newColourVector device='x' name='y'></newColourVector>",
      );
      tap.say(
        `<newColourVector device='${peer.wheel}' name='y'><oneColour name='z'>red</oneColour></newColourVector>`,
      );
      tap.getProperties(peer.wheel, 'FILTER_SLOT');
      await tap.next({ verb: 'def', name: 'FILTER_SLOT' }, from);
      assert.equal(tap.closed, false);
    },
  },
  {
    name: 'attributes and elements that nobody knows are passed over within a vector',
    async holds(peer) {
      const tap = await peer.learnt(peer.wheel);
      const from = tap.heard.length;
      tap.say(
        `<newNumberVector device='${peer.wheel}' name='FILTER_SLOT' colour='red' timestamp='2026-01-15T20:00:00.5'>` +
          "<oneNumber name='FILTER_SLOT_VALUE' size='big'>\n   1\n  </oneNumber></newNumberVector>",
      );
      await tap.next({ verb: 'set', name: 'FILTER_SLOT', state: 'Ok' }, from);
    },
  },
  {
    name: 'getProperties without a version, or of a later one, is ignored',
    async holds(peer) {
      const tap = await peer.tap();
      tap.say(`<getProperties device='${peer.wheel}'/>`);
      tap.say(`<getProperties version='' device='${peer.wheel}'/>`);
      tap.say(`<getProperties version='1.8' device='${peer.wheel}'/>`);
      tap.say(`<getProperties version='2.0' device='${peer.wheel}'/>`);
      await tap.ping();
      await systemClock.sleep(SILENCE_MS);
      assert.deepEqual(tap.all({ verb: 'def' }), []);
      tap.say(`<getProperties version='1.5' device='${peer.wheel}'/>`);
      await tap.next({ verb: 'def' }, 0);
    },
    differs: {
      there: 'the driver exits, and is started anew: one such client takes a device from all the others',
      here: 'one client cannot hurt another',
      async proof(peer) {
        const other = await peer.learnt(peer.wheel);
        const from = other.heard.length;
        const tap = await peer.tap();
        tap.say(`<getProperties device='${peer.wheel}'/>`);
        await other.next({ verb: 'delProperty', device: peer.wheel }, from);
        await other.next({ verb: 'def', device: peer.wheel, name: 'CONNECTION' }, from);
        await settled(other);
        other.set('Switch', peer.wheel, 'CONNECTION', { CONNECT: true });
        await other.next({ verb: 'def', name: 'FILTER_NAME' }, from);
      },
    },
  },
  {
    name: 'who sends what is no XML is hung up on, and nobody else',
    async holds(peer) {
      const good = await peer.learnt(peer.wheel);
      for (const nonsense of [`<newNumberVector device='${peer.wheel}'><oops></newNumberVector>`, '<<<>>>']) {
        const bad = await peer.tap();
        bad.say(nonsense);
        const deadline = systemClock.monotonic() + 6000;
        while (!bad.closed && systemClock.monotonic() < deadline) await systemClock.sleep(20);
        assert.ok(bad.closed, `${nonsense}: still connected`);
      }
      await good.ping();
    },
    differs: {
      there: 'what makes no sense is dropped, and what follows is read as if nothing had been',
      here: 'where one element ends is not known any more: the next command could be half of one',
      async proof(peer) {
        const tap = await peer.tap();
        tap.say(`<newNumberVector device='${peer.wheel}'><oops></newNumberVector>`);
        tap.getProperties(peer.wheel);
        await tap.next({ verb: 'def', name: 'FILTER_SLOT' }, 0);
      },
    },
  },
];
