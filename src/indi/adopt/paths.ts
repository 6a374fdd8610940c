import { isAbsolute, resolve, sep } from 'node:path';
import type { NewVector } from '../message.ts';

type Named = 'directory' | 'file';

/** Texts by which a driver is told where to write or read (found in the drivers of libindi 1.9 and 2.2). */
const places: Readonly<Record<string, Readonly<Record<string, Named>> | Named>> = {
  UPLOAD_SETTINGS: { UPLOAD_DIR: 'directory', UPLOAD_PREFIX: 'file' },
  RECORD_FILE: { RECORD_FILE_DIR: 'directory', RECORD_FILE_NAME: 'file' },
  IMAGE_NAME: { IMAGE_FOLDER: 'directory', IMAGE_PREFIX: 'file' },
  CCD_DIRECTORY_LOCATION: 'directory',
  PEC_FILE_NAME: 'directory',
  ALIGNDATAFILE: 'directory',
  HORIZONLIMITSDATAFILE: 'directory',
};

/** Texts that name a program which the driver then runs, or are part of its command line. */
const programs =
  /^(SCRIPTS|SCRIPT_.+|FOLDER|SHUTDOWN_SCRIPT|WEATHER_SAFETY_SCRIPTS?|ASTROMETRY_SETTINGS_(BINARY|OPTIONS))$/;
/** Switches that run one. */
const runs = new Set(['EXECUTE_SCRIPT']);

/** Why a command may not name what it names: clients get no programs run and no files outside the data directory. */
export function misplaced(command: NewVector, dataDirectory: string): string | undefined {
  const { name, elements } = command;
  if (command.kind === 'switch') {
    const run = elements.find((one) => one.value === true && runs.has(one.name));
    return run && `${name}: clients cannot have programs run (${run.name})`;
  }
  if (command.kind !== 'text') return undefined;
  for (const { name: element, value } of command.elements) {
    if (programs.test(name) || programs.test(element)) {
      return `${name}: clients cannot choose programs to run (${element})`;
    }
    const place = places[name];
    const named = typeof place === 'object' ? place[element] : place;
    if (named === 'directory' && EXPANDED.test(value)) {
      return `${element} "${value}" has signs that a shell would act upon: leave them out`;
    }
    if (named === 'directory' && !inside(value, dataDirectory)) {
      return `${element} "${value}" is outside ${dataDirectory}: name a directory within it`;
    }
    if (named === 'file' && /[/\\\0]|^\.\.?$/.test(value)) {
      return `${element} "${value}" is no plain file name`;
    }
  }
  return undefined;
}

/** Some drivers have a path expanded as a shell would, commands and all (wordexp(3); indi_eqmod's files). */
const EXPANDED = /[\0$`\\"'*?[\]]/;

/** A relative path would begin wherever the program happens to run; an empty text leaves the choice to the driver. */
function inside(path: string, directory: string): boolean {
  if (path === '') return true;
  if (!isAbsolute(path)) return false;
  const home = resolve(directory);
  const whole = resolve(path);
  return whole === home || whole.startsWith(home + sep);
}
