import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { systemClock } from '../../src/core/clock.ts';
import { Console } from './console.ts';
import type { BootFiles } from './disk.ts';
import { Qmp } from './qmp.ts';
import { cache, lib, tree } from './tools.ts';

export type Board = 'virt' | 'raspi3b';

/** What the outside of a guest is made of. */
export interface Setup {
  readonly board: Board;
  /** Name of its log: `first` gives `first.console`. */
  readonly name: string;
  readonly disk: string;
  /** What the guest writes is forgotten. */
  readonly throwaway?: boolean;
  readonly files: Pick<BootFiles, 'kernel' | 'initrd'> & { readonly pi3Tree?: string };
  readonly commandLine: string;
  /** Further QEMU arguments: serial adapters, sensors. */
  readonly devices?: readonly string[];
  /** The address the guest has on its cable; absent: no cable. */
  readonly address?: string;
}

/** A running guest as seen from its outside. */
export interface Guest {
  readonly console: Console;
  readonly qmp: Qmp;
  /** Ports of this machine's loopback that lead to the guest's 80, 22 and 7624. */
  readonly http: number;
  readonly ssh: number;
  readonly indi: number;
  /** Since QEMU was started. */
  seconds(): number;
  /** CPU time that QEMU itself has used. */
  cpuSeconds(): number;
  /** Whether QEMU still runs; it ends when the guest resets. */
  running(): boolean;
  /** Pulls the plug. */
  stop(): Promise<void>;
}

/** Under emulation a device may take minutes to appear, and systemd would give up after 90 s. */
const PATIENCE = 'systemd.default_device_timeout_sec=600 systemd.default_timeout_start_sec=600';

/** Memory of a Zero 2 W; the emulated Pi 3 has its own 1 GB and takes no less. */
const VIRT_MB = 512;

const machines = {
  virt: ({ disk, throwaway = false }: Setup) => [
    ...['-M', 'virt', '-cpu', 'cortex-a53', '-smp', '2', '-m', String(VIRT_MB)],
    ...[
      '-drive',
      `file=${disk},format=raw,if=none,id=card,cache=unsafe,snapshot=${throwaway ? 'on' : 'off'}`,
    ],
    ...['-device', 'virtio-blk-pci,drive=card'],
    ...['-device', 'i6300esb'],
  ],
  raspi3b: ({ disk, files }: Setup) => [
    ...['-M', 'raspi3b', '-dtb', files.pi3Tree ?? '', '-drive', `file=${disk},format=raw,if=sd,cache=unsafe`],
  ],
};
/** The mini UART is the Pi's console; QEMU gives the PL011 (Bluetooth's on a Pi 3) first. */
const consoles = {
  virt: { line: 'console=ttyAMA0', serial: ['-serial', 'stdio'] },
  raspi3b: { line: 'console=ttyS1,115200', serial: ['-serial', 'null', '-serial', 'stdio'] },
};
const adapters = { virt: 'virtio-net-pci,romfile=', raspi3b: 'usb-net' };

/** Starts QEMU; the guest is not up yet. @throws Error when QEMU does not start */
export async function startGuest(setup: Setup): Promise<Guest> {
  const { board, name, files, commandLine, devices = [], address } = setup;
  const [http, ssh, indi] = await freePorts(3);
  const control = `${cache}/${name}.qmp`;
  rmSync(control, { force: true });
  const forward = (from: number, to: number) => `hostfwd=tcp:127.0.0.1:${from}-${address}:${to}`;
  const cable =
    address === undefined
      ? ['-nic', 'none']
      : [
          '-netdev',
          `user,id=cable,${netOf(address)},${forward(http, 80)},${forward(ssh, 22)},${forward(indi, 7624)}`,
        ];
  const started = systemClock.monotonic();
  const child = spawn(
    'bash',
    [
      ...[`${lib}/in-tools.sh`, 'qemu-system-aarch64', ...machines[board](setup)],
      ...['-kernel', files.kernel, '-initrd', files.initrd],
      ...['-append', `${consoles[board].line} ${commandLine} ${PATIENCE} systemd.show_status=1 loglevel=4`],
      ...cable,
      ...(address === undefined ? [] : ['-device', `${adapters[board]},netdev=cable`]),
      ...devices,
      ...['-display', 'none', '-monitor', 'none', ...consoles[board].serial],
      ...['-no-reboot', '-qmp', `unix:${control},server=on,wait=off`],
    ],
    { cwd: tree, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const console_ = new Console(child.stdout!, `${cache}/${name}.console`);
  let complaints = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4000);
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const qmp = await openControl(control, child, () => complaints);
  return {
    ...{ console: console_, qmp, http, ssh, indi },
    running: () => child.exitCode === null && child.signalCode === null,
    seconds: () => (systemClock.monotonic() - started) / 1000,
    cpuSeconds: () => cpuSecondsOf(child.pid!),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
      qmp.close();
    },
  };
}

/** QEMU's own network is that of the address, whoever gives it: its DHCP offers the same one. */
function netOf(address: string): string {
  const net = address.split('.').slice(0, 3).join('.');
  return `net=${net}.0/24,host=${net}.2,dhcpstart=${address}`;
}

async function openControl(path: string, child: ChildProcess, complaints: () => string): Promise<Qmp> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`QEMU did not start: ${complaints().trim()}`);
    if (existsSync(path)) {
      const qmp = await Qmp.open(path).catch(() => undefined);
      if (qmp) return qmp;
    }
    await systemClock.sleep(100);
  }
  child.kill('SIGKILL');
  throw new Error(`QEMU opened no control socket: ${complaints().trim()}`);
}

/** User and system time of a process, proc_pid_stat(5), in ticks of 1/100 s. */
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Ports that nobody has now. */
async function freePorts(count: number): Promise<[number, number, number]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ports.push((server.address() as { port: number }).port);
  }
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  return ports as [number, number, number];
}
