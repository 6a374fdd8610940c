import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../core/errors.ts';
import { type Attributes, Scanner, unescaped } from '../scanner.ts';
import { findDriver, packageRoots } from './executable.ts';

/** A device that some INDI driver supports. */
export interface CatalogueEntry {
  /** For people. */
  label: string;
  /** The device's name as the driver gives it; '' where it depends on what is plugged in. */
  name: string;
  manufacturer?: string;
  /** Telescopes, CCDs, Focusers … */
  group: string;
  executable: string;
  version?: string;
  /** One driver serves several devices; their names are known once it runs. */
  multiple: boolean;
  /** The executable is on the path. */
  installed: boolean;
}

export interface Catalogue {
  entries: readonly CatalogueEntry[];
  /** What is wrong with which file. */
  complaints: readonly string[];
}

const MOST_FILE_BYTES = 4 << 20;
const MOST_TEXT = 200;

/**
 * Everything that INDI's catalogue files name (`drivers.xml` and one more for each third-party package), in their
 * order. Skeletons are no catalogues; a file that cannot be read is complained of, the others count.
 * @param packages directory of driver packages outside the system
 */
export async function readCatalogue(
  directory = '/usr/share/indi',
  path: string | undefined = process.env.PATH,
  packages?: string,
): Promise<Catalogue> {
  const entries: CatalogueEntry[] = [];
  const complaints: string[] = [];
  const installed = new Map<string, boolean>();
  const isInstalled = (executable: string) => {
    const known = installed.get(executable) ?? findDriver(executable, packages, path) !== undefined;
    installed.set(executable, known);
    return known;
  };
  /** A package may be there twice: of the system, and a newer one of the owner's. */
  const isKnown = (entry: { label: string; executable: string }) =>
    entries.some(({ label, executable }) => label === entry.label && executable === entry.executable);
  const roots = packages === undefined ? [] : packageRoots(packages);
  for (const folder of [directory, ...roots.map((root) => join(root, 'usr/share/indi'))]) {
    for (const file of await catalogueFiles(folder)) {
      try {
        const bytes = await readFile(join(folder, file));
        if (bytes.length > MOST_FILE_BYTES)
          throw new Fault('garbled', `larger than ${MOST_FILE_BYTES} bytes`);
        for (const entry of parseCatalogue(bytes)) {
          if (folder !== directory && isKnown(entry)) continue;
          entries.push({ ...entry, installed: isInstalled(entry.executable) });
        }
      } catch (error) {
        complaints.push(`${file}: ${(error as Error).message}`);
      }
    }
  }
  return { entries, complaints };
}

async function catalogueFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files = names.filter((name) => name.endsWith('.xml') && !/_sk\d*\.xml$/.test(name)).sort();
  // INDI's own first, third-party packages after it.
  return files.sort((a, b) => Number(b === 'drivers.xml') - Number(a === 'drivers.xml'));
}

/** The devices of one catalogue file; one without a driver is left out. @throws Fault `garbled` */
export function parseCatalogue(bytes: Uint8Array): Omit<CatalogueEntry, 'installed'>[] {
  const found: Omit<CatalogueEntry, 'installed'>[] = [];
  let group = '';
  let device: Attributes | undefined;
  let driver = { name: '', executable: '' };
  let version = '';
  let text = '';
  const scanner = new Scanner({
    open(tag, attributes) {
      text = '';
      if (tag === 'devGroup') group = attributes.group ?? '';
      if (tag === 'device') {
        device = attributes;
        driver = { name: '', executable: '' };
        version = '';
      }
      if (tag === 'driver') driver.name = attributes.name ?? '';
    },
    text(piece) {
      if (text.length < MOST_TEXT) text += Buffer.from(piece).toString('utf8');
    },
    close(tag) {
      if (tag === 'driver') driver.executable = unescaped(text).trim();
      if (tag === 'version') version = unescaped(text).trim();
      if (tag !== 'device' || !device) return;
      const { label, manufacturer, mdpd } = device;
      device = undefined;
      if (!/^[\w.+-]+$/.test(driver.executable)) return;
      found.push({
        label: label || driver.name || driver.executable,
        ...driver,
        ...(manufacturer && { manufacturer }),
        group,
        ...(version && { version }),
        multiple: mdpd === 'true',
      });
    },
  });
  scanner.push(bytes);
  return found;
}

/** Those that have every word somewhere; what is installed comes first. */
export function searchCatalogue(
  entries: readonly CatalogueEntry[],
  words: string,
): readonly CatalogueEntry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = entries.filter(({ label, name, manufacturer = '', group, executable }) => {
    const text = `${label} ${name} ${manufacturer} ${group} ${executable}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  return matches.sort((a, b) => Number(b.installed) - Number(a.installed));
}
