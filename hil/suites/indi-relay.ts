import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { inScratch } from './appliance.ts';
import { expose } from './indi-blobs.ts';
import { hosting } from './indi-hosting.ts';
import { connectDevice, type Peer } from './indi-peers.ts';
import type { Rule } from './indi-rule.ts';
import { simulators, startIndiServer } from './indi-servers.ts';
import { textOf } from './indi-tap.ts';
import { VOICE, withVoice } from './indi-voice.ts';
import { tool } from './tools.ts';

/** INDI protocol 1.7, between drivers and clients: a server passes on what it is told. */
export const relay: readonly Rule[] = [
  {
    name: 'definitions of every kind come through as the driver wrote them',
    holds: (peer) =>
      withVoice(peer, async (tap) => {
        const at = (name: string) => tap.latest(VOICE, name);
        assert.equal(at('TEXT')?.attributes.label, 'A & B');
        assert.equal(textOf(at('TEXT'), 'A'), 'one');
        assert.equal(textOf(at('TEXT'), 'B'), 'two < three');
        const [x, y] = at('NUMBER')?.children ?? [];
        assert.equal(x?.attributes.format, '%10.6m');
        assert.deepEqual([x?.attributes.min, x?.attributes.max].map(Number), [0, 100]);
        assert.match(x?.text.trim() ?? '', /^12:30:36$|^12\.51$/);
        assert.equal(Number(y?.text), -0.03);
        assert.equal(at('SWITCH')?.attributes.rule, 'AnyOfMany');
        assert.deepEqual([textOf(at('SWITCH'), 'P'), textOf(at('SWITCH'), 'Q')], ['On', 'On']);
        assert.equal(at('LIGHT')?.attributes.state, 'Busy');
        assert.equal(textOf(at('LIGHT'), 'U'), 'Alert');
        assert.equal(at('BLOB')?.tag, 'defBLOBVector');
      }),
  },
  {
    name: 'updates of every kind come through, in part, with new ranges and words, BLOBs to who wants them',
    holds: (peer) =>
      withVoice(peer, async (tap, server) => {
        tap.enableBlob('Also', VOICE, 'BLOB');
        const bare = await server.learnt();
        const from = tap.heard.length;
        tap.set('Switch', VOICE, 'SWITCH', { P: false });
        await tap.next({ verb: 'delProperty', device: VOICE, name: 'GOING' }, from);
        const update = (name: string) => tap.all({ verb: 'set', device: VOICE, name }, from).at(-1);
        assert.equal(textOf(update('TEXT'), 'B'), 'four & five');
        assert.equal(update('TEXT')?.attributes.message, 'halfway');
        assert.equal(Number(textOf(update('NUMBER'), 'X')), 150.5);
        assert.equal(Number(update('NUMBER')?.children[0]?.attributes.max), 200, 'the new range is lost');
        assert.equal(textOf(update('SWITCH'), 'Q'), 'Off');
        assert.equal(textOf(update('LIGHT'), 'U'), 'Ok');
        const text = textOf(update('BLOB'), 'I')?.replace(/\s/g, '') ?? '';
        assert.equal(Buffer.from(text, 'base64').toString(), 'Hello,IND');
        assert.equal(update('BLOB')?.children[0]?.attributes.size, '9');
        assert.match(
          tap.all({ verb: 'message', device: VOICE }, from)[0]?.attributes.message ?? '',
          /said to all/,
        );
        await bare.next({ verb: 'delProperty', name: 'GOING' }, 0);
        assert.deepEqual(bare.all({ verb: 'setBLOBVector' }), []);
      }),
  },
  {
    name: 'a later client is told what has become of values and ranges',
    holds: (peer) =>
      withVoice(peer, async (tap, server) => {
        tap.set('Switch', VOICE, 'SWITCH', { P: false });
        await tap.next({ verb: 'delProperty', device: VOICE, name: 'GOING' }, 0);
        const later = await server.learnt();
        const [x] = later.latest(VOICE, 'NUMBER')?.children ?? [];
        assert.deepEqual([Number(x?.text), Number(x?.attributes.max)], [150.5, 200]);
        assert.equal(textOf(later.latest(VOICE, 'TEXT'), 'A'), 'one');
        assert.equal(textOf(later.latest(VOICE, 'TEXT'), 'B'), 'four & five');
        assert.equal(later.latest(VOICE, 'GOING'), undefined);
      }),
    differs: {
      there: 'whatever the driver answers when it is asked again: that it keeps its own state is trusted',
      here: 'the server has listened',
      proof: (peer) =>
        withVoice(peer, async (tap, server) => {
          tap.set('Switch', VOICE, 'SWITCH', { P: false });
          await tap.next({ verb: 'delProperty', device: VOICE, name: 'GOING' }, 0);
          const later = await server.learnt();
          assert.equal(Number(later.latest(VOICE, 'NUMBER')?.children[0]?.attributes.max), 100);
        }),
    },
  },
  {
    name: 'commands of every kind reach the driver',
    holds: (peer) =>
      withVoice(peer, async (tap, _, told) => {
        tap.set('Text', VOICE, 'TEXT', { A: 'H & "alpha" <b>' });
        tap.set('Number', VOICE, 'NUMBER', { X: 12.25 });
        tap.say(
          `<newBLOBVector device='${VOICE}' name='BLOB'><oneBLOB name='I' size='5' enclen='8' format='.txt'>SGVsbG8=</oneBLOB></newBLOBVector>`,
        );
        tap.set('Switch', VOICE, 'SWITCH', { Q: true });
        const all = ['newTextVector', 'newNumberVector', 'newBLOBVector', 'newSwitchVector'];
        const arrived = () => all.every((tag) => told().includes(`</${tag}>`));
        for (let wait = 0; wait < 300 && !arrived(); wait++) await systemClock.sleep(20);
        assert.ok(arrived(), told());
        assert.match(told(), /H &amp; (&quot;|")alpha(&quot;|") &lt;b(&gt;|>)/);
        assert.match(told(), /12\.25/);
        // indiserver hands it over as shared memory.
        assert.match(told().replace(/\s/g, ''), /SGVsbG8=|attached="true"/);
      }),
  },
  {
    name: 'programs come and go beneath the clients: definitions, then one delProperty for the device',
    simulators: true,
    async holds({ name }) {
      const watch = async (peer: Peer, begin: () => unknown, end: () => unknown) => {
        const tap = await peer.tap();
        tap.getProperties();
        await tap.ping();
        await begin();
        await tap.next({ verb: 'def', device: peer.wheel, name: 'CONNECTION' }, 0);
        const from = tap.heard.length;
        await end();
        const gone = await tap.next({ verb: 'delProperty', device: peer.wheel }, from);
        assert.equal(gone.attributes.name, undefined);
      };
      if (name === 'Nightjar') {
        const spec = { id: 'wheel', executable: simulators.wheel };
        return hosting([], (peer) =>
          watch(
            peer,
            () => peer.programs.add(spec),
            () => peer.programs.remove('wheel'),
          ),
        );
      }
      await inScratch('indi-fifo', async (directory) => {
        const fifo = join(directory, 'fifo');
        await tool('mkfifo', [fifo]);
        const server = await startIndiServer([], ['-f', fifo]);
        const say = (word: string) => writeFileSync(fifo, `${word} ${simulators.wheel}\n`);
        await watch(
          server,
          () => say('start'),
          () => say('stop'),
        ).finally(() => server.close());
      });
    },
  },
  {
    name: 'a device of another server is like any other, its images too',
    simulators: true,
    async holds({ name }) {
      const far = await startIndiServer([simulators.camera]);
      const remote = `${far.camera}@127.0.0.1:${far.port}`;
      const use = async (peer: Peer) => {
        const tap = await peer.tap();
        tap.getProperties();
        await connectDevice(tap, peer.camera, 'CCD1');
        tap.enableBlob('Also', peer.camera);
        await tap.ping();
        await expose(tap, peer);
        const image = await tap.next({ verb: 'setBLOBVector' }, 0, 10_000);
        assert.equal(image.children[0]?.attributes.format, '.fits');
      };
      const near = async () => {
        const server = await startIndiServer([remote]);
        await use(server).finally(() => server.close());
      };
      const ours = () =>
        hosting([], async (peer) => {
          peer.programs.add({ id: 'far', remote });
          await use(peer);
        });
      await (name === 'Nightjar' ? ours() : near()).finally(() => far.close());
    },
  },
];
