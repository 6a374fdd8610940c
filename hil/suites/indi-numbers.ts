import assert from 'node:assert/strict';
import type { Rule } from './indi-rule.ts';
import { type Tap, textOf } from './indi-tap.ts';

/** Degrees, as clients write them; the sign is that of the whole. */
const DEGREES: readonly [string, number][] = [
  ['12.5', 12.5],
  ['-0:30', -0.5],
  ['-0:0:30', -1 / 120],
  ['12:30:45', 12.5125],
  ['12:30:45.5', 12 + 30 / 60 + 45.5 / 3600],
  ['-10:20:30', -(10 + 20 / 60 + 30 / 3600)],
  ['-10 20 30', -(10 + 20 / 60 + 30 / 3600)],
  ['12;30;45', 12.5125],
  ['  \n   7.25\n  ', 7.25],
  ['+7:15', 7.25],
  ['1.5e1', 15],
  ['15.', 15],
  ['007:06:00', 7.1],
];
const DEGREES_OFF = 0.003;
/** The mount is asked where it is once a second. */
const READ_MS = 1800;

/** The mount is told that it is there, and says so. */
async function reads(tap: Tap, mount: string, text: string, degrees: number): Promise<void> {
  const now = (element: string) => Number(textOf(tap.latest(mount, 'EQUATORIAL_EOD_COORD'), element));
  tap.set('Number', mount, 'EQUATORIAL_EOD_COORD', { RA: now('RA'), DEC: text });
  const near = () => Math.abs(now('DEC') - degrees) < DEGREES_OFF;
  await tap.until(near, `"${text}" read as ${degrees}`, READ_MS);
}

/** INDI protocol 1.7, numbers: decimal and sexagesimal. */
export const numbers: readonly Rule[] = [
  {
    name: 'numbers are read in every way they are written',
    async holds(peer) {
      const tap = await peer.learnt(peer.mount);
      await tap.ask('Switch', peer.mount, 'ON_COORD_SET', { SYNC: true });
      for (const [text, degrees] of DEGREES) await reads(tap, peer.mount, text, degrees);
      await tap.ask('Switch', peer.mount, 'ON_COORD_SET', { TRACK: true });
    },
  },
  {
    name: 'fields may be parted by blanks, and the last have a fraction',
    async holds(peer) {
      const tap = await peer.learnt(peer.mount);
      await tap.ask('Switch', peer.mount, 'ON_COORD_SET', { SYNC: true });
      await reads(tap, peer.mount, '12 30.5', 12 + 30.5 / 60);
      await tap.ask('Switch', peer.mount, 'ON_COORD_SET', { TRACK: true });
    },
    differs: {
      there: 'two fields with a blank between are no number to the driver: the command is passed over',
      here: 'any character that is no digit parts two fields',
      async proof(peer) {
        const tap = await peer.learnt(peer.mount);
        await tap.ask('Switch', peer.mount, 'ON_COORD_SET', { SYNC: true });
        await reads(tap, peer.mount, '20', 20);
        await assert.rejects(reads(tap, peer.mount, '12 30.5', 12 + 30.5 / 60), /not within/);
        await tap.ask('Switch', peer.mount, 'ON_COORD_SET', { TRACK: true });
      },
    },
  },
  {
    name: 'an exponent is read as one',
    async holds(peer) {
      const tap = await peer.learnt(peer.focuser);
      const steps = () =>
        Number(textOf(tap.latest(peer.focuser, 'ABS_FOCUS_POSITION'), 'FOCUS_ABSOLUTE_POSITION'));
      const there = Math.round(steps() / 100) * 100 + 100;
      const text = `${there / 1000}e3`;
      await tap.ask('Number', peer.focuser, 'ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: text });
      await tap.until(() => steps() === there, `${text} reached`, 20_000);
    },
  },
  {
    name: 'what is no number at all changes nothing',
    async holds(peer) {
      const tap = await peer.learnt(peer.camera);
      const before = textOf(tap.latest(peer.camera, 'CCD_FRAME'), 'WIDTH');
      for (const text of ['', 'wide', 'NaN', '--5']) {
        tap.set('Number', peer.camera, 'CCD_FRAME', { WIDTH: text });
        await tap.ping();
      }
      const from = tap.heard.length;
      tap.getProperties(peer.camera, 'CCD_FRAME');
      await tap.next({ verb: 'def', name: 'CCD_FRAME' }, from);
      assert.equal(textOf(tap.latest(peer.camera, 'CCD_FRAME'), 'WIDTH'), before);
    },
  },
];
