import { connect } from 'node:net';
import { systemClock } from '../../src/core/clock.ts';
import { until, untilPage } from './api.ts';
import { type Boot, bootBare, makeBare } from './bare.ts';
import { cardChecks } from './card-checks.ts';
import { type Checks, expect } from './checks.ts';
import { type BootFiles, bootFiles, writeCard } from './disk.ts';
import { differences, facts } from './facts.ts';
import { type Guest, startGuest } from './machine.ts';
import { nightInMemory } from './night.ts';
import { type Hotspot, makePhone, phoneChecks } from './phone-checks.ts';
import { makeKey, Shell } from './ssh.ts';
import { cache, tree } from './tools.ts';

/** Two radios of the kernel's own, there from power on as a Pi's is: the unit's and the phone's. */
const RADIOS = 'modules_load=mac80211_hwsim mac80211_hwsim.radios=2';
const CABLE = '10.0.2.15';
const PAGE_SECONDS = 600;

/** The image on a machine of 512 MB, from its first boot over a pulled plug to its second. */
export async function virtChecks(checks: Checks, image: string): Promise<void> {
  const card = `${cache}/virt.card`;
  let files: BootFiles | undefined;
  await cardChecks(checks, image);
  await checks.need('a card is written', async () => {
    await writeCard(image, card, `rig = "demo"\n[ssh]\nkey = "${await makeKey()}"\n`);
    files = await bootFiles(card, `${cache}/boot`);
    return files.commandLine;
  });
  await checks.need('a bare Debian with the same kernel', async () => {
    await makeBare(files!.kernel);
    return 'to compare with';
  });
  const start = (name: string) =>
    startGuest({
      ...{ board: 'virt', name, disk: card, files: files!, address: CABLE },
      commandLine: `${ownWords(files!.commandLine)} ${RADIOS}`,
    });

  let before = new Map<string, string>();
  const first = await start('first');
  try {
    before = await firstBoot(checks, first);
  } finally {
    await first.stop();
  }
  let boot: Boot = { seconds: 0, cpuSeconds: 0 };
  const second = await start('second');
  try {
    boot = await secondBoot(checks, second, before);
  } finally {
    await second.stop();
  }
  await checks.check('boot to page against a bare Debian', async () => {
    const bare = await bootBare();
    const ratio = (part: keyof Boot) =>
      `${boot[part].toFixed(0)} s against ${bare[part].toFixed(0)} s: ${(boot[part] / bare[part]).toFixed(2)}`;
    return `second boot to page against login prompt, ${ratio('seconds')}; of CPU, which other work disturbs less, ${ratio('cpuSeconds')}`;
  });
}

/** The image's command line without what is the Pi's own: its consoles. */
const ownWords = (commandLine: string) =>
  commandLine
    .split(/\s+/)
    .filter((word) => !/^(console=|quiet$|splash$)/.test(word))
    .join(' ');

async function firstBoot(checks: Checks, guest: Guest): Promise<Map<string, string>> {
  const shell = new Shell(guest);
  let hotspot: Hotspot = { ssid: '', password: '' };
  let state = new Map<string, string>();
  await checks.need('first boot: the page', async () => {
    const seconds = await untilPage(guest, PAGE_SECONDS);
    return `${seconds.toFixed(0)} s from power, ${guest.cpuSeconds().toFixed(0)} s of CPU`;
  });
  await checks.need("first boot: the owner's key lets in", async () => {
    await shell.ready(180);
    return `owner@${CABLE}`;
  });
  await checks.check('every unit is well', async () => {
    const said = await shell.root(
      'systemctl is-system-running --wait || true; systemctl --failed --no-legend --plain',
      400,
    );
    expect(said.trim() === 'running', said.trim().replaceAll('\n', '; '));
    return (await shell.root('systemd-analyze time')).split('\n')[0]!.trim();
  });
  await checks.check('first boot: the hotspot', async () => {
    hotspot = await readHotspot(shell);
    await until('the hotspot', 300, async () => {
      const active = await shell.root('nmcli --colors no -g NAME,STATE connection show --active');
      return active.includes('nightjar-hotspot:activated') ? true : undefined;
    });
    const after = facts(await shell.root(HOTSPOT_TIME));
    return `${hotspot.ssid}, up ${after.get('seconds')} s after the service`;
  });
  await checks.check('first boot: made keys, password and data partition', async () => {
    state = await readState(shell);
    const missing = [...state].filter(([, value]) => value === 'missing').map(([name]) => name);
    expect(missing.length === 0, `first boot did not make ${missing.join(', ')}`);
    expect(Number(state.get('data-bytes')) > 4e9, `the data partition has ${state.get('data-bytes')} bytes`);
    expect(hotspot.password.length >= 8, 'no password in nightjar.txt');
    const root = await shell.root('findmnt -no OPTIONS /');
    expect(/\bro\b/.test(root), `the root is mounted ${root.trim()}`);
    return `${state.get('hostname')}, data ${(Number(state.get('data-bytes')) / 2 ** 30).toFixed(1)} GiB of a 16 GiB card, root read-only`;
  });
  await checks.check('memory at idle', async () => {
    await systemClock.sleep(20_000);
    return await memory(shell);
  });
  await checks.check('INDI is closed on a cable nobody trusts', async () => {
    const heard = await hear(guest.indi, 15);
    expect(heard === '', `it said ${heard.slice(0, 100)}`);
    return 'silent';
  });
  await makePhone(shell);
  await phoneChecks(checks, shell, hotspot);
  await checks.check('memory with a phone and an exposure', () => memory(shell));
  return await readState(shell);
}

