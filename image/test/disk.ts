import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { inTools, said } from './tools.ts';

const SECTOR = 512;

export interface Partition {
  /** As Linux numbers it: 1–4 primary, 5 and up logical. */
  readonly number: number;
  readonly startBytes: number;
  readonly sizeBytes: number;
}

/** What the firmware of a Pi would take from the boot partition. */
export interface BootFiles {
  readonly kernel: string;
  readonly initrd: string;
  /** The image's own kernel command line. */
  readonly commandLine: string;
  /** Device tree of the Pi 3 B. */
  readonly pi3Tree: string;
}

export async function partitionsOf(disk: string): Promise<Partition[]> {
  const table = JSON.parse(await inTools('sfdisk', '--json', disk)) as {
    partitiontable: { partitions: { node: string; start: number; size: number }[] };
  };
  return table.partitiontable.partitions.map(({ node, start, size }) => ({
    number: Number(/(\d+)$/.exec(node)?.[1]),
    startBytes: start * SECTOR,
    sizeBytes: size * SECTOR,
  }));
}

/** @throws Error when there is none of that number */
export function partition(partitions: readonly Partition[], number: number): Partition {
  const found = partitions.find((entry) => entry.number === number);
  if (!found) throw new Error(`the image has no partition ${number}`);
  return found;
}

/** mtools' name of a FAT file system inside a disk. */
const fatIn = (disk: string, at: Partition) => `${disk}@@${at.startBytes}`;

/** Unpacks kernel, initramfs and command line of slot A (p2), by its config.txt. */
export async function bootFiles(disk: string, into: string): Promise<BootFiles> {
  mkdirSync(into, { recursive: true });
  const boot = fatIn(disk, partition(await partitionsOf(disk), 2));
  const take = async (name: string) => {
    await inTools('mcopy', '-n', '-o', '-i', boot, `::/${name}`, `${into}/${name}`);
    return `${into}/${name}`;
  };
  const config = readFileSync(await take('config.txt'), 'utf8');
  const named = (pattern: RegExp, what: string) => {
    const name = pattern.exec(config)?.[1];
    if (!name) throw new Error(`config.txt names no ${what}`);
    return name;
  };
  return {
    kernel: await take(named(/^kernel=(\S+)/m, 'kernel')),
    initrd: await take(named(/^initramfs[ =](\S+)/m, 'initramfs')),
    commandLine: readFileSync(await take('cmdline.txt'), 'utf8').trim(),
    pi3Tree: await take('bcm2837-rpi-3-b.dtb'),
  };
}

/**
 * A card as its owner would have it before first boot: the image written to a card of 16 GB (QEMU's SD card wants a
 * power of two), and `nightjar.toml` edited. The image itself is left alone.
 */
export async function writeCard(image: string, card: string, toml: string): Promise<void> {
  await said('cp', '--sparse=always', '--reflink=auto', image, card);
  truncateSync(card, 16 * 2 ** 30);
  const file = `${card}.toml`;
  writeFileSync(file, toml);
  const first = partition(await partitionsOf(card), 1);
  await inTools('mcopy', '-o', '-i', fatIn(card, first), file, '::/nightjar.toml');
}

/** A file of the first partition, as the owner's computer shows it. @throws Error when it is not there */
export async function ownersFile(card: string, name: string): Promise<string> {
  const first = partition(await partitionsOf(card), 1);
  return await inTools('mtype', '-i', fatIn(card, first), `::/${name}`);
}

/** Text that debugfs gives for a request about an ext4 partition, unmounted. */
export async function ext4(disk: string, number: number, request: string): Promise<string> {
  const at = partition(await partitionsOf(disk), number);
  return await inTools('debugfs', '-R', request, `${disk}?offset=${at.startBytes}`);
}
