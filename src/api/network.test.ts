import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { systemClock } from '../core/clock.ts';
import { silentLog } from '../core/log.ts';
import { FakeAir } from '../system/network/fake-air.ts';
import { HOTSPOT_ID } from '../system/network/keyfiles.ts';
import { Tunnel } from '../system/network/tunnel.ts';
import { Wireless } from '../system/network/wireless.ts';
import { bench } from './bench.ts';
import { littleRig } from './little-rig.ts';
import { serveLittleRig } from './little-site.ts';
import { addressesIn } from './network-view.ts';

const NETWORK = '/api/v1/network';
const hotspot = { ssid: 'Nightjar-7F3A', password: 'abcd-efgh-jkmn-pqrs' };
const home = { ssid: 'Home', password: 'four words of it' };

/** A unit on its hotspot, with a phone on that, and `Home` in the air. */
async function unit(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-network-'));
  t.after(() => rmSync(folder, { recursive: true }));
  let air: FakeAir | undefined;
  const stage = await bench(({ clock }) => {
    air = new FakeAir(clock);
    air.networks = [home];
    air.phones = 1;
    const wireless = new Wireless({ command: air.command, clock, log: silentLog });
    wireless.supervise();
    const tunnel = new Tunnel({ command: air.command, file: join(folder, 'keys.json') });
    return { network: { wireless, tunnel, hotspot } };
  });
  await stage.pass(10_000);
  return { ...stage, air: air as FakeAir };
}

describe('the network', () => {
  test('shows where the unit is, and no secret', async (t) => {
    const { ask } = await unit(t);
    const { json, text } = await ask('GET', NETWORK);
    assert.deepEqual(json.hotspot, { ssid: 'Nightjar-7F3A', state: 'up', phones: 1 });
    assert.deepEqual(json.seen, [{ ssid: 'Home', signal: 50, security: 'wpa2' }]);
    assert.match(json.seenUtc, /^2026-11-22T20:00:\d\d/);
    assert.deepEqual(json.tunnel, { port: 51820, peers: [] });
    assert.ok(!text.includes(hotspot.password));
    const live = await ask('GET', '/api/v1/observatory');
    assert.ok(!live.text.includes(hotspot.password));
  });

  test("tells its own WiFi's password with a code for phones, kept by no cache", async (t) => {
    const { ask } = await unit(t);
    const { json, headers } = await ask('GET', `${NETWORK}/hotspot`);
    assert.equal(json.password, hotspot.password);
    assert.match(json.qr, /^<svg /);
    assert.equal(headers.get('cache-control'), 'no-store');
  });

  test('joins a WiFi: the phone is told first, then it happens', async (t) => {
    const { ask, air, pass } = await unit(t);
    const { status, json } = await ask('POST', `${NETWORK}/join`, home);
    assert.equal(status, 202);
    assert.match(json.words, /loses Nightjar-7F3A now\. Join Home .* http:\/\/nightjar\.local\./);
    assert.equal(air.on(), HOTSPOT_ID);
    await pass(10_000);
    const { known, attempt } = (await ask('GET', NETWORK)).json;
    assert.deepEqual([known[0].name, known[0].joined, attempt.state], ['Home', true, 'joined']);
  });

  test('says why it did not join, when the phone is back', async (t) => {
    const { ask, pass } = await unit(t);
    await ask('POST', `${NETWORK}/join`, { ...home, password: 'not this one' });
    await pass(60_000);
    const { hotspot: own, attempt } = (await ask('GET', NETWORK)).json;
    assert.equal(own.state, 'up');
    assert.match(attempt.words, /Home did not take the password/);
  });

  test('what cannot work is turned down at once', async (t) => {
    const { ask } = await unit(t);
    const short = await ask('POST', `${NETWORK}/join`, { ssid: 'Home', password: 'short' });
    assert.equal(short.status, 400);
    assert.match(short.json.detail, /8 to 63/);
    assert.equal((await ask('POST', `${NETWORK}/join`, { ssid: '' })).status, 400);
    const none = '/known/00000000-0000-4000-8000-000000000099';
    assert.equal((await ask('DELETE', `${NETWORK}${none}`)).status, 404);
    assert.equal((await ask('PUT', `${NETWORK}${none}/trust`, { trusted: true })).status, 404);
    assert.equal((await ask('DELETE', `${NETWORK}/known/..%2Fx`)).status, 400);
  });

  test('trusts and forgets what is known', async (t) => {
    const { ask, air, pass } = await unit(t);
    const { uuid } = air.know('Home', { password: home.password });
    await pass(40_000);
    const trusted = await ask('PUT', `${NETWORK}/known/${uuid}/trust`, { trusted: true });
    assert.equal(trusted.json.known[0].trusted, true);
    assert.equal((await ask('DELETE', `${NETWORK}/known/${uuid}`)).status, 202);
    await pass(1000);
    assert.deepEqual((await ask('GET', NETWORK)).json.known, []);
  });

  test('looks around, and says what that costs', async (t) => {
    const { ask, air, pass } = await unit(t);
    air.networks = [home, { ssid: 'Neighbour', signal: 90 }];
    const { status, json } = await ask('POST', `${NETWORK}/scan`);
    assert.equal(status, 202);
    assert.match(json.words, /goes for some seconds/);
    await pass(10_000);
    const { seen } = (await ask('GET', NETWORK)).json;
    assert.deepEqual(
      seen.map(({ ssid }: { ssid: string }) => ssid),
      ['Neighbour', 'Home'],
    );
    assert.equal(air.on(), HOTSPOT_ID);
  });

  test('lets people in by WireGuard, tells their keys once, and lets them out', async (t) => {
    const { ask, air } = await unit(t);
    const peers = `${NETWORK}/tunnel/peers`;
    const { status, json, headers } = await ask('POST', peers, { name: "Anna's phone", endpoint: '1.2.3.4' });
    assert.equal(status, 201);
    assert.match(json.config, /^PrivateKey = /m);
    assert.match(json.qr, /^<svg /);
    assert.equal(headers.get('cache-control'), 'no-store');
    const after = await ask('GET', NETWORK);
    assert.deepEqual(after.json.tunnel.peers, [{ name: "Anna's phone", address: '10.44.0.2' }]);
    assert.ok(!/PrivateKey/i.test(after.text));
    assert.equal(air.on('wg0'), 'nightjar-wireguard');
    assert.equal((await ask('DELETE', `${peers}/nobody`)).status, 404);
    assert.equal((await ask('DELETE', `${peers}/${encodeURIComponent("Anna's phone")}`)).status, 204);
    assert.equal(air.on('wg0'), undefined);
    for (const endpoint of ['a b', 'x\nPostUp = reboot', '', '$(reboot)'])
      assert.equal((await ask('POST', peers, { name: 'x', endpoint })).status, 400, endpoint);
  });

  test('a unit whose system runs its network says so', async () => {
    const { ask } = await bench();
    const { status, json } = await ask('GET', NETWORK);
    assert.equal(status, 501);
    assert.match(json.detail, /operating system/);
  });

  test('addresses are those that people can type', () => {
    const about = { netmask: '', mac: '', cidr: null };
    const v4 = (address: string, internal = false) => ({
      ...about,
      address,
      family: 'IPv4' as const,
      internal,
    });
    const v6 = { ...about, address: 'fe80::1', family: 'IPv6' as const, internal: false, scopeid: 2 };
    assert.deepEqual(
      addressesIn({ lo: [v4('127.0.0.1', true)], eth0: [v4('192.168.1.7'), v6], wlan0: undefined }),
      [{ device: 'eth0', address: '192.168.1.7' }],
    );
  });
});

