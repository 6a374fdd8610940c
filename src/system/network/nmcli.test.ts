import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Answer, type Command, systemCommand } from '../command.ts';
import { countryIn, radioOffersSae, securityOf, stationsIn, strongest } from './air.ts';
import { cells, Nmcli } from './nmcli.ts';

/** Answers by the words that an order ends with, as NetworkManager 1.42 gave them. */
function recorded(answers: Readonly<Record<string, Partial<Answer>>>) {
  const asked: string[][] = [];
  const command: Command = async (_, args) => {
    asked.push([...args]);
    const line = args.join(' ');
    const [, answer] = Object.entries(answers).find(([words]) => line.includes(words)) ?? [];
    return { code: 0, stdout: '', stderr: '', ...answer };
  };
  return { nmcli: new Nmcli(command), asked };
}

const HOME = '4aacd136-15e4-402e-8a45-48494f78f830';

describe('nmcli', () => {
  test('columns come back as they were, whatever is in them', () => {
    const escaped = (text: string) => text.replace(/[\\:]/g, '\\$&');
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (row) => {
        assert.deepEqual(cells(row.map(escaped).join(':')), row);
      }),
    );
  });

  test('devices, with what is on them', async () => {
    const { nmcli } = recorded({
      'device status': {
        stdout:
          `wlan0:wifi:connected:${HOME}\neth0:ethernet:unavailable:\n` +
          'wlan1:wifi:connecting (getting IP configuration):\nlo:loopback:connected (externally):\n' +
          'usb0:ethernet:deactivating:\n',
      },
    });
    const devices = await nmcli.devices();
    assert.deepEqual(devices[0], { name: 'wlan0', type: 'wifi', state: 'connected', profile: HOME });
    assert.deepEqual(
      devices.map(({ state }) => state),
      ['connected', 'unavailable', 'connecting', 'connected', 'disconnected'],
    );
  });

  test('profiles, with name, trust and SSID', async () => {
    const { nmcli } = recorded({
      multiline: {
        stdout:
          `connection.uuid:${HOME}\nconnection.zone:\n802-11-wireless.ssid:Home: a\\b\n\n` +
          'connection.uuid:two\nconnection.zone:trusted\n',
      },
      'connection show': {
        stdout: `${HOME}:a\\:b\\\\c:802-11-wireless:no\ntwo:Wired connection 1:802-3-ethernet:yes\n`,
      },
    });
    const [wifi, wired] = await nmcli.profiles();
    assert.deepEqual(wifi, {
      ...{ uuid: HOME, name: 'a:b\\c', type: 'wifi', autoconnect: false, trusted: false },
      ssid: 'Home: a\\b',
    });
    assert.deepEqual([wired?.type, wired?.trusted, wired?.autoconnect], ['ethernet', true, true]);
  });

  test('why a WiFi was not joined', async () => {
    const activation = 'Error: Connection activation failed: ';
    const cases = [
      [4, `${activation}Secrets were required, but not provided.`, 'password'],
      [4, `${activation}802.1X supplicant took too long to authenticate`, 'password'],
      [4, `${activation}The Wi-Fi network could not be found.\nHint: see the journal`, 'not-found'],
      [4, `${activation}IP configuration could not be reserved (no available address)`, 'no-address'],
      [3, 'Error: Timeout expired (45 seconds)', 'no-answer'],
      [4, `${activation}No suitable device found for this connection`, 'other'],
    ] as const;
    for (const [code, stderr, failure] of cases) {
      const { nmcli } = recorded({ up: { code, stderr } });
      assert.equal((await nmcli.up(HOME, 45)).failure, failure, stderr);
    }
    const { nmcli } = recorded({ up: { code: 10, stderr: "Error: unknown connection 'x'." } });
    await assert.rejects(nmcli.up('x', 45), {
      kind: 'refused',
      message: "NetworkManager: unknown connection 'x'.",
    });
  });

  test('a WiFi is added with the key management that it wants', async () => {
    const { nmcli, asked } = recorded({ add: { stdout: `Connection 'Home' (${HOME}) successfully added.` } });
    assert.equal(await nmcli.addWifi({ ssid: '-Home', security: 'wpa2', password: 'pass word' }), HOME);
    await nmcli.addWifi({ ssid: 'New', security: 'wpa3', password: 'x', hidden: true });
    await nmcli.addWifi({ ssid: 'Café', security: 'open' });
    const [wpa2, wpa3, open] = asked.map((args) => args.join(' '));
    assert.match(
      wpa2 ?? '',
      /con-name -Home ssid -Home .*autoconnect no .*key-mgmt wpa-psk .*psk pass word$/,
    );
    assert.match(wpa3 ?? '', /hidden yes .*key-mgmt sae/);
    assert.doesNotMatch(open ?? '', /security/);
  });

  test('an order that fails says what NetworkManager said, and none of its arguments', async () => {
    const { nmcli } = recorded({ add: { code: 2, stderr: 'Error: invalid property.\n' } });
    await assert.rejects(nmcli.addWifi({ ssid: 'Home', security: 'wpa2', password: 'secret' }), (error) => {
      assert.ok(error instanceof Error);
      assert.equal(error.message, 'NetworkManager: invalid property.');
      return true;
    });
  });
});

