import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import type { Rule } from './indi-rule.ts';
import { on, SILENCE_MS, type Tap, textOf } from './indi-tap.ts';
import type { Element } from './indi-wire.ts';

const PULSE_MS = 600;

/** A pulse, from Busy to its end. */
async function pulse(tap: Tap, mount: string, name: string, element: string) {
  const sought = { verb: 'set', device: mount, name };
  const start = systemClock.monotonic();
  const from = tap.heard.length;
  tap.set('Number', mount, name, { [element]: PULSE_MS });
  await tap.next({ ...sought, state: 'Busy' }, from);
  const busyMs = systemClock.monotonic() - start;
  const over = ({ attributes }: Element) => attributes.state !== 'Busy';
  const end = await tap.until(() => tap.all(sought, from).find(over), `the end of ${name}`);
  return { busyMs, endMs: systemClock.monotonic() - start, end };
}

/** INDI protocol 1.7, what belongs to the life of devices and their operations. */
export const life: readonly Rule[] = [
  {
    name: 'CONNECT while connected is answered Ok, and nothing is defined anew',
    async holds(peer) {
      const tap = await peer.learnt(peer.wheel);
      const from = tap.heard.length;
      const answer = await tap.ask('Switch', peer.wheel, 'CONNECTION', { CONNECT: true });
      assert.equal(answer.attributes.state, 'Ok');
      assert.deepEqual(on(answer), ['CONNECT']);
      await systemClock.sleep(SILENCE_MS);
      assert.deepEqual(tap.all({ verb: 'def' }, from), []);
      assert.deepEqual(tap.all({ verb: 'delProperty' }, from), []);
    },
  },
  {
    name: 'a guide pulse is Busy at once, over in its time, and does not end that of the other axis',
    async holds(peer) {
      const tap = await peer.learnt(peer.mount);
      await tap.ask('Switch', peer.mount, 'TELESCOPE_TRACK_STATE', { TRACK_ON: true });
      const [north, west] = await Promise.all([
        pulse(tap, peer.mount, 'TELESCOPE_TIMED_GUIDE_NS', 'TIMED_GUIDE_N'),
        pulse(tap, peer.mount, 'TELESCOPE_TIMED_GUIDE_WE', 'TIMED_GUIDE_W'),
      ]);
      for (const { busyMs, endMs, end } of [north, west]) {
        assert.ok(busyMs < 500, `Busy after ${busyMs} ms`);
        assert.ok(endMs > PULSE_MS - 100 && endMs < PULSE_MS + 2000, `over after ${endMs} ms`);
        assert.equal(end.attributes.state, 'Idle');
        for (const { text } of end.children) assert.equal(Number(text), 0, 'what is left of it');
      }
    },
  },
  {
    name: 'a new exposure takes the place of the one in progress',
    async holds(peer) {
      const tap = await peer.learnt(peer.camera);
      const exposure = { verb: 'set', name: 'CCD_EXPOSURE' };
      tap.set('Number', peer.camera, 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 30 });
      await tap.next({ ...exposure, state: 'Busy' }, 0);
      const from = tap.heard.length;
      tap.set('Number', peer.camera, 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 0.2 });
      await tap.next({ ...exposure, state: 'Ok' }, from, 8000);
    },
  },
  {
    name: 'motion that a client holds ends with its connection',
    async holds(peer) {
      const watcher = await peer.learnt(peer.mount);
      const holder = await peer.learnt(peer.mount);
      const moving = { verb: 'set', name: 'TELESCOPE_MOTION_NS' };
      const from = watcher.heard.length;
      holder.set('Switch', peer.mount, 'TELESCOPE_MOTION_NS', { MOTION_SOUTH: true });
      const begun = await watcher.next({ ...moving, state: 'Busy' }, from);
      assert.deepEqual(on(begun), ['MOTION_SOUTH']);
      const held = watcher.heard.length;
      holder.close();
      const ended = await watcher.next({ ...moving, state: 'Idle' }, held, 3000);
      assert.deepEqual(on(ended), []);
    },
    differs: {
      there: 'the mount moves on when its client is gone, until somebody stops it',
      here: 'held motion has a dead man: the closed socket, 3 s without acknowledgement, 60 s in all',
      async proof(peer) {
        const watcher = await peer.learnt(peer.mount);
        const holder = await peer.learnt(peer.mount);
        holder.set('Switch', peer.mount, 'TELESCOPE_MOTION_NS', { MOTION_SOUTH: true });
        await watcher.next({ verb: 'set', name: 'TELESCOPE_MOTION_NS', state: 'Busy' }, 0);
        holder.close();
        await systemClock.sleep(1500);
        assert.deepEqual(on(watcher.latest(peer.mount, 'TELESCOPE_MOTION_NS')), ['MOTION_SOUTH']);
        await watcher.ask('Switch', peer.mount, 'TELESCOPE_ABORT_MOTION', { ABORT: true });
      },
    },
  },
  {
    name: 'configuration: load, save, default and purge are accepted, and nothing is left On',
    async holds(peer) {
      const tap = await peer.learnt(peer.wheel);
      for (const what of ['CONFIG_SAVE', 'CONFIG_LOAD', 'CONFIG_DEFAULT', 'CONFIG_PURGE']) {
        const answer = await tap.ask('Switch', peer.wheel, 'CONFIG_PROCESS', { [what]: true });
        assert.notEqual(answer.attributes.state, 'Alert', what);
        assert.deepEqual(on(tap.latest(peer.wheel, 'CONFIG_PROCESS')), [], what);
      }
    },
  },
  {
    name: 'the names of filters outlive a disconnect',
    async holds(peer) {
      const tap = await peer.learnt(peer.wheel);
      await tap.ask('Text', peer.wheel, 'FILTER_NAME', { FILTER_SLOT_NAME_2: 'kept' });
      const from = tap.heard.length;
      tap.set('Switch', peer.wheel, 'CONNECTION', { DISCONNECT: true });
      await tap.next({ verb: 'delProperty', name: 'FILTER_NAME' }, from);
      const back = tap.heard.length;
      tap.set('Switch', peer.wheel, 'CONNECTION', { CONNECT: true });
      const names = await tap.next({ verb: 'def', name: 'FILTER_NAME' }, back, 15_000);
      assert.equal(textOf(names, 'FILTER_SLOT_NAME_2'), 'kept');
      await tap.ask('Text', peer.wheel, 'FILTER_NAME', { FILTER_SLOT_NAME_2: 'R' });
    },
  },
  {
    name: 'a setting is kept when it is set, and CONFIG_DEFAULT and CONFIG_PURGE bring back what the driver comes with',
    async holds(peer) {
      const tap = await peer.learnt(peer.focuser);
      for (const what of ['CONFIG_DEFAULT', 'CONFIG_PURGE']) {
        await tap.ask('Switch', peer.focuser, 'STEP_MODE', { HALF: true });
        await tap.ask('Switch', peer.focuser, 'CONFIG_PROCESS', { CONFIG_LOAD: true });
        assert.deepEqual(on(tap.latest(peer.focuser, 'STEP_MODE')), ['HALF']);
        const from = tap.heard.length;
        tap.set('Switch', peer.focuser, 'CONFIG_PROCESS', { [what]: true });
        const back = await tap.next({ verb: 'set', name: 'STEP_MODE' }, from);
        assert.deepEqual(on(back), ['FULL'], what);
      }
    },
    differs: {
      there: 'CONFIG_SAVE writes a file, CONFIG_PURGE deletes it; what is set stays until the driver ends',
      hostedToo: true,
      here: 'a setting that has to be saved a second time is forgotten by everybody',
      async proof(peer) {
        const tap = await peer.learnt(peer.wheel);
        const file = join(peer.home, '.indi', `${peer.wheel}_config.xml`);
        await tap.ask('Text', peer.wheel, 'FILTER_NAME', { FILTER_SLOT_NAME_2: 'second' });
        await tap.ask('Switch', peer.wheel, 'CONFIG_PROCESS', { CONFIG_SAVE: true });
        await systemClock.sleep(SILENCE_MS);
        assert.ok(existsSync(file), 'nothing was saved');
        await tap.ask('Switch', peer.wheel, 'CONFIG_PROCESS', { CONFIG_PURGE: true });
        await systemClock.sleep(SILENCE_MS);
        assert.ok(!existsSync(file), 'nothing was purged');
        assert.equal(textOf(tap.latest(peer.wheel, 'FILTER_NAME'), 'FILTER_SLOT_NAME_2'), 'second');
      },
    },
  },
];
