import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SimClock, utcOf } from '../../core/clock.ts';
import type { Machine } from './machine.ts';
import { setUp } from './setup.ts';
import { PASSWORD_BITS } from './unit.ts';

const clock = new SimClock(utcOf(2026, 11, 22, 20));
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1aWxkLXNvbWV0aGluZy1nb29kLWhlcmUtcGxlYXNl me@there';

/** A unit in a temporary folder, which can be started again and again. */
function unit(t: TestContext, toml?: string) {
  const root = mkdtempSync(join(tmpdir(), 'nightjar-unit-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const at = (...parts: string[]) => join(root, ...parts);
  mkdirSync(at('boot'));
  const ran: string[] = [];
  const machine: Machine = {
    root: false,
    group: () => undefined,
    driver: () => 'mac80211_hwsim',
    run(program, ...args) {
      ran.push([program, ...args].join(' '));
      if (program === 'ssh-keygen') writeFileSync(args.at(-1) as string, 'a key of its own');
      return '';
    },
  };
  const places = {
    boot: at('boot'),
    system: at('system'),
    run: at('run'),
    bench: { own: at('rig.json'), demo: '/demo.json' },
  };
  const write = (text: string) => writeFileSync(at('boot/nightjar.toml'), text);
  if (toml !== undefined) write(toml);
  return {
    at,
    ran,
    write,
    boot: () => setUp(places, machine, clock),
    text: (...parts: string[]) => readFileSync(at(...parts), 'utf8'),
    /** All that is there, as text by name. */
    all: () =>
      Object.fromEntries(
        readdirSync(root, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ parentPath, name }) => [
            join(parentPath, name),
            readFileSync(join(parentPath, name), 'latin1'),
          ]),
      ),
  };
}

test('a new unit makes its own name and password, and says them on card and screen', (t) => {
  const { boot, text, at } = unit(t);
  const { unit: made, complaints } = boot();
  assert.deepEqual(complaints, []);
  assert.match(made.ssid, /^Nightjar-[0-9A-F]{4}$/);
  assert.match(made.password, /^([a-hj-kmnp-z2-9]{4}-){3}[a-hj-kmnp-z2-9]{4}$/);
  assert.equal(made.name, made.ssid.toLowerCase());
  assert.ok(PASSWORD_BITS >= 60);
  for (const told of [text('boot/nightjar.txt'), text('run/console.txt')]) {
    assert.ok(told.includes(made.ssid) && told.includes(made.password) && told.includes('10.42.0.1'));
  }
  assert.match(
    text('system/network/nightjar-hotspot.nmconnection'),
    new RegExp(`^psk=${made.password}$`, 'm'),
  );
  assert.equal(statSync(at('system/network/nightjar-hotspot.nmconnection')).mode & 0o777, 0o600);
  assert.equal(statSync(at('system/unit.json')).mode & 0o777, 0o640);
  assert.equal(text('run/environment'), '');
  assert.ok(!existsSync(at('system/ssh')), 'SSH is off');
});

test('no two units are alike', (t) => {
  const passwords = Array.from({ length: 20 }, () => unit(t).boot().unit.password);
  assert.equal(new Set(passwords).size, 20);
});

test('the second start changes no byte', (t) => {
  const one = unit(
    t,
    `country = "de"\nname = "Attic"\n[[wifi]]\nssid = "My home"\npassword = "long enough"\n[ssh]\nkey = "${KEY}"\n`,
  );
  one.boot();
  const first = one.all();
  one.boot();
  assert.deepEqual(one.all(), first);
});

