import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { systemClock } from '../../src/core/clock.ts';
import { api, until, untilPage } from './api.ts';
import { type Checks, expect } from './checks.ts';
import { type BootFiles, bootFiles, writeCard } from './disk.ts';
import { type Guest, startGuest } from './machine.ts';
import { makeKey, Shell } from './ssh.ts';
import { cache, tree } from './tools.ts';

/** What the unit calls itself on its USB network, which QEMU's USB adapter is taken for. */
const USB_NETWORK = '10.43.0.1';
/** Levels of GPIO 0–31: GPLEV0 of the BCM2835 family, at the BCM2837's address (BCM2835 ARM Peripherals, section 6.1). */
const GPIO_LEVELS = 0x3f20_0034;
const HEATER = 18;
const PORT = 17;
const SENSOR_ADDRESS = 0x48;

const rig = {
  name: 'board',
  clock: 'trusted',
  devices: [
    {
      id: 'mount',
      label: 'Mount',
      driver: 'onstep',
      role: ['mount'],
      port: { usb: { vid: '0403', pid: '6001' } },
    },
    {
      ...{ id: 'header', label: 'Header', driver: 'gpio', port: { gpio: {} } },
      settings: { ports: `${PORT} Camera`, heaters: `${HEATER} Main dew strap`, periodSeconds: 4 },
    },
  ],
};

/** The image on the emulated Pi 3: a mount on an FTDI adapter, a heater on the header, a thermometer on I2C. */
export async function boardChecks(checks: Checks, image: string): Promise<void> {
  const card = `${cache}/board.card`;
  const mount = await emulateMount();
  try {
    let files: BootFiles | undefined;
    await checks.need('a card is written', async () => {
      await writeCard(image, card, `[ssh]\nkey = "${await makeKey()}"\n`);
      files = await bootFiles(card, `${cache}/boot`);
      return files.commandLine;
    });
    const guest = await startGuest({
      ...{ board: 'raspi3b', name: 'board', disk: card, files: files!, address: USB_NETWORK },
      // QEMU's BCM2835 resets as soon as its watchdog is armed, without waiting for the time (bcm2835_powermgt).
      commandLine: `${files!.commandLine.replace(/console=\S+|quiet|splash/g, '')} systemd.watchdog_sec=off`,
      devices: [
        ...['-chardev', `socket,id=ftdi,host=127.0.0.1,port=${mount.port},reconnect-ms=1000`],
        ...['-device', 'usb-serial,chardev=ftdi,always-plugged=on'],
        ...['-device', `tmp105,bus=i2c-bus.1,address=${SENSOR_ADDRESS},id=thermometer`],
      ],
    });
    try {
      await onBoard(checks, guest, mount);
    } finally {
      await guest.stop();
    }
  } finally {
    mount.stop();
  }
}

