import { existsSync } from 'node:fs';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** A plugged USB device, as the kernel has read its descriptors: to know it, nobody has to open it. */
export interface UsbDevice {
  /** Where it is plugged in: bus, then the port of each hub on the way (`1-1.4`). It belongs to the socket. */
  socket: string;
  vid: number;
  pid: number;
  /** Not every maker gives one, and some give all devices the same. */
  serial?: string;
  manufacturer?: string;
  product?: string;
  bus: number;
  /** On the bus; a new one at every plugging. */
  address: number;
}

/** `0403:6001` */
export const idOf = ({ vid, pid }: { vid: number; pid: number }): string =>
  [vid, pid].map((number) => number.toString(16).padStart(4, '0')).join(':');

/** Devices, not root hubs (`usb1`) nor interfaces (`1-1.4:1.0`). */
const SOCKET = /^\d+-\d+(\.\d+)*$/;
/** More than a few hubs full of devices is no real tree. */
const MOST_DEVICES = 256;

/**
 * From /sys/bus/usb/devices (Linux, Documentation/ABI/stable/sysfs-bus-usb); none where that is absent.
 * @param known of an earlier look: what is still at its address is not read again
 */
export async function readUsbDevices(sys = '/sys', known: readonly UsbDevice[] = []): Promise<UsbDevice[]> {
  const folder = join(sys, 'bus/usb/devices');
  const sockets = (await entriesOf(folder)).filter((name) => SOCKET.test(name)).slice(0, MOST_DEVICES);
  const found: UsbDevice[] = [];
  // One after the other: some attributes wait for a device that is being reset, and must not hold all threads.
  for (const socket of sockets.sort()) {
    const device = await readDevice(join(folder, socket), socket, known);
    if (device) found.push(device);
  }
  return found;
}

async function readDevice(
  folder: string,
  socket: string,
  known: readonly UsbDevice[],
): Promise<UsbDevice | undefined> {
  const text = (name: string) => attribute(join(folder, name));
  const address = Number(await text('devnum'));
  const same = known.find((device) => device.socket === socket && device.address === address);
  if (same) return same;
  const [vid, pid] = [await text('idVendor'), await text('idProduct')];
  // It was pulled while it was being read.
  if (!vid || !pid) return undefined;
  const [serial, manufacturer, product] = [
    await text('serial'),
    await text('manufacturer'),
    await text('product'),
  ];
  return {
    socket,
    vid: Number.parseInt(vid, 16),
    pid: Number.parseInt(pid, 16),
    ...(serial && { serial }),
    ...(manufacturer && { manufacturer }),
    ...(product && { product }),
    bus: Number.parseInt(socket, 10),
    address,
  };
}

/** Names in a directory; none where it is not there. */
export async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** The text of a file of sysfs, without the newline; undefined when it is not there (any more). */
export async function attribute(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Not there; or the device behind it is being unplugged right now. */
export function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return ['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO', 'EIO', 'ESRCH', 'EINVAL'].includes(code ?? '');
}

/** The hidraw devices, by the socket of the USB device that they belong to: `/dev/hidraw0`. */
export async function readHidraws(sys = '/sys', dev = '/dev'): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const folder = join(sys, 'class/hidraw');
  for (const name of (await entriesOf(folder)).sort()) {
    const device = await realpath(join(folder, name, 'device')).catch(() => '');
    const socket = /\/(\d+-[\d.]+):\d+\.\d+(\/|$)/.exec(device)?.[1];
    if (socket) found.set(socket, [...(found.get(socket) ?? []), join(dev, name)]);
  }
  return found;
}

/**
 * Calls whenever a device was plugged in or pulled.
 * @returns how to end it; undefined where nobody tells: events come from udev, which containers do not have
 */
export async function watchUsb(changed: () => void): Promise<(() => void) | undefined> {
  if (!existsSync('/run/udev/control')) return undefined;
  // The package's own event class throws what goes wrong at nobody; the emitter below it tells its caller.
  const { Emitter } = await import('usb/index.js');
  const emitter = new Emitter();
  await emitter.addAttach(changed);
  await emitter.addDetach(changed);
  return () => void Promise.allSettled([emitter.removeAttach(), emitter.removeDetach()]);
}
