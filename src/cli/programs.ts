import type { Cell } from '../core/cell.ts';
import { asError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Device } from '../device/device.ts';
import { adoptionDriver } from '../indi/adopt/adopt.ts';
import { type Catalogue, readCatalogue } from '../indi/foreign/catalogue.ts';
import { receiveForeign } from '../indi/foreign/command.ts';
import { type Program, type ProgramSpec, Programs } from '../indi/foreign/programs.ts';
import type { Claims } from '../wire/claims.ts';
import type { Bench } from './bench-file.ts';
import { keepChoices } from './keep.ts';
import type { Works } from './rig-up.ts';

const KEY = 'programs';

/**
 * The driver executables and other servers of this rig: those of its bench, and those the owner has added, which are
 * kept and started again. The devices that they bring are connected as they come.
 */
export class ProgramShelf {
  readonly #programs: Programs;
  readonly #works: Works;
  readonly #log: Log;
  readonly #end: () => void;
  #kept: readonly ProgramSpec[] = [];

  private constructor(works: Works, directory: string, log: Log, claims?: Claims) {
    const { host, router, guard, observatory } = works;
    const { clock } = host;
    this.#works = works;
    this.#log = log;
    this.#programs = new Programs({
      ...{ router, host, clock, log, directory },
      driverOf: (hosted) => adoptionDriver(hosted, claims),
      receiver: (hosted, device, publish) =>
        receiveForeign({
          ...{ hosted, device, guard, observatory, claims, clock, log, publish },
          dataDirectory: directory,
        }),
    });
    const known = new Set<Device>();
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
    works: Works,
    { programs }: Bench,
    directory: string,
    log: Log,
    claims?: Claims,
  ): Promise<ProgramShelf> {
    const shelf = new ProgramShelf(works, directory, log, claims);
    const kept = ((await works.ledger.settings.get(KEY)) ?? []) as ProgramSpec[];
    for (const { roles, ...spec } of programs) {
      for (const [role, id] of Object.entries(roles))
        works.host.assign(role as keyof typeof roles, id as string);
      shelf.#programs.add(spec as ProgramSpec);
    }
    for (const spec of kept) {
      try {
        shelf.#programs.add(spec);
        shelf.#kept = [...shelf.#kept, spec];
      } catch (error) {
        // A package that was removed must not keep the rig from starting.
        log.error({ program: spec.id }, asError(error).message);
      }
    }
    return shelf;
  }

  get list(): Cell<readonly Program[]> {
    return this.#programs.list;
  }

  /** What is installed on this unit, and what could be. */
  catalogue(): Promise<Catalogue> {
    return readCatalogue();
  }

  /** Starts it, now and with the appliance. @throws BadInput */
  async add(spec: ProgramSpec): Promise<void> {
    this.#programs.add(spec);
    await this.#keep([...this.#kept, spec]);
  }

  /** @throws BadInput for an unknown id */
  async remove(id: string): Promise<void> {
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
    this.#end();
    return this.#programs.close();
  }

  async #keep(specs: readonly ProgramSpec[]): Promise<void> {
    this.#kept = specs;
    await this.#works.ledger.settings.set(KEY, specs);
  }

  async #welcome(device: Device): Promise<void> {
    await keepChoices(device, this.#works.ledger, this.#log);
    // How it goes is seen in its status; a driver that finds no hardware yet is tried again.
    await device.connect(true).catch(() => {});
  }
}