async function onBoard(checks: Checks, guest: Guest, mount: EmulatedMount): Promise<void> {
  const shell = new Shell(guest);
  await checks.need('Pi 3: the page', async () => {
    const seconds = await untilPage(guest, 900);
    return `${seconds.toFixed(0)} s from power, ${guest.cpuSeconds().toFixed(0)} s of CPU`;
  });
  await checks.need("Pi 3: the owner's key lets in", async () => {
    await shell.ready(300);
    return (await shell.root('tr -d "\\0" </proc/device-tree/model')).trim();
  });
  await checks.need('Pi 3: a rig of its own', async () => {
    await shell.root(
      `cat >/data/rig.json <<'END'\n${JSON.stringify(rig)}\nEND\nchown nightjar: /data/rig.json`,
    );
    await shell.root('systemctl restart nightjar-setup.service; systemctl restart nightjar.service', 300);
    const devices = await until('the rig', 300, async () => {
      const all = await api<{ devices: { id: string }[] }>(guest, 'GET', '/devices');
      return all.devices.length >= 2 ? all.devices : undefined;
    });
    return devices.map(({ id }) => id).join(', ');
  });
  await checks.check('Pi 3: a mount on an FTDI adapter', async () => {
    await until('the mount', 240, async () => {
      const device = await api<{ status: { state: string; message?: string } }>(
        guest,
        'GET',
        '/devices/mount',
      );
      if (device.status.state === 'connected') return true;
      throw new Error(JSON.stringify(device.status));
    });
    await api(guest, 'POST', '/devices/mount/mount/track?wait=60', { on: true });
    await until('the mount tracks', 30, async () => (mount.truth().tracking === true ? true : undefined));
    return `found by 0403:6001, and tracks because it was told to`;
  });
  await checks.check('Pi 3: a heater seen from outside', async () => {
    const heat = (percent: number) =>
      api(guest, 'POST', '/devices/header/power/heat?wait=60', { id: `line-${HEATER}`, percent });
    const share = async () => await high(guest, HEATER, 40);
    await heat(100);
    const full = await share();
    await heat(50);
    const half = await share();
    await heat(0);
    const off = await share();
    expect(
      full > 0.99 && off < 0.01 && half > 0.3 && half < 0.7,
      `100 %: ${full}, 50 %: ${half}, 0 %: ${off}`,
    );
    return `GPIO ${HEATER} high for ${percent(full)} at 100 %, ${percent(half)} at 50 %, ${percent(off)} at 0 %`;
  });
  await checks.check('Pi 3: a port seen from outside', async () => {
    const seen: boolean[] = [];
    for (const on of [true, false]) {
      await api(guest, 'POST', '/devices/header/power/port?wait=60', { id: `line-${PORT}`, on });
      seen.push((await high(guest, PORT, 1)) === 1);
    }
    expect(seen[0] === true && seen[1] === false, `on: ${seen[0]}, off: ${seen[1]}`);
    return `GPIO ${PORT} high when on, low when off`;
  });
  await checks.check('Pi 3: a temperature set from outside', async () => {
    const read: number[] = [];
    for (const celsius of [-3.5, 21.25]) {
      await guest.qmp.ask('qom-set', {
        ...{ path: '/machine/peripheral/thermometer', property: 'temperature' },
        value: Math.round(celsius * 1000),
      });
      read.push(Number(await shell.root(READ_TEMPERATURE)));
    }
    expect(read[0] === -3.5 && read[1] === 21.25, `read ${read.join(' and ')}`);
    return `TMP105 read ${read.join(' and ')} °C by the shipped i2c-bus`;
  });
}

/** TMP105 (SBOS372): two bytes at register 0, 1/256 °C, high byte first; four readings settle its conversion. */
const READ_TEMPERATURE = `
modprobe i2c-dev
cd /usr/lib/nightjar
bin/node -e '
  const bus = require("/usr/lib/nightjar/node_modules/i2c-bus").openSync(1);
  bus.writeByteSync(${SENSOR_ADDRESS}, 1, 0x60);
  const word = bus.readWordSync(${SENSOR_ADDRESS}, 0);
  console.log((((word & 0xff) << 24) | ((word >> 8) << 16)) / 0x1000000);
'
`;

const percent = (share: number) => `${Math.round(100 * share)} %`;

/** Share of the looks, four a second, at which a line was high. */
async function high(guest: Guest, line: number, looks: number): Promise<number> {
  let times = 0;
  for (let look = 0; look < looks; look++) {
    if (look > 0) await systemClock.sleep(250);
    times += ((await guest.qmp.word(GPIO_LEVELS)) >>> line) & 1;
  }
  return times / looks;
}

interface EmulatedMount {
  readonly port: number;
  /** What the mount truly does, whatever it says. */
  truth(): { tracking?: boolean };
  stop(): void;
}

/** Our own emulator, a process on this side of the cable. */
async function emulateMount(): Promise<EmulatedMount> {
  const port = await freePort();
  const child = spawn(process.execPath, [`${tree}/src/main.ts`, 'emulate', 'onstep', '--tcp', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let truth: { tracking?: boolean } | undefined;
  createInterface({ input: child.stdout! }).on('line', (line) => {
    truth = JSON.parse(line) as { tracking?: boolean };
  });
  await until('the emulated mount', 60, async () => (truth ? true : undefined));
  return { port, truth: () => truth ?? {}, stop: () => child.kill() };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
