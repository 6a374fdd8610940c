import { basename, isAbsolute } from 'node:path';
import { BadInput } from '../../core/errors.ts';
import { NAME_LENGTH } from '../message.ts';
import { findDriver } from './executable.ts';

export interface ChildProgram {
  /** `[a-z0-9-]+`; also the name of the directory that is the child's home. */
  id: string;
  /** A name on the path, or an absolute path. */
  executable: string;
  /** The device's name (INDIDEV), where one driver runs twice. */
  name?: string;
  /** INDICONFIG, INDISKEL, and what else the driver asks of its environment. */
  environment?: Readonly<Record<string, string>>;
}

export interface RemoteProgram {
  id: string;
  /** `device@host:port` for one device of another INDI server, `host:port` for all. */
  remote: string;
}

export type ProgramSpec = ChildProgram | RemoteProgram;

/** What no two programs share: one driver under one name, one address. */
export function labelOf(spec: ProgramSpec): string {
  if ('remote' in spec) return spec.remote;
  return spec.name === undefined ? basename(spec.executable) : `${basename(spec.executable)} "${spec.name}"`;
}

/** @throws BadInput for a program whose package is missing: what a person adds is there, or a slip */
export function checkInstalled(spec: ProgramSpec, packages?: string): void {
  if ('remote' in spec || findDriver(spec.executable, packages)) return;
  throw new BadInput(`${spec.executable} is not installed: its INDI package brings it`);
}

/** @throws BadInput for what can never be started; a program that is only missing may be installed later */
export function checkChild({ executable, name, environment = {} }: ChildProgram): void {
  if (!isAbsolute(executable) && !/^[\w.+-]+$/.test(executable)) {
    throw new BadInput(`executable "${executable}": write its name alone, or its absolute path`);
  }
  if (name !== undefined && (name.trim() === '' || name.length > NAME_LENGTH || /\p{Cc}/u.test(name))) {
    throw new BadInput(`device name "${name}": 1 to ${NAME_LENGTH} characters, all of them visible`);
  }
  for (const key of Object.keys(environment)) {
    // What the loader and our own runtime read would run other code than the driver's.
    if (!/^[A-Z][A-Z0-9_]*$/.test(key) || /^(LD_|NODE_|PATH$|HOME$)/.test(key)) {
      throw new BadInput(`environment ${key}: not for drivers; INDICONFIG and INDISKEL are`);
    }
  }
}