describe('programs of the system', () => {
  test('give their answer, with its code', async () => {
    const answer = await systemCommand('sh', ['-c', 'echo $LC_ALL; echo no >&2; exit 3'], 5000);
    assert.deepEqual(answer, { code: 3, stdout: 'C.UTF-8\n', stderr: 'no\n' });
  });

  test('that are not there, or do not end, are faults', async () => {
    await assert.rejects(systemCommand('no-such-program', [], 1000), { kind: 'unsupported' });
    await assert.rejects(systemCommand('sleep', ['10'], 50), { kind: 'silent' });
    await assert.rejects(systemCommand('yes', [], 5000), { kind: 'garbled' });
  });
});

describe('the air', () => {
  test('protections, as nmcli words them', () => {
    const cases = { '': 'open', WPA2: 'wpa2', 'WPA1 WPA2': 'wpa2', 'WPA2 WPA3': 'wpa2', WPA3: 'wpa3' };
    for (const [text, security] of Object.entries(cases)) assert.equal(securityOf(text), security, text);
    for (const text of ['WPA2 802.1X', 'WEP', 'OWE']) assert.equal(securityOf(text), 'other', text);
  });

  test('one line a name, strongest first, hidden ones left out', () => {
    const seen = (ssid: string, signal: number) => ({ ssid, signal, security: 'wpa2' as const });
    assert.deepEqual(strongest([seen('a', 30), seen('', 99), seen('b', 80), seen('a', 90)]), [
      seen('a', 90),
      seen('b', 80),
    ]);
    assert.equal(strongest(Array.from({ length: 500 }, (_, n) => seen(`n${n}`, 10))).length, 60);
  });

  test('iw: who is there, and whose rules hold', () => {
    const dump =
      'Station 02:00:00:00:01:00 (on wlan0)\n\tinactive time:\t4 ms\nStation 02:00:00:00:02:00 (on wlan0)\n';
    assert.deepEqual([stationsIn(dump), stationsIn('')], [2, 0]);
    assert.equal(countryIn('global\ncountry DE: DFS-ETSI\n\t(2400 - 2483 @ 40)\n'), 'DE');
    assert.equal(countryIn('global\ncountry 00: DFS-UNSET\n'), undefined);
  });

  test('WPA3 for an access point: only where kernel and radio do it, and never of the Raspberry Pi', () => {
    const able =
      'Wiphy phy0\n\tSupported Ciphers:\n\t\t* CMAC (00-0f-ac:6)\n\tSupported interface modes:\n\t\t * managed\n\t\t * AP\n' +
      '\tDevice supports SAE with AUTHENTICATE command\n';
    assert.equal(radioOffersSae(able, 'mac80211_hwsim'), true);
    assert.equal(radioOffersSae(able, 'brcmfmac'), false);
    assert.equal(radioOffersSae(able.replace('* AP', '* AP/VLAN'), 'mt76'), false);
    assert.equal(radioOffersSae(able.replace('with AUTHENTICATE', 'offload'), 'mt76'), false);
  });
});
