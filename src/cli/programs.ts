import { join } from 'node:path';
import type { Cell } from '../core/cell.ts';
import { asError, BadInput } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Device } from '../device/device.ts';
import { adoptionDriver } from '../indi/adopt/adopt.ts';
import { type Catalogue, readCatalogue } from '../indi/foreign/catalogue.ts';
import { receiveForeign } from '../indi/foreign/command.ts';
import { type Program, type ProgramSpec, Programs } from '../indi/foreign/programs.ts';
import { checkInstalled } from '../indi/foreign/spec.ts';
import type { Ledger } from '../storage/ledger.ts';
import type { Claims } from '../wire/claims.ts';
import type { Bench } from './bench-file.ts';
import { keepChoices } from './keep.ts';
import type { Works } from './rig-up.ts';

type ShelfWorks = Pick<Works, 'host' | 'router' | 'guard' | 'observatory'> & {
  ledger: Pick<Ledger, 'settings'>;
};

const KEY = 'programs';

/** Where makers' drivers are unpacked: the system itself may be read-only. */
export const packagesIn = (directory: string): string => join(directory, 'drivers');

/**
 * The driver executables and other servers of this rig: those of its bench, and those the owner has added, which are
 * kept and started again. The devices that they bring are connected as they come.
 */
export class ProgramShelf {
  readonly #programs: Programs;
  readonly #works: ShelfWorks;
  readonly #log: Log;
  readonly #packages: string;
  readonly #end: () => void;
  /** Ids of those that the bench brings: they come back with it. */
  readonly #ofBench = new Set<string>();
  #kept: readonly ProgramSpec[] = [];
  #closed = false;

  private constructor(works: ShelfWorks, directory: string, log: Log, claims?: Claims) {
    const { host, router, guard, observatory } = works;
    const { clock } = host;
    this.#works = works;
    this.#log = log;
    this.#packages = packagesIn(directory);
    this.#programs = new Programs({
      ...{ router, host, clock, log, directory },
      packages: this.#packages,
      driverOf: (hosted) => adoptionDriver(hosted, claims),
      receiver: (hosted, device, publish) =>
        receiveForeign({
          ...{ hosted, device, guard, observatory, claims, clock, log, publish },
          dataDirectory: directory,
        }),
    });
    const known = new WeakSet<Device>();
    const follow = (devices: readonly Device[]) => {
      for (const device of devices) {
        if (known.has(device) || device.main || device.driver.transport.kind !== 'program') continue;
        known.add(device);
        this.#welcome(device);
      }
    };
    this.#end = host.devices.watch(follow);
  }

  /** @param directory of data: the programs' homes are in it, and what clients have written stays there */
  static async open(
    works: ShelfWorks,
    { programs }: Pick<Bench, 'programs'>,
    directory: string,
    log: Log,
    claims?: Claims,
  ): Promise<ProgramShelf> {
    const shelf = new ProgramShelf(works, directory, log, claims);
    const kept = ((await works.ledger.settings.get(KEY)) ?? []) as ProgramSpec[];
    for (const { roles, ...spec } of programs) {
      for (const [role, id] of Object.entries(roles)) {
        // What the owner has chosen since is kept.
        if (works.host.roles.value[role as keyof typeof roles] === undefined)
          works.host.assign(role as keyof typeof roles, id as string);
      }
      if (shelf.#begin(spec as ProgramSpec)) shelf.#ofBench.add(spec.id);
    }
    for (const spec of kept) {
      if (shelf.#begin(spec)) shelf.#kept = [...shelf.#kept, spec];
    }
    return shelf;
  }

  get list(): Cell<readonly Program[]> {
    return this.#programs.list;
  }

  /** What is installed on this unit, and what could be. */
  catalogue(): Promise<Catalogue> {
    return readCatalogue(undefined, undefined, this.#packages);
  }

  /** Starts it, now and with the appliance. @throws BadInput */
  async add(spec: ProgramSpec): Promise<void> {
    checkInstalled(spec, this.#packages);
    this.#programs.add(spec);
    await this.#keep([...this.#kept, spec]);
  }

  /** @throws BadInput for an unknown id, and for a program of the bench */
  async remove(id: string): Promise<void> {
    if (this.#ofBench.has(id)) {
      throw new BadInput(`program "${id}" is in the bench file and would come back: take it out there`);
    }
    await this.#programs.remove(id);
    await this.#keep(this.#kept.filter((spec) => spec.id !== id));
  }

  /** @throws BadInput for an unknown id */
  restart(id: string): void {
    this.#programs.restart(id);
  }

  /** A device that waits for its hardware looks for it now: something was plugged in. */
  retryNow(): void {
    for (const device of this.#works.host.devices.value) {
      if (device.driver.transport.kind === 'program' && !device.main) device.retryNow();
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#end();
    return this.#programs.close();
  }

  /** What no version of this would begin must not keep the rig from starting. @returns whether it was begun */
  #begin(spec: ProgramSpec): boolean {
    try {
      this.#programs.add(spec);
      return true;
    } catch (error) {
      this.#log.error({ program: spec.id }, asError(error).message);
      return false;
    }
  }

  async #keep(specs: readonly ProgramSpec[]): Promise<void> {
    this.#kept = specs;
    await this.#works.ledger.settings.set(KEY, specs);
  }

  async #welcome(device: Device): Promise<void> {
    const { host, ledger } = this.#works;
    try {
      await keepChoices(device, ledger, this.#log);
    } catch (error) {
      // A ledger that cannot be read must not keep anybody from the device.
      this.#log.error({ device: device.id }, `kept choices: ${asError(error).message}`);
    }
    // Its program was removed meanwhile, or all is being closed.
    if (this.#closed || host.find(device.id) !== device) return;
    // How it goes is seen in its status; a driver that finds no hardware yet is tried again.
    await device.connect(true).catch(() => {});
  }
}
