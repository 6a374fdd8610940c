import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NetworkView } from '../src/api/network-view.ts';
import {
  agoWords,
  attemptWords,
  likelyEndpoint,
  signalWords,
  wayWords,
  whereWords,
} from './network-words.ts';

const view = (more: Partial<NetworkView> = {}): NetworkView => ({
  ...{ hotspot: { ssid: 'Nightjar-7F3A', state: 'up', phones: 1 }, radios: 1, known: [], seen: [] },
  ...{ looking: false, addresses: [], tunnel: { port: 51820, peers: [] }, ...more },
});
const known = (name: string, joined: boolean) =>
  ({ uuid: name, name, type: 'wifi', trusted: false, joined }) as const;
const off = { ssid: 'Nightjar-7F3A', state: 'down' } as const;

test('where the unit is', () => {
  assert.equal(whereWords(view()), 'own WiFi, 1 on it');
  assert.equal(whereWords(view({ hotspot: { ...off, state: 'up' } })), 'own WiFi');
  assert.equal(whereWords(view({ hotspot: off, known: [known('Home', true), known('Old', false)] })), 'Home');
  assert.equal(
    whereWords(view({ known: [known('Wired connection 1', true)] })),
    'own WiFi, 1 on it · Wired connection 1',
  );
  assert.equal(whereWords(view({ hotspot: off })), 'no network yet');
  assert.equal(whereWords(view({ looking: true })), 'looking around');
  assert.equal(whereWords(view({ attempt: { ssid: 'Home', state: 'trying' } })), 'joining Home');
});

test('what has come of joining: a failure stays until the next try, a success says itself', () => {
  const failed = view({
    attempt: { ssid: 'Home', state: 'failed', words: 'Home did not take the password' },
  });
  assert.deepEqual(attemptWords(failed), { text: 'Home did not take the password', alert: true });
  assert.match(
    attemptWords(view({ attempt: { ssid: 'Home', state: 'leaving' } }))?.text ?? '',
    /join Home with/,
  );
  assert.equal(attemptWords(view({ attempt: { ssid: 'Home', state: 'joined' } })), undefined);
  assert.equal(attemptWords(view()), undefined);
});

test('signal and age in field words', () => {
  assert.deepEqual([90, 65, 64, 40, 39].map(signalWords), ['strong', 'strong', 'good', 'good', 'weak']);
  const now = Date.parse('2026-11-22T20:00:00Z');
  assert.equal(agoWords(undefined, now), 'Nobody has looked yet.');
  assert.equal(agoWords('2026-11-22T20:00:30Z', now), 'Seen just now.');
  assert.equal(agoWords('2026-11-22T19:20:00Z', now), 'Seen 40 min ago.');
  assert.equal(agoWords('2026-11-22T10:00:00Z', now), 'Seen 10 h ago.');
});

test('the tunnel leads to the address at home, not to one that is only here', () => {
  const addresses = [
    { device: 'wlan0', address: '10.42.0.1' },
    { device: 'eth0', address: '192.168.1.7' },
  ];
  assert.equal(likelyEndpoint({ addresses }), '192.168.1.7');
  assert.equal(likelyEndpoint({ addresses: addresses.slice(0, 1) }), '');
});

test('ways into the unit have names that people use', () => {
  const names = ['wlan0', 'eth0', 'end0', 'usb0', 'wg0', 'br0'].map(wayWords);
  assert.deepEqual(names, ['WiFi', 'Ethernet', 'Ethernet', 'USB cable', 'From elsewhere', 'br0']);
});
