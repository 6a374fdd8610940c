import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Command } from '../command.ts';
import { readDeb, unpackDeb } from './deb.ts';
import { driversIn, librariesOf, licencesIn, missingFor, takeWanted, writeReceipt } from './kit.ts';

export interface Workshop {
  /** `drivers` of the data directory. */
  directory: string;
  log: Log;
  architecture: string;
  command: Command;
}

/** A library that was not given, or a newer system. */
export class Lacking extends BadInput {}

const SYNC_MS = 120_000;

/** Where a kit waits until its licence is accepted. */
export const readyPlace = (directory: string, id: string): string => join(directory, '.ready', id);

/**
 * Unpacks the packages into one folder, looks whether its drivers will start here, and puts it where it waits.
 * @throws BadInput, Lacking
 */
export async function prepareKit(id: string, files: readonly string[], workshop: Workshop): Promise<void> {
  const { directory, command, architecture, log } = workshop;
  await mkdir(join(directory, '.ready'), { recursive: true });
  const work = await mkdtemp(join(directory, '.work-'));
  try {
    const kit = join(work, 'kit');
    const packages = [];
    const left: string[] = [];
    for (const [index, file] of files.entries()) {
      const { name, version } = await readDeb(file, command);
      const raw = join(work, String(index));
      await unpackDeb(file, raw, command);
      left.push(...(await takeWanted(raw, kit)));
      packages.push({ name, version });
    }
    const executables = await driversIn(kit);
    if (executables.length === 0) throw new BadInput(`${id} holds no INDI driver`);
    const libraries = await librariesOf(kit);
    for (const executable of executables) {
      const missing = await missingFor(join(kit, 'usr/bin', executable), libraries, architecture, command);
      if (missing) {
        throw new Lacking(
          `${executable} needs ${missing}, which is neither in it nor on this unit: give the package that brings it too, or take one that is built for this unit`,
        );
      }
    }
    const licence = createHash('sha256')
      .update(JSON.stringify(await licencesIn(kit)))
      .digest('hex');
    await writeReceipt(kit, { id, packages, executables, licence });
    // All of it is on the disk before it has its name.
    await command('sync', ['--file-system', kit], SYNC_MS);
    const place = readyPlace(directory, id);
    await rm(place, { recursive: true, force: true });
    await rename(kit, place);
    if (left.length > 0) log.info({ kit: id, left: left.slice(0, 20) }, 'left out: of no use here');
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