test("what the owner asks for is taken in, and the file's passwords are blanked", (t) => {
  const one = unit(
    t,
    [
      'name = "Attic scope"',
      'hotspot_password = "stars and stripes"',
      'country = "DE"',
      'rig = "demo"',
      '[site]',
      'latitude = 48.2',
      'longitude = 16.4',
      '[[wifi]]',
      'ssid = "Home"',
      'password = "long enough" # of the box',
      '[ssh]',
      `key = "${KEY}"`,
      '[time]',
      'servers = ["ntp.example.org"]',
      'gps = "/dev/ttyAMA0"',
    ].join('\n'),
  );
  const { unit: made, complaints, ssh } = one.boot();
  assert.deepEqual(complaints, []);
  assert.deepEqual(
    [made.name, made.ssid, made.password, made.country, ssh],
    ['attic-scope', 'Attic scope', 'stars and stripes', 'DE', true],
  );
  assert.doesNotMatch(one.text('boot/nightjar.toml'), /stripes|long enough/);
  assert.match(one.text('boot/nightjar.toml'), /password = "" # of the box/);
  const home = readdirSync(one.at('system/network')).find((name) => name.startsWith('wifi-')) as string;
  assert.match(one.text('system/network', home), /psk=long enough/);
  assert.equal(one.text('system/ssh/authorized_keys'), `${KEY}\n`);
  assert.equal(one.text('system/time/nightjar.sources'), 'server ntp.example.org iburst\n');
  assert.equal(one.text('system/gpsd.env'), 'GPS_DEVICES="/dev/ttyAMA0"\n');
  assert.deepEqual(JSON.parse(one.text('system/site.json')), {
    latitude: 48.2,
    longitude: 16.4,
    elevationMetres: 0,
  });
  assert.equal(one.text('run/environment'), 'NIGHTJAR_BENCH=/demo.json\n');
  assert.ok(one.ran.includes('iw reg set DE'));
  assert.equal(one.boot().unit.password, 'stars and stripes', 'blank means: as it is');
});

test('SSH goes off with its key; an unreadable key leaves it as it was', (t) => {
  const one = unit(t, `[ssh]\nkey = "${KEY}"\n`);
  one.boot();
  one.write('[ssh]\nkey = "nonsense"\n');
  assert.equal(one.boot().ssh, true);
  rmSync(one.at('boot/nightjar.toml'));
  assert.equal(one.boot().ssh, true, 'a card without the file says nothing');
  one.write('# nothing\n');
  assert.equal(one.boot().ssh, false);
  assert.equal(one.text('system/ssh/ssh_host_ed25519_key'), 'a key of its own');
  assert.equal(one.ran.filter((command) => command.startsWith('ssh-keygen')).length, 1);
});

test('what the owner changed on the page holds, and the card says it', (t) => {
  const one = unit(t);
  one.boot();
  const path = one.at('system/network/nightjar-hotspot.nmconnection');
  writeFileSync(
    path,
    one.text('system/network/nightjar-hotspot.nmconnection').replace(/^psk=.*$/m, 'psk=from the page'),
  );
  assert.equal(one.boot().unit.password, 'from the page');
  assert.match(one.text('boot/nightjar.txt'), /from the page/);
});

test('a WiFi of the page gets its new password in its own profile, and stays trusted', (t) => {
  const one = unit(t);
  one.boot();
  const profile =
    '[connection]\nid=Home\ntype=wifi\nzone=trusted\n\n[wifi]\nmode=infrastructure\nssid=Home\n';
  writeFileSync(one.at('system/network/Home.nmconnection'), profile, { mode: 0o600 });
  one.write('[[wifi]]\nssid = "Home"\npassword = "brand new"\n[[wifi]]\nssid = "Else"\npassword = ""\n');
  const { complaints } = one.boot();
  assert.match(one.text('system/network/Home.nmconnection'), /zone=trusted[\s\S]*psk=brand new/);
  assert.equal(readdirSync(one.at('system/network')).length, 3);
  assert.match(complaints[0]?.words ?? '', /has none for "Else": write it again/);
});

test('nonsense on the card, no card, a lost unit.json: it starts, and says so', (t) => {
  const one = unit(t, '\0\0\0');
  const { complaints, unit: made } = one.boot();
  assert.ok(complaints.length > 0);
  assert.match(one.text('boot/nightjar.txt'), /What needs a look/);
  writeFileSync(one.at('system/unit.json'), '{"name":');
  assert.equal(one.boot().unit.password, made.password, "NetworkManager's profile still has it");
  rmSync(one.at('boot'), { recursive: true });
  assert.match(one.boot().complaints[0]?.words ?? '', /nightjar.txt cannot be written/);
  assert.match(one.text('run/console.txt'), /nightjar.txt cannot be written/);
});

test('a unit that has lost all its data is found by the phones that know it', (t) => {
  const one = unit(t, 'name = "Grandma’s"\n');
  const { unit: made } = one.boot();
  one.write('');
  rmSync(one.at('system'), { recursive: true });
  const { ssid, password } = one.boot().unit;
  assert.deepEqual([ssid, password], [made.ssid, made.password]);
});

test('a text of somebody else beside it gives no name', (t) => {
  const one = unit(t);
  writeFileSync(one.at('boot/nightjar.txt'), '  1. Join this WiFi:   \n     Its password:     short\n');
  assert.match(one.boot().unit.ssid, /^Nightjar-/);
});

test('passwords stay on the card while the unit has them in memory only', (t) => {
  const toml = 'hotspot_password = "stars and stripes"\n[[wifi]]\nssid = "Home"\npassword = "long enough"\n';
  const one = unit(t, toml);
  mkdirSync(one.at('run'));
  writeFileSync(one.at('run/data-lost'), '');
  assert.equal(one.boot().unit.password, 'stars and stripes');
  assert.equal(one.text('boot/nightjar.toml'), toml);
  rmSync(one.at('run/data-lost'));
  one.boot();
  assert.doesNotMatch(one.text('boot/nightjar.toml'), /stripes|long enough/);
});

test('a password that could not be kept is not blanked', (t) => {
  const toml = 'hotspot_password = "stars and stripes"\n';
  const one = unit(t, toml);
  mkdirSync(one.at('system/unit.json'), { recursive: true });
  one.boot();
  assert.equal(one.text('boot/nightjar.toml'), toml);
});

test('a key of its own that a power cut left empty is made anew', (t) => {
  const one = unit(t, `[ssh]\nkey = "${KEY}"\n`);
  one.boot();
  writeFileSync(one.at('system/ssh/ssh_host_ed25519_key'), '');
  one.boot();
  assert.equal(one.text('system/ssh/ssh_host_ed25519_key'), 'a key of its own');
});

test('a bench of the owner is used where there is one', (t) => {
  const one = unit(t);
  writeFileSync(one.at('rig.json'), '{}');
  one.boot();
  assert.equal(one.text('run/environment'), `NIGHTJAR_BENCH=${one.at('rig.json')}\n`);
});

test('files that others could read are closed again', (t) => {
  const one = unit(t);
  one.boot();
  chmodSync(one.at('system/unit.json'), 0o666);
  one.boot();
  assert.equal(statSync(one.at('system/unit.json')).mode & 0o777, 0o640);
});

test('a data partition that cannot be written keeps nobody from starting', (t) => {
  const one = unit(t);
  writeFileSync(one.at('system'), 'a file where the folder should be');
  const { complaints, unit: made } = one.boot();
  assert.ok(complaints.length > 0);
  assert.match(one.text('boot/nightjar.txt'), new RegExp(made.password));
});

test('the network servers and the GPS go off with their lines', (t) => {
  const one = unit(t, '[time]\nservers = ["a.example"]\ngps = "/dev/ttyAMA0"\n');
  one.boot();
  one.write('[time]\nservers = [a.example]\n');
  one.boot();
  assert.ok(existsSync(one.at('system/gpsd.env')), 'nobody knows what was meant');
  one.write('');
  one.boot();
  assert.ok(!existsSync(one.at('system/gpsd.env')) && !existsSync(one.at('system/time/nightjar.sources')));
});
