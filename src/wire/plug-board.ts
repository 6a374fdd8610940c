import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Roots } from './serial-ports.ts';
import { idOf } from './usb.ts';

export interface Plug {
  socket: string;
  vid: number;
  pid: number;
  serial?: string;
  product?: string;
  /** Names of its serial ports, `ttyUSB0`, by interface. */
  ttys?: readonly string[];
}

/** For tests: a directory that looks like /sys and /dev, into which devices are plugged. */
export class PlugBoard {
  readonly roots: Roots;
  readonly #root = mkdtempSync(join(tmpdir(), 'plugs-'));
  readonly #plugs = new Map<string, () => void>();
  #address = 1;

  constructor() {
    this.roots = { sys: join(this.#root, 'sys'), dev: join(this.#root, 'dev') };
    for (const folder of ['sys/bus/usb/devices', 'sys/class/tty', 'dev/serial/by-id', 'dev/serial/by-path']) {
      mkdirSync(join(this.#root, folder), { recursive: true });
    }
  }

  dev(...path: string[]): string {
    return join(this.roots.dev, ...path);
  }

  /** What udev calls a port by its adapter's own words, and by its socket. */
  byId = (plug: Plug, number = 0): string =>
    this.dev(
      'serial/by-id',
      `usb-${[plug.product, plug.serial].filter(Boolean).join('_')}-if0${number}-port0`,
    );

  byPath = ({ socket }: Plug, number = 0): string =>
    this.dev('serial/by-path', `platform-xhci-usb-0:${socket.replace(/^\d+-/, '')}:1.${number}-port0`);

  plug(plug: Plug): void {
    const { socket, vid, pid, serial, product, ttys = [] } = plug;
    const [idVendor, idProduct] = idOf({ vid, pid }).split(':');
    const folder = join(this.roots.sys, 'devices', socket);
    const attributes = { idVendor, idProduct, serial, product, devnum: String(++this.#address) };
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(attributes)) {
      if (text !== undefined) writeFileSync(join(folder, name), `${text}\n`);
    }
    const made = [folder, this.#link(folder, join(this.roots.sys, 'bus/usb/devices', socket))];
    for (const [number, tty] of ttys.entries()) {
      const port = join(folder, `${socket}:1.${number}`, tty);
      mkdirSync(port, { recursive: true });
      made.push(this.tty(tty, port));
      for (const name of [this.byId(plug, number), this.byPath(plug, number)]) {
        made.push(this.#link(join('../..', tty), name));
      }
    }
    this.#plugs.set(socket, () => {
      for (const path of made) rmSync(path, { recursive: true, force: true });
    });
  }

  unplug(socket: string): void {
    this.#plugs.get(socket)?.();
    this.#plugs.delete(socket);
  }

  /** A terminal of the kernel's. @param device behind it @param type of a board's own port */
  tty(name: string, device: string, type?: number): string {
    const folder = join(this.roots.sys, 'class/tty', name);
    mkdirSync(folder, { recursive: true });
    this.#link(device, join(folder, 'device'));
    if (type !== undefined) writeFileSync(join(folder, 'type'), `${type}\n`);
    writeFileSync(this.dev(name), '');
    return folder;
  }

  remove(): void {
    rmSync(this.#root, { recursive: true });
  }

  /** As udev does: of two devices with one name, the last one gets it. */
  #link(target: string, path: string): string {
    rmSync(path, { force: true });
    symlinkSync(target, path);
    return path;
  }
}

/** Adapters as they are: FTDI numbers each of its chips, the CH340 none, Silicon Labs all of theirs alike. */
export const adapters = {
  ftdi: {
    socket: '1-1.1',
    vid: 0x0403,
    pid: 0x6001,
    serial: 'A50285BI',
    product: 'FT232R',
    ttys: ['ttyUSB0'],
  },
  otherFtdi: {
    socket: '1-1.2',
    vid: 0x0403,
    pid: 0x6001,
    serial: 'B7001XYZ',
    product: 'FT232R',
    ttys: ['ttyUSB1'],
  },
  ch340: { socket: '1-1.3', vid: 0x1a86, pid: 0x7523, product: 'USB_Serial', ttys: ['ttyUSB2'] },
  otherCh340: { socket: '1-1.4', vid: 0x1a86, pid: 0x7523, product: 'USB_Serial', ttys: ['ttyUSB3'] },
  cp2102: { socket: '3-1', vid: 0x10c4, pid: 0xea60, serial: '0001', product: 'CP2102', ttys: ['ttyUSB4'] },
  otherCp2102: {
    socket: '3-2',
    vid: 0x10c4,
    pid: 0xea60,
    serial: '0001',
    product: 'CP2102',
    ttys: ['ttyUSB5'],
  },
  ft2232: {
    socket: '2-1',
    vid: 0x0403,
    pid: 0x6010,
    serial: 'FT7',
    product: 'Dual',
    ttys: ['ttyUSB6', 'ttyUSB7'],
  },
} as const satisfies Record<string, Plug>;
