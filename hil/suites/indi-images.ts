import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { readFits } from '../../src/imaging/fits-read.ts';
import { IndiClient } from '../../src/indi/client.ts';
import { inScratch } from './appliance.ts';
import { IMAGE_MS, image } from './indi-blobs.ts';
import type { Peer } from './indi-peers.ts';
import type { Rule } from './indi-rule.ts';
import { SILENCE_MS, textOf } from './indi-tap.ts';
import type { Element } from './indi-wire.ts';
import { present, tool } from './tools.ts';

function bytesOf(blob: Element): Buffer {
  const [one] = blob.children;
  assert.ok(one && one.tag === 'oneBLOB');
  return Buffer.from(one.text.replace(/\s/g, ''), 'base64');
}

/** The header says where the mount was told that it points. */
export async function pointing(peer: Peer): Promise<void> {
  const tap = await peer.learnt();
  tap.enableBlob('Also', peer.camera);
  await tap.ask('Switch', peer.mount, 'ON_COORD_SET', { SYNC: true });
  const sidereal = Number(textOf(tap.latest(peer.mount, 'EQUATORIAL_EOD_COORD'), 'RA'));
  await tap.ask('Number', peer.mount, 'EQUATORIAL_EOD_COORD', { RA: sidereal, DEC: 47 });
  await tap.ask('Switch', peer.mount, 'ON_COORD_SET', { TRACK: true });
  // The mount says where it is with its next reading.
  await systemClock.sleep(1500);
  const header = bytesOf(await image(tap, peer))
    .subarray(0, 14_400)
    .toString('latin1');
  const card = /OBJCTDEC= '([-+ ]?\d+) (\d+)/.exec(header);
  assert.ok(card, 'there is no OBJCTDEC');
  const degrees = Number(card[1]) + Number(card[2]) / 60;
  // J2000 against the date, and refraction: far less than this.
  assert.ok(Math.abs(degrees - 47) < 0.5, `OBJCTDEC ${card[0]}`);
}

/** INDI protocol 1.7, BLOBs: what is in them; and pings. */
export const contents: readonly Rule[] = [
  {
    name: 'size is that of the bytes, and the format a suffix',
    async holds(peer) {
      const tap = await peer.learnt(peer.camera);
      tap.enableBlob('Also', peer.camera);
      const blob = await image(tap, peer);
      const one = blob.children[0];
      assert.equal(one?.attributes.name, 'CCD1');
      const text = one?.text.replace(/\s/g, '') ?? '';
      assert.match(text, /^[A-Za-z0-9+/]*={0,2}$/);
      assert.equal(Number(one?.attributes.size), bytesOf(blob).length);
      assert.equal(one?.attributes.format, '.fits');
      assert.equal(blob.attributes.state, 'Ok');
    },
  },
  {
    // libindi's client takes an enclen for a promise of lines of 72 characters, and swallows what follows other text.
    name: 'an image comes without enclen',
    async holds(peer) {
      const tap = await peer.learnt(peer.camera);
      tap.enableBlob('Also', peer.camera);
      const [one] = (await image(tap, peer)).children;
      assert.equal(one?.attributes.enclen, undefined);
    },
  },
  {
    name: 'the bytes are a FITS file that opens, as large as was asked, and faultless to cfitsio',
    async holds(peer) {
      const tap = await peer.learnt(peer.camera);
      tap.enableBlob('Also', peer.camera);
      await tap.ask('Number', peer.camera, 'CCD_FRAME', { X: 32, Y: 16, WIDTH: 256, HEIGHT: 128 });
      const bytes = bytesOf(await image(tap, peer));
      const { width, height } = readFits(bytes);
      assert.deepEqual([width, height], [256, 128]);
      await tap.ask('Number', peer.camera, 'CCD_FRAME', { X: 0, Y: 0, WIDTH: 320, HEIGHT: 240 });
      if (!present('fitsverify')) return;
      await inScratch('indi-fits', async (directory) => {
        const file = join(directory, 'image.fits');
        writeFileSync(file, bytes);
        const { stdout } = await tool('fitsverify', [file]);
        assert.match(stdout, /and 0 error\(s\)|0 errors/i, stdout);
      });
    },
  },
  {
    name: 'our own client reads the same bytes',
    async holds(peer) {
      const tap = await peer.learnt(peer.camera);
      const client = await IndiClient.connect(systemClock, peer.port);
      try {
        client.getProperties(peer.camera);
        await client.until(() => client.property(peer.camera, 'CCD1') !== undefined, 'definitions');
        client.enableBlob('Also', peer.camera);
        tap.enableBlob('Also', peer.camera);
        await tap.ping();
        await systemClock.sleep(SILENCE_MS);
        const bytes = bytesOf(await image(tap, peer));
        await client.until(() => client.blobs === 1, 'the image');
        assert.ok(bytes.equals(client.lastBlob?.bytes as Uint8Array));
        const known = client.names.filter((name) => name.startsWith(`${peer.camera}.`));
        for (const key of new Set(tap.all({ verb: 'def' }).map(({ attributes }) => attributes.name)))
          assert.ok(known.includes(`${peer.camera}.${key}`), `${key} was not understood`);
        assert.deepEqual(
          client.messages.filter((text) => /is no|names no/.test(text)),
          [],
        );
      } finally {
        client.close();
      }
    },
  },
  {
    name: 'where the mount points, which the camera learns from it, stands in the header',
    holds: pointing,
  },
  {
    name: 'a ping of a client is answered at once, with its own words, while an exposure goes on',
    async holds(peer) {
      const tap = await peer.learnt(peer.camera);
      tap.set('Number', peer.camera, 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 1 });
      await tap.next({ verb: 'set', name: 'CCD_EXPOSURE', state: 'Busy' }, 0);
      const times: number[] = [];
      for (let count = 0; count < 20; count++) times.push(await tap.ping());
      assert.ok(Math.max(...times) < 600, `${Math.max(...times)} ms`);
      tap.say("<pingRequest uid='a &amp; &quot;b&quot;'/>");
      await tap.until(
        () => tap.heard.some(({ attributes }) => attributes.uid === 'a & "b"'),
        'its own words',
      );
      tap.say("<pingReply uid='nobody asked'/>");
      await tap.ping();
      await tap.next({ verb: 'set', name: 'CCD_EXPOSURE', state: 'Ok' }, 0, IMAGE_MS);
    },
  },
];