async function secondBoot(checks: Checks, guest: Guest, before: Map<string, string>): Promise<Boot> {
  const shell = new Shell(guest);
  let boot: Boot = { seconds: 0, cpuSeconds: 0 };
  await checks.need('second boot, after a pulled plug: the page', async () => {
    boot = { seconds: await untilPage(guest, PAGE_SECONDS), cpuSeconds: guest.cpuSeconds() };
    return `${boot.seconds.toFixed(0)} s from power, ${boot.cpuSeconds.toFixed(0)} s of CPU`;
  });
  await checks.need('second boot: changed nothing', async () => {
    await shell.ready(180);
    const changed = differences(before, await readState(shell));
    expect(before.size > 0 && changed.length === 0, changed.join('; '));
    return `${before.size} facts the same: unit, hotspot, SSH key, machine-id, partitions, data`;
  });
  await checks.check('a simulated night in 512 MB', () => nightInMemory(shell));
  await checks.check('systemd-analyze security', async () => {
    // UNIT EXPOSURE PREDICATE HAPPY; 10 is bare, 0 is locked away.
    const all = await shell.root("systemd-analyze security --no-pager | grep '^ *nightjar'", 300);
    const units = all
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
    expect(units.length > 0, 'no unit of ours is running');
    return units.map(([name, exposure]) => `${name?.replace('.service', '')} ${exposure}`).join(', ');
  });
  return boot;
}

/** When the hotspot stood, in seconds after our service was ready; NetworkManager says it in its journal. */
const HOTSPOT_TIME = `
service=$(systemctl show nightjar.service -p ActiveEnterTimestampMonotonic --value)
stood=$(journalctl -b -o short-monotonic -u NetworkManager | grep 'wlan.*Activation: successful' | head -n 1 | sed 's/^\\[ *\\([0-9.]*\\)\\].*/\\1/')
awk "BEGIN { printf \\"seconds %.0f\\\\n\\", $stood - $service / 1000000 }"
`;

/** As the person reads it on the card. */
async function readHotspot(shell: Shell): Promise<Hotspot> {
  const unit = JSON.parse(await shell.root('cat /data/system/unit.json')) as Hotspot;
  const text = await shell.root('cat /boot/nightjar/nightjar.txt');
  expect(
    text.includes(unit.ssid) && text.includes(unit.password),
    `nightjar.txt does not say name and password: ${text}`,
  );
  return unit;
}

async function script(shell: Shell, name: string): Promise<string> {
  await shell.put(`${tree}/image/test/guest/${name}`, `/tmp/${name}`);
  return await shell.root(`sh /tmp/${name}`);
}

const readState = async (shell: Shell) => facts(await script(shell, 'state.sh'));

/** @throws Error when something had to die for want of it */
async function memory(shell: Shell): Promise<string> {
  const now = facts(await script(shell, 'memory.sh'));
  const value = (name: string) => Number(now.get(name));
  expect(value('OutOfMemory') === 0, 'the kernel ended something for want of memory');
  const used = value('MemTotal') - value('MemAvailable');
  const swapped = value('SwapTotal') - value('SwapFree');
  return (
    `${used} MB of ${value('MemTotal')} MB used, ${swapped} MB in zram; ` +
    `Nightjar resident ${value('VmRSS')} MB (its service now ${value('MemoryCurrent')} MB, at most ${value('MemoryPeak')} MB)`
  );
}

/** What a port says to an INDI client within the time; QEMU's forward opens whatever the guest does. */
function hear(port: number, seconds: number): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write('<getProperties version="1.7"/>'));
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
    });
    const done = () => {
      cancel();
      socket.destroy();
      resolve(heard);
    };
    const cancel = systemClock.after(1000 * seconds, done);
    socket.on('error', done);
    socket.on('close', done);
  });
}
