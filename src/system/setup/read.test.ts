import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { blanked } from './blank.ts';
import { readSettings } from './read.ts';

const read = (text: string) => readSettings(new TextEncoder().encode(text));
const template = readFileSync(join(import.meta.dirname, 'nightjar.toml'), 'utf8');
/** As the owner has it who has removed every remark's mark before a setting. */
const uncommented = template.replace(/^#(?=[[a-z])/gm, '');

test('the template says nothing, and each of its lines is right once it says something', () => {
  assert.deepEqual(read(template), { settings: {}, complaints: [], unclear: new Set() });
  const { settings, complaints } = read(uncommented);
  assert.deepEqual(
    complaints.map(({ words }) => words),
    ['ssh.key: this is no public key: it is the one line of the file that ends in .pub'],
  );
  assert.deepEqual(Object.keys(settings).sort(), [
    ...['country', 'hotspot_password', 'name', 'rig', 'site', 'time', 'wifi'],
  ]);
});

test('what is wrong is said with its line, and all else counts', () => {
  const { settings, complaints, unclear } = read(
    [
      'name = "Attic"',
      'country = "Germany"',
      'colour = "red"',
      '[site]',
      'latitude = 148.2',
      'longitude = 16.4',
      '[[wifi]]',
      'ssid = "good"',
      'password = "long enough"',
      '[[wifi]]',
      'ssid = "bad"',
      'password = "short"',
      '[[wifi]]',
      'password = "nameless WiFi"',
    ].join('\n'),
  );
  assert.deepEqual(settings, { name: 'Attic', wifi: [{ ssid: 'good', password: 'long enough' }] });
  assert.deepEqual(
    complaints.map(({ line, words }) => `${line} ${words.split(/[,;]/)[0]}`),
    [
      '2 country: two letters: DE',
      '3 there is no setting "colour"',
      '5 site.latitude: a number from -90 to 90',
      '12 wifi.password: a WiFi password has 8 to 63 letters',
      '13 wifi.ssid: it is missing',
    ],
  );
  assert.deepEqual([...unclear].sort(), ['', 'country', 'site', 'wifi']);
});

test('lines that are no TOML are passed over, with what beginners need to know', () => {
  const { settings, complaints } = read(
    [
      'name = “Attic”',
      'country = DE',
      '[site]',
      'latitude = 48,2',
      'longitude = 16.4',
      '[[wifi]',
      'ssid = "torn"',
      '[time]',
      'servers = ["a.example"]',
      'and so on',
    ].join('\n'),
  );
  assert.deepEqual(settings, { time: { servers: ['a.example'] } });
  assert.deepEqual(
    complaints.map(({ line, words }) => `${line} ${words.split(/[;]/)[0]}`),
    [
      '1 the quotes must be straight ones: "',
      '2 text stands between quotes: "Home"',
      '4 a number has a point, no comma: 48.21',
      '4 site.latitude: a number from -90 to 90, with a point: 48.21',
      '6 this is no TOML: expected end of table array declaration',
      '10 a line is: name = "value"',
    ],
  );
});

test('one [wifi], marks of Windows, and two bytes a letter', () => {
  const text = '\r\n[wifi]\r\nssid = "Home"\r\npassword = "eight888"\r\n';
  const wifi = [{ ssid: 'Home', password: 'eight888' }];
  assert.deepEqual(read(`\ufeff${text}`).settings, { wifi });
  const wide = Buffer.from(`\ufeff${text}`, 'utf16le');
  assert.deepEqual(readSettings(wide).settings, { wifi });
});

test('a private key, several keys, and none', () => {
  const body = 'AAAAC3NzaC1lZDI1NTE5AAAAIGJ1aWxkLXNvbWV0aGluZy1nb29kLWhlcmUtcGxlYXNl';
  const key = `ssh-ed25519 ${body} me@there`;
  assert.deepEqual(read(`[ssh]\nkey = "${key}"`).settings.ssh, { key: [key] });
  assert.deepEqual(read(`[ssh]\nkey = ["${key}", "${key}"]`).settings.ssh?.key.length, 2);
  const secret = read('[ssh]\nkey = """-----BEGIN OPENSSH PRIVATE KEY-----\nabc"""');
  assert.match(secret.complaints[0]?.words ?? '', /no public key/);
  assert.doesNotMatch(JSON.stringify(secret.complaints), /abc/);
  assert.ok(secret.unclear.has('ssh'), 'who may log in stays as it is');
  const injected = read(`[ssh]\nkey = "${key}\\nssh-ed25519 ${body}"`);
  assert.equal(injected.settings.ssh, undefined);
});

test('whatever the card has, it is read in bounded time, and nothing throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      readSettings(bytes);
    }),
    { numRuns: 200, seed: 5 },
  );
  const lines = uncommented.split('\n');
  fc.assert(
    fc.property(fc.shuffledSubarray(lines), fc.nat(400), (some, cut) => {
      const { complaints } = read(some.join('\n').slice(0, cut));
      assert.ok(complaints.length < 60);
    }),
    { numRuns: 200, seed: 5 },
  );
  assert.equal(read('x'.repeat(100_000)).complaints.length, 1);
});

test('passwords are blanked where they stand, and every other letter stays', () => {
  const text = [
    'hotspot_password = "for my unit" # a remark',
    '[[wifi]] # "home"',
    'ssid = "Home"',
    'password = "it\\"s # secret" # of the box',
    '[[wifi]]',
    "ssid = 'Other'",
    "password='not stored'",
    '',
  ].join('\r\n');
  const after = blanked(text, { hotspot: true, ssids: new Set(['Home']) });
  assert.equal(
    after,
    text.replace('"for my unit"', '""').replace('"it\\"s # secret"', '""'),
    'the one that was not taken in stays',
  );
  assert.equal(blanked(after as string, { hotspot: true, ssids: new Set(['Home']) }), after);
  const inline = 'wifi = [{ ssid = "Home", password = "long enough" }]';
  assert.equal(blanked(inline, { hotspot: false, ssids: new Set(['Home']) }), undefined);
  assert.equal(blanked('[wifi', { hotspot: false, ssids: new Set() }), undefined);
});
