import assert from 'node:assert/strict';
import { join } from 'node:path';
import { assets, pathOf } from '../../../src/assets.ts';
import type { Suite } from '../../suites/suite.ts';
import { share } from './share.ts';
import { hotspotUp, identity, said, shown } from './unit.ts';
import { until } from './until.ts';

const UNIT = '10.42.0.1';
const inPhone = (file: string) => join(share(), 'phone', file);
const phone = async (...words: string[]) => (await said('sh', inPhone('phone.sh'), ...words)).trim();

/** What the phone's own programs say, run in its network namespace. */
async function onPhone<T>(program: string, ...words: string[]): Promise<T> {
  return JSON.parse(await said('ip', 'netns', 'exec', 'phone', process.execPath, program, ...words)) as T;
}
const ask = <T>(what: string, ...words: string[]) => onPhone<T>(inPhone('phone.mjs'), what, UNIT, ...words);

/** A second radio as the phone of a stranger, then of the owner: all that it gets, it gets over the air. */
export const hotspot: Suite = {
  name: 'hotspot',
  cases: () => [
    shown('the unit’s own WiFi is up', () => until('it is', hotspotUp, 60).then(() => {})),
    shown('a phone with a wrong password is refused', async () => {
      const answer = await phone('join', identity().ssid, 'not-the-password', '30');
      await phone('leave');
      assert.match(answer, /WRONG_KEY/);
    }),
    shown('a phone with the password of the unit joins', async () => {
      const { ssid, password } = identity();
      assert.equal(await phone('join', ssid, password, '40'), 'COMPLETED');
    }),
    shown('it is given an address by DHCP, and no way out that is none', lease),
    shown('the page loads over the air', async () => {
      const page = await ask<{ status: number; bytes: number; title: string }>('page');
      assert.equal(page.status, 200);
      console.log(`     "${page.title}", ${page.bytes} bytes`);
    }),
    shown('names: nightjar.local is the unit, the rest of the world is not there', async () => {
      const names = await ask<Record<string, string>>('names', UNIT, 'nightjar.local', 'www.google.com');
      assert.equal(names['nightjar.local'], UNIT);
      assert.equal(names['www.google.com'], 'ENOTFOUND');
    }),
    shown('the probes of iOS, Android and Windows are answered so that the phone stays', probes),
    shown('an exposure is taken from the phone', async () => {
      const { seconds, bytes, start } = await ask<Record<string, string | number>>('expose');
      assert.match(String(start), /^SIMPLE {2}= +T/);
      console.log(`     ${bytes} bytes, ${Number(seconds).toFixed(1)} s from the tap to the file`);
    }),
    shown('ports open to the phone: the page and what a guest of this WiFi is trusted with', ports),
    shown('a network that is not trusted has the page and no INDI', untrusted),
  ],
};

async function lease(): Promise<void> {
  const text = await phone('lease');
  const offer = Object.fromEntries(text.split('\n').map((line) => line.split('=') as [string, string]));
  assert.match(offer.ip ?? '', /^10\.42\.0\.\d+$/, text);
  assert.ok(!offer.router, 'a router is offered: the phone would give up its mobile data');
  assert.equal(offer.dns, UNIT);
  console.log(`     ${offer.ip}/${offer.mask}, lease ${offer.lease} s, DNS ${offer.dns}, no router`);
}

interface ProbeAnswer {
  address: string;
  status: number;
  body: string;
  location?: string;
}

async function probes(): Promise<void> {
  const { ios, android, windows } = await ask<Record<'ios' | 'android' | 'windows', ProbeAnswer>>(
    'probes',
    UNIT,
  );
  for (const [system, { address, status }] of Object.entries({ ios, android, windows })) {
    assert.equal(address, UNIT, `${system} finds its host at ${address}`);
    console.log(`     ${system}: ${status}`);
  }
  assert.match(ios.body, /<BODY>Success<\/BODY>/i);
  assert.equal(android.status, 204);
  assert.equal(windows.body, 'Microsoft Connect Test');
}

/** 53: DNS of the own network; 80: the page; 4400 and 7624: PHD2's interface and INDI, for trusted networks. */
const EXPECTED = [53, 80, 4400, 7624];

async function ports(): Promise<void> {
  const { open, silent, refused } = await onPhone<{ open: number[]; silent: number; refused: number }>(
    pathOf(assets.standIn('scan')),
    UNIT,
  );
  console.log(`     open: ${open.join(' ')}; ${refused} refused, ${silent} silent`);
  const more = open.filter((port) => !EXPECTED.includes(port));
  assert.deepEqual(more, [], 'open, and not expected');
  // In the crowd of a scan a door that opens late looks shut: those that matter are knocked at once more.
  const doors = await ask<Record<string, string>>('ports', '80', '7624');
  assert.deepEqual(doors, { 80: 'open', 7624: 'open' }, 'the page, and INDI in the trusted network');
}

/** The owner takes the trust from the WiFi, until the next start, and gives it back. */
async function untrusted(): Promise<void> {
  const trust = async (zone: string) => {
    await said('nmcli', 'connection', 'modify', '--temporary', 'nightjar-hotspot', 'connection.zone', zone);
    await said('nmcli', 'device', 'reapply', 'wlan0');
  };
  const knocked = () => ask<Record<string, string>>('ports', '80', '7624');
  await trust('');
  try {
    await until('INDI is closed', async () => (await knocked())['7624'] === 'silent', 40);
    assert.equal((await knocked())['80'], 'open');
  } finally {
    await trust('trusted');
  }
  await until('INDI is open again', async () => (await knocked())['7624'] === 'open', 40);
}
