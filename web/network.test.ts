import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { littleRig } from '../src/api/little-rig.ts';
import { serveLittleRig } from '../src/api/little-site.ts';
import { cell } from '../src/core/cell.ts';
import { systemClock } from '../src/core/clock.ts';
import type { NetworkState } from '../src/system/network/state.ts';
import type { TunnelBook } from '../src/system/network/wireguard.ts';
import { CHROMIUM } from './chromium.ts';
import { openStage, type Stage } from './stage.ts';

const skip = existsSync(CHROMIUM) ? false : `the page is not tried: there is no ${CHROMIUM}`;
const HOME = '00000000-0000-4000-8000-000000000001';

/** A unit on its own WiFi that does what it is told at once. */
function pretendedNetwork() {
  const state = cell<NetworkState>({
    ...{ hotspot: 'up', phones: 1, radios: 1, looking: false, country: 'AT', seenUtc: systemClock.now() },
    known: [{ uuid: HOME, name: 'Home', type: 'wifi', trusted: false, joined: false }],
    seen: [
      { ssid: 'Neighbour', signal: 80, security: 'wpa2' },
      { ssid: 'Campus', signal: 50, security: 'other' },
    ],
  });
  const book = cell<Omit<TunnelBook, 'privateKey'>>({ publicKey: '', peers: [] });
  const wishes: unknown[] = [];
  const change = (more: Partial<NetworkState>) => state.set({ ...state.value, ...more });
  const wireless = {
    state,
    look: async () => {},
    raise: async () => {},
    join: async (wish: unknown) => {
      wishes.push(wish);
      change({
        attempt: { ssid: 'Neighbour', state: 'failed', words: 'Neighbour did not take the password' },
      });
    },
    forget: async () => change({ known: [] }),
    trust: async (_: string, trusted: boolean) =>
      change({ known: state.value.known.map((known) => ({ ...known, trusted })) }),
  };
  const tunnel = {
    book,
    add: async (name: string, endpoint: string) => {
      book.set({ publicKey: '', peers: [{ name, publicKey: '', address: '10.44.0.2' }] });
      return `[Interface]\nPrivateKey = told once\n\n[Peer]\nEndpoint = ${endpoint}\n`;
    },
    remove: async () => book.set({ publicKey: '', peers: [] }),
  };
  return { wireless, tunnel, hotspot: { ssid: 'Nightjar-7F3A', password: 'abcd-efgh' }, wishes };
}

describe('the network on the page', { skip }, () => {
  const rig = littleRig(systemClock);
  const network = pretendedNetwork();
  let stage: Stage;
  let page: Page;

  before(async () => {
    await rig.host.connectAll();
    stage = await openStage((web) => serveLittleRig(rig, web, { network }));
    page = await stage.open();
    await stage.tab(page, 'Rig');
  });

  after(async () => {
    await stage?.close();
    await rig.host.close();
  });

  const section = () => page.getByRole('region', { name: 'network' });
  const unfold = (name: string) => page.locator('summary').filter({ hasText: name }).click();

  test('shows where the unit is, and how to get in, with a code', async () => {
    await section().getByText('own WiFi, 1 on it').waitFor();
    await unfold("The unit's own WiFi");
    await page.getByText('abcd-efgh').waitFor();
    const code = page.getByRole('img', { name: 'code for joining Nightjar-7F3A' });
    assert.ok(await code.evaluate((image: HTMLImageElement) => image.decode().then(() => image.width > 200)));
    await stage.picture(page, 'network');
  });

  test('joins a WiFi, says what the phone must do, then why it did not work', async () => {
    await unfold('Join a WiFi');
    assert.ok(await page.getByRole('button', { name: /^Campus/ }).isDisabled());
    await page.getByRole('button', { name: /^Neighbour/ }).click();
    await page.getByLabel('Password of Neighbour').fill('their password');
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'Your phone loses Nightjar-7F3A now' }).waitFor();
    assert.deepEqual(network.wishes, [{ ssid: 'Neighbour', password: 'their password' }]);
    await section().getByText('Neighbour did not take the password.').waitFor();
    await stage.picture(page, 'network-join');
  });

  test('trusts and forgets a network', async () => {
    const home = page.getByRole('group', { name: 'Home' });
    await home.getByRole('button', { name: /Trusted/ }).click();
    await stage.until('it is trusted', () => network.wireless.state.value.known[0]?.trusted === true);
    await home.getByRole('button', { name: 'Forget' }).click();
    await home.getByRole('button', { name: 'Forget it?' }).click();
    await stage.until('it is forgotten', () => network.wireless.state.value.known.length === 0);
    await home.waitFor({ state: 'detached' });
  });

  test('makes keys for a phone, shows them once, and lets it out', async () => {
    await unfold('From elsewhere');
    await page.getByLabel(/^Let in/).fill('tablet');
    await page.getByLabel(/^Reached under/).fill('home.example.org');
    await page.getByRole('button', { name: 'Make its keys' }).click();
    await page.getByRole('img', { name: 'WireGuard code for tablet' }).waitFor();
    await page.getByText('Endpoint = home.example.org').waitFor();
    await stage.picture(page, 'network-tunnel');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('group', { name: 'tablet' }).getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Let it in no more?' }).click();
    await stage.until('it is out', () => network.tunnel.book.value.peers.length === 0);
    assert.equal(await page.getByText('told once').count(), 0);
  });
});

describe('a unit whose system runs its network', { skip }, () => {
  test('shows none of it', async () => {
    const rig = littleRig(systemClock);
    await rig.host.connectAll();
    const stage = await openStage((web) => serveLittleRig(rig, web));
    try {
      const page = await stage.open();
      const asked = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/network'));
      await stage.tab(page, 'Rig');
      assert.equal((await asked).status(), 501);
      assert.equal(await page.getByRole('region', { name: 'network' }).count(), 0);
    } finally {
      await stage.close();
      await rig.host.close();
    }
  });
});
