import { readlink, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Fault } from '../core/errors.ts';
import { attribute, entriesOf, idOf, isAbsent, type UsbDevice } from './usb.ts';

/** A serial port that is there now. */
export interface SerialPort {
  /** `/dev/ttyUSB0`: given in the order of plugging, so it names nothing for long. */
  path: string;
  /** Its lasting names, `/dev/serial/by-id/…` and `…/by-path/…`. */
  names: readonly string[];
  /** The adapter; absent: a port of the board. */
  usb?: UsbDevice;
  /** Of an adapter with several ports. */
  interface?: number;
}

/** A serial port as its owner names it: by a path, or by its USB adapter. */
export type SerialPlace = { serial: string } | { usb: UsbIdentity };

export interface UsbIdentity {
  vid: number;
  pid: number;
  serial?: string | undefined;
  /** The socket, `1-1.4`: tells adapters without a serial number apart. */
  path?: string | undefined;
  /** Of an adapter with several ports; default any. */
  interface?: number | undefined;
}

export interface Roots {
  sys: string;
  dev: string;
}

export const systemRoots: Roots = { sys: '/sys', dev: '/dev' };

/** Consoles and pseudo terminals; the rest is a serial port if it has a device. */
const NO_PORT = /^(tty\d*|console|ptmx|[pt]ty[a-z][0-9a-f]|ttyprintk)$/;
const MOST_PORTS = 256;

/** From /sys/class/tty and the links of udev in /dev/serial, sorted by path. @param usb what is plugged in */
export async function readSerialPorts(
  usb: readonly UsbDevice[],
  { sys, dev }: Roots = systemRoots,
): Promise<SerialPort[]> {
  const names = await lastingNames(dev);
  const folder = join(sys, 'class/tty');
  const ttys = (await entriesOf(folder)).filter((name) => !NO_PORT.test(name)).sort();
  const ports: SerialPort[] = [];
  for (const tty of ttys.slice(0, MOST_PORTS)) {
    const device = await resolved(join(folder, tty, 'device'));
    // The kernel keeps spare ttyS without hardware: their type is 0, PORT_UNKNOWN.
    if (device === undefined || (await attribute(join(folder, tty, 'type'))) === '0') continue;
    const [, socket, number] = /\/(\d+-[\d.]+):\d+\.(\d+)(\/|$)/.exec(device) ?? [];
    const adapter = usb.find((each) => each.socket === socket);
    ports.push({
      path: join(dev, tty),
      names: names.get(tty) ?? [],
      ...(adapter && { usb: adapter, interface: Number(number) }),
    });
  }
  return ports;
}

/** What udev calls each tty; by-id first. */
async function lastingNames(dev: string): Promise<Map<string, string[]>> {
  const names = new Map<string, string[]>();
  for (const folder of [join(dev, 'serial/by-id'), join(dev, 'serial/by-path')]) {
    for (const name of (await entriesOf(folder)).sort()) {
      const link = join(folder, name);
      const tty = basename(await readlink(link).catch(() => ''));
      names.set(tty, [...(names.get(tty) ?? []), link]);
    }
  }
  return names;
}

async function resolved(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** The ports that a place may mean; none when it is not plugged in. */
export function portsAt(ports: readonly SerialPort[], place: SerialPlace): SerialPort[] {
  if ('serial' in place) {
    const named = ports.filter(({ path, names }) => path === place.serial || names.includes(place.serial));
    // Of several adapters that say the same of themselves, udev links the name to just one of them.
    return /\/by-id\//.test(place.serial) ? named.flatMap((port) => twinsOf(port, ports)) : named;
  }
  const { vid, pid, serial, path, interface: number } = place.usb;
  return ports.filter(
    ({ usb, interface: own }) =>
      usb?.vid === vid &&
      usb.pid === pid &&
      (serial === undefined || usb.serial === serial) &&
      (path === undefined || usb.socket === path) &&
      (number === undefined || own === number),
  );
}

/** Ports whose adapters cannot be told apart but by their sockets; the port itself is one. */
export function twinsOf(port: SerialPort, ports: readonly SerialPort[]): SerialPort[] {
  const { usb } = port;
  if (!usb) return [port];
  return ports.filter(
    (other) =>
      other.usb &&
      idOf(other.usb) === idOf(usb) &&
      other.usb.serial === usb.serial &&
      other.interface === port.interface,
  );
}

/** Where it is now; undefined when it is nowhere, or not one alone. */
export function onlyPortAt(ports: readonly SerialPort[], place: SerialPlace): SerialPort | undefined {
  const [port, ...others] = portsAt(ports, place);
  return others.length === 0 ? port : undefined;
}

/** @throws Fault `gone` when it is not there, `refused` when it may be one or another */
export function thePortAt(ports: readonly SerialPort[], place: SerialPlace): SerialPort {
  const [port, ...others] = portsAt(ports, place);
  if (!port) throw new Fault('gone', `${nameOf(place)} is not plugged in`);
  if (others.length === 0) return port;
  const choices = [port, ...others].map((each) => choiceOf(each, 'serial' in place)).join(' or ');
  throw new Fault('refused', `${nameOf(place)} may be any of ${others.length + 1} adapters: name ${choices}`);
}

const choiceOf = ({ path, names, usb, interface: number }: SerialPort, byName: boolean): string =>
  byName
    ? (names.find((name) => name.includes('/by-path/')) ?? path)
    : `path ${usb?.socket} interface ${number}`;

/** For people: `/dev/serial/by-id/…`, `usb 0403:6001 A50285BI`. */
export function nameOf(place: SerialPlace): string {
  if ('serial' in place) return place.serial;
  const { usb } = place;
  const number = usb.interface !== undefined && `interface ${usb.interface}`;
  return ['usb', idOf(usb), usb.serial, usb.path && `in ${usb.path}`, number].filter(Boolean).join(' ');
}

/** What stays with the adapter: its serial number, or, where the maker gave none, its socket. */
export function identityOf({ usb, interface: number }: SerialPort): string | undefined {
  if (!usb) return undefined;
  return `usb ${idOf(usb)} ${usb.serial ?? `in ${usb.socket}`}${number ? ` interface ${number}` : ''}`;
}
