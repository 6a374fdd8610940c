import { type Checks, expect } from './checks.ts';
import { facts } from './facts.ts';
import type { Shell } from './ssh.ts';
import { cache, tree } from './tools.ts';

/** Where the phone's programs lie in the guest: memory only. */
const PLACE = '/tmp/phone';
const NODE = '/usr/lib/nightjar/bin/node';
const HOTSPOT = '10.42.0.1';

/** A hotspot's name and password, as the person reads them in nightjar.txt. */
export interface Hotspot {
  readonly ssid: string;
  readonly password: string;
}

/** Brings the phone's programs in and gives it the guest's second radio. */
export async function makePhone(shell: Shell): Promise<void> {
  await shell.put(`${cache}/busybox`, `${PLACE}/busybox`);
  for (const name of ['phone.sh', 'lease.sh', 'phone.mjs']) {
    await shell.put(`${tree}/image/test/guest/${name}`, `${PLACE}/${name}`);
  }
  await shell.root(`${PLACE}/phone.sh take`);
}

/** Everything a phone does on the unit's own WiFi, wrong password first. */
export async function phoneChecks(checks: Checks, shell: Shell, { ssid, password }: Hotspot): Promise<void> {
  const join = async (word: string) =>
    (await shell.root(`${PLACE}/phone.sh join '${ssid}' '${word}' 90`, 150)).trim().split('\n').at(-1) ?? '';
  const phone = async <T>(what: string, ...words: (string | number)[]): Promise<T> => {
    const command = `ip netns exec phone ${NODE} ${PLACE}/phone.mjs ${what} ${HOTSPOT} ${words.join(' ')}`;
    return JSON.parse((await shell.root(command, 400)).trim().split('\n').at(-1) ?? '') as T;
  };

  await checks.check('phone: a wrong password is refused', async () => {
    const answer = await join(`${password}x`);
    await shell.root(`${PLACE}/phone.sh leave`);
    expect(answer === 'WRONG_KEY', `it was answered ${answer}`);
    return 'WRONG_KEY';
  });
  await checks.need("phone: joins with the unit's password", async () => {
    const answer = await join(password);
    expect(answer === 'COMPLETED', `it was answered ${answer}`);
    return `${ssid}, WPA2`;
  });
  let server = HOTSPOT;
  await checks.need('phone: an address by DHCP, no route', async () => {
    const offer = facts(await shell.root(`${PLACE}/phone.sh lease`, 120), '=');
    expect(/^10\.42\.0\.\d+$/.test(offer.get('ip') ?? ''), `the offer was ${JSON.stringify([...offer])}`);
    expect(
      !offer.get('router'),
      `a default route was offered: ${offer.get('router')}; the phone would lose its mobile data`,
    );
    server = offer.get('dns') || HOTSPOT;
    return `${offer.get('ip')}/${offer.get('mask')} for ${offer.get('lease')} s, names from ${offer.get('dns') || 'nobody'}`;
  });
  await checks.check('phone: the page', async () => {
    const page = await phone<{ status: number; type: string; bytes: number; title?: string }>('page');
    expect(page.status === 200 && page.type.startsWith('text/html'), JSON.stringify(page));
    return `${page.title}, ${page.bytes} bytes`;
  });
  await checks.check('phone: captive portal probes', async () => {
    type Probe = { host: string; address: string; status: number; body: string };
    const probes = await phone<Record<'ios' | 'android' | 'windows', Probe>>('probes', server);
    for (const { host, address } of Object.values(probes)) {
      expect(address === HOTSPOT, `${host} is ${address} to the phone`);
    }
    const { ios, android, windows } = probes;
    expect(
      ios.status === 200 && /<BODY>\s*Success\s*<\/BODY>/i.test(ios.body),
      `iOS: ${ios.status} ${ios.body}`,
    );
    expect(android.status === 204 && android.body === '', `Android: ${android.status} ${android.body}`);
    expect(windows.status === 200 && windows.body === 'Microsoft Connect Test', `Windows: ${windows.body}`);
    return 'iOS 200 Success, Android 204, Windows 200 Microsoft Connect Test';
  });
  await checks.check('phone: names', async () => {
    const names = await phone<Record<string, string>>('names', server, 'nightjar.local', 'example.org');
    expect(names['nightjar.local'] === HOTSPOT, `nightjar.local is ${names['nightjar.local']}`);
    expect(
      !/^\d/.test(names['example.org'] ?? ''),
      `example.org is ${names['example.org']}: nothing behind us may look reachable`,
    );
    return `nightjar.local is ${HOTSPOT}, example.org is ${names['example.org']}`;
  });
  await checks.check('phone: INDI', async () => {
    const { devices, properties } = await phone<{ devices: string[]; properties: number }>('indi', 20);
    expect(devices.length >= 5, `devices: ${devices.join(', ')}`);
    return `${properties} properties of ${devices.join(', ')}`;
  });
  await checks.check('phone: an exposure from the emulated rig', async () => {
    const { status, bytes, start, seconds } = await phone<{
      status: number;
      bytes: number;
      start: string;
      seconds: number;
    }>('expose');
    expect(
      status === 200 && /^SIMPLE {2}= +T/.test(start) && bytes % 2880 === 0,
      `${status}, ${bytes} bytes: ${start}`,
    );
    return `2 s exposed, FITS of ${(bytes / 1e6).toFixed(1)} MB in hand after ${seconds.toFixed(1)} s`;
  });
  await checks.check('ports open from the hotspot', async () => {
    const listening = await shell.root("ss -Htln | awk '{ print $4 }' | sed 's/.*://' | sort -nu");
    const asked = [
      ...new Set([...listening.trim().split('\n'), '22', '53', '80', '443', '631', '4400', '5353', '7624']),
    ];
    const said = Object.entries(await phone<Record<string, string>>('ports', ...asked));
    const open = said.filter(([, word]) => word === 'open').map(([port]) => Number(port));
    const strange = open.filter((port) => ![22, 53, 80, 4400, 7624].includes(port));
    expect(strange.length === 0, `open without reason: ${strange.join(' ')}`);
    expect(
      [80, 7624].every((port) => open.includes(port)),
      `open: ${open.join(' ')}`,
    );
    return `TCP ${open.join(' ')}; not: ${said
      .filter(([, word]) => word !== 'open')
      .map(([port, word]) => `${port} ${word}`)
      .join(', ')}`;
  });
}
