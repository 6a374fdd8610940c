import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hotspotKeyfile, usbKeyfile, wifiKeyfile } from './keyfiles.ts';

/** As GKeyFile reads a string, and NetworkManager a list of bytes for an SSID. */
function read(text: string, section: string, key: string): string | undefined {
  const body = text.split(/^\[/m).find((each) => each.startsWith(`${section}]`));
  const value = body
    ?.split('\n')
    .find((line) => line.startsWith(`${key}=`))
    ?.slice(key.length + 1);
  if (key === 'ssid' && /^(\d+;)+$/.test(value ?? ''))
    return Buffer.from((value ?? '').split(';').slice(0, -1).map(Number)).toString();
  return value
    ?.replace(/^[ \t]+/, '')
    .replace(/\\(.)/g, (_, sign: string) => ({ s: ' ', t: '\t', n: '\n', r: '\r' })[sign] ?? sign);
}

const password = fc.string({
  unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
  minLength: 8,
  maxLength: 63,
});
const ssid = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => Buffer.byteLength(text) <= 32 && text.isWellFormed());

test('names and passwords come back as they were, whatever is in them', () => {
  fc.assert(
    fc.property(ssid, password, (name, secret) => {
      for (const text of [
        hotspotKeyfile({ ssid: name, password: secret }),
        wifiKeyfile({ ssid: name, password: secret }),
      ]) {
        assert.equal(read(text, 'wifi', 'ssid'), name);
        assert.equal(read(text, 'wifi-security', 'psk'), secret);
      }
      assert.equal(read(wifiKeyfile({ ssid: name, password: secret }), 'connection', 'id'), name);
    }),
  );
});

test('no value begins another line', () => {
  const text = wifiKeyfile({ ssid: 'a\n[ipv4]\nmethod=manual\r', password: 'b'.repeat(8) });
  assert.equal(text.match(/^\[ipv4\]$/gm)?.length, 1);
  assert.doesNotMatch(text, /\r|method=manual$/m);
});

test('the hotspot: WPA2 with AES, no frames that phones cannot, brought up by us, trusted', () => {
  const text = hotspotKeyfile({ ssid: 'Nightjar-7F3A', password: 'abcd-efgh-jkmn' });
  const facts = [
    ['connection', 'id', 'nightjar-hotspot'],
    ['connection', 'autoconnect', 'false'],
    ['connection', 'zone', 'trusted'],
    ['connection', 'interface-name', 'wlan0'],
    ['wifi', 'mode', 'ap'],
    ['wifi', 'ssid', 'Nightjar-7F3A'],
    ['wifi-security', 'proto', 'rsn;'],
    ['wifi-security', 'pairwise', 'ccmp;'],
    ['wifi-security', 'pmf', '1'],
    ['ipv4', 'method', 'shared'],
    ['ipv4', 'address1', '10.42.0.1/24'],
  ] as const;
  for (const [section, key, value] of facts) assert.equal(read(text, section, key), value, key);
  assert.equal(
    read(hotspotKeyfile({ ssid: 'a', password: '12345678', sae: true }), 'wifi-security', 'pmf'),
    '2',
  );
});

test('units side by side use channels that do not overlap, all three', () => {
  const channels = Array.from({ length: 64 }, (_, n) =>
    read(
      hotspotKeyfile({ ssid: `Nightjar-${(n * 997).toString(16)}`, password: '12345678' }),
      'wifi',
      'channel',
    ),
  );
  assert.deepEqual([...new Set(channels)].sort(), ['1', '11', '6']);
});

test('a WiFi: open, WPA3, hidden, trusted only when said', () => {
  assert.doesNotMatch(wifiKeyfile({ ssid: 'Café' }), /wifi-security|zone/);
  assert.match(wifiKeyfile({ ssid: 'a', password: 'x', security: 'wpa3' }), /key-mgmt=sae\npsk=x$/m);
  assert.match(wifiKeyfile({ ssid: 'a', hidden: true, trusted: true }), /zone=trusted.*hidden=true/s);
});

test('the cable to a computer has its own network', () => {
  assert.match(
    usbKeyfile(),
    /interface-name=usb0\nautoconnect=true\nzone=trusted.*address1=10\.43\.0\.1\/24/s,
  );
});

test('what no radio can use is refused in words', () => {
  assert.throws(() => hotspotKeyfile({ ssid: '', password: '12345678' }), /1 to 32 bytes/);
  assert.throws(() => hotspotKeyfile({ ssid: 'a', password: 'short' }), /8 to 63/);
  assert.throws(() => wifiKeyfile({ ssid: 'a', password: 'größer als acht' }), /plain keyboard/);
});