describe('phones that look for the internet', () => {
  const get = async (t: TestContext, host: string, path: string, method = 'GET') => {
    const { ask } = await unit(t);
    return ask(method, path, undefined, { host });
  };

  test('hear that all is well, each in its own words', async (t) => {
    const { ask } = await unit(t);
    const cases = [
      ['captive.apple.com', '/hotspot-detect.html', 200, /<TITLE>Success<\/TITLE>/],
      ['connectivitycheck.gstatic.com', '/generate_204', 204, /^$/],
      ['clients3.google.com', '/generate_204', 204, /^$/],
      ['www.msftconnecttest.com', '/connecttest.txt', 200, /^Microsoft Connect Test$/],
      ['www.msftncsi.com', '/ncsi.txt', 200, /^Microsoft NCSI$/],
      ['detectportal.firefox.com', '/success.txt?ipv4', 200, /^success\n$/],
      ['nmcheck.gnome.org:80', '/check_network_status.txt', 200, /^NetworkManager is online/],
    ] as const;
    for (const [host, path, status, body] of cases) {
      const answer = await ask('GET', path, undefined, { host });
      assert.equal(answer.status, status, host);
      assert.match(answer.text, body, host);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
    }
  });

  test('who asks for any other page is led to the unit', async (t) => {
    const answer = await get(t, 'neverssl.com', '/');
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.get('location'), 'http://127.0.0.1:8080/');
    assert.equal((await get(t, 'www.msftconnecttest.com', '/redirect')).status, 302);
  });

  test('a foreign name reaches no route, and changes nothing', async (t) => {
    assert.equal((await get(t, 'evil.example', '/api/v1/devices')).status, 421);
    assert.equal((await get(t, 'captive.apple.com', '/api/v1/network/hotspot')).status, 421);
    assert.equal((await get(t, 'evil.example', '/', 'POST')).status, 421);
    assert.equal((await get(t, 'captive.apple.com', '/', 'POST')).status, 421);
    assert.equal((await get(t, 'connectivitycheck.gstatic.com', '/healthz')).status, 302);
  });

  test('the unit itself is reached by its names', async (t) => {
    for (const host of ['nightjar.local', 'nightjar-7f3a.local', '10.42.0.1', '10.43.0.1:80'])
      assert.equal((await get(t, host, '/healthz')).status, 200, host);
  });

  test('on a laptop there is none of it', async () => {
    const { ask } = await bench();
    const host = 'captive.apple.com';
    assert.equal((await ask('GET', '/hotspot-detect.html', undefined, { host })).status, 421);
  });
});

test('over a socket, whoever is led to the unit is led to the address that he has reached', async (t) => {
  const rig = littleRig(systemClock);
  t.after(() => rig.host.close());
  const wireless = new Wireless({ command: neverAsked, clock: systemClock, log: silentLog });
  const tunnel = new Tunnel({ command: neverAsked, file: '/nonexistent/keys.json' });
  const served = await serveLittleRig(rig, tmpdir(), { network: { wireless, tunnel, hotspot } });
  t.after(() => served.close());
  const options = { host: '127.0.0.1', port: served.port, path: '/', headers: { host: 'neverssl.com' } };
  const location = await new Promise((resolve, reject) => {
    request(options, (answer) => resolve(answer.resume().headers.location))
      .once('error', reject)
      .end();
  });
  assert.equal(location, `http://127.0.0.1:${served.port}/`);
});

const neverAsked = async () => assert.fail('nothing is to be asked');
