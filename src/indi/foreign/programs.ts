import { join } from 'node:path';
import { type Cell, cell } from '../../core/cell.ts';
import type { Clock } from '../../core/clock.ts';
import { BadInput } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { AnyDriver } from '../../device/driver.ts';
import type { DeviceHost } from '../../device/host.ts';
import type { Router } from '../router.ts';
import { startChild } from './child.ts';
import type { ForeignDevice } from './device.ts';
import { HostedProgram, type Receiver } from './hosted-program.ts';
import { Images } from './images.ts';
import type { Start } from './life.ts';
import type { ProgramState } from './program.ts';
import { readRemote, startRemote } from './remote.ts';
import { checkChild, labelOf, type ProgramSpec } from './spec.ts';

/** A program as people see it. */
export interface Program extends ProgramState {
  id: string;
  label: string;
  kind: 'child' | 'remote';
  executable?: string;
  address?: string;
  /** INDI names. */
  devices: readonly string[];
}

export type { ProgramSpec } from './spec.ts';

export interface ProgramsParts {
  router: Router;
  host: DeviceHost;
  clock: Clock;
  log: Log;
  /** The children's homes are in `programs/` of it. */
  directory: string;
  /** Of driver packages outside the system: each folder of it is a little root. */
  packages?: string;
  /** How the host uses a foreign device. */
  driverOf(device: ForeignDevice): AnyDriver;
  /** What clients' commands meet. Default: all pass. */
  receiver?: Receiver;
  /** Of images on their way to clients, all together. Default 160 MB. */
  budgetBytes?: number;
  /** A program that says more in each of ten seconds in a row floods, and is ended. Default 20,000. */
  mostMessages?: number;
  /** How a program is started; tests have other ways. */
  start?(spec: ProgramSpec): Start;
}

const BUDGET_BYTES = 160 << 20;
const MOST_PROGRAMS = 64;

/** All programs that bring devices of their own: driver executables as our children, and other INDI servers. */
export class Programs {
  readonly #parts: ProgramsParts;
  readonly #images: Images;
  readonly #programs = new Map<string, HostedProgram>();
  readonly #list = cell<readonly Program[]>([]);
  readonly #devices = cell<readonly ForeignDevice[]>([]);

  constructor(parts: ProgramsParts) {
    this.#parts = parts;
    this.#images = new Images(parts.budgetBytes ?? BUDGET_BYTES);
  }

  get list(): Cell<readonly Program[]> {
    return this.#list;
  }

  get devices(): Cell<readonly ForeignDevice[]> {
    return this.#devices;
  }

  /** Begins it; how that goes is seen in `list`. One that is not installed is waited for. @throws BadInput */
  add(spec: ProgramSpec): void {
    this.#check(spec);
    const { router, host, clock, log, driverOf, receiver } = this.#parts;
    const program = new HostedProgram({
      ...{ spec, label: labelOf(spec), router, host, clock, log, driverOf },
      images: this.#images,
      mostMessages: this.#parts.mostMessages,
      start: this.#parts.start?.(spec) ?? this.#starter(spec),
      receiver: receiver ?? ((hosted) => (command) => hosted.send(command)),
      claim: (device) => this.#claim(device, spec.id),
      changed: () => this.#show(),
    });
    this.#programs.set(spec.id, program);
    this.#show();
  }

  /** Ends it; its devices are gone, for clients and host. @throws BadInput for an unknown id */
  async remove(id: string): Promise<void> {
    const program = this.#program(id);
    await this.#end(program, true);
  }

  /** @throws BadInput for an unknown id */
  restart(id: string): void {
    this.#program(id).restart();
  }

  /** Ends them all, devices disconnected first; within some seconds. The host keeps its devices. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#programs.values()].map((program) => this.#end(program, false)));
  }

  async #end(program: HostedProgram, forever: boolean): Promise<void> {
    await program.close(forever);
    // Asked twice, the second must not forget who has the id since.
    if (this.#programs.get(program.id) === program) this.#programs.delete(program.id);
    this.#show();
  }

  #program(id: string): HostedProgram {
    const program = this.#programs.get(id);
    if (!program) throw new BadInput(`there is no program "${id}"`);
    return program;
  }

  #check(spec: ProgramSpec): void {
    if (!/^[a-z0-9-]{1,60}$/.test(spec.id)) {
      throw new BadInput(`program id "${spec.id}": use small letters, digits and -`);
    }
    if (this.#programs.has(spec.id)) throw new BadInput(`program id "${spec.id}" is there twice`);
    if (this.#programs.size >= MOST_PROGRAMS) throw new BadInput(`${MOST_PROGRAMS} programs are enough`);
    const label = labelOf(spec);
    const twin = [...this.#programs.values()].find((program) => program.label === label);
    if (twin) {
      const hint = 'remote' in spec ? '' : '; give the second one another device name';
      throw new BadInput(`${label} is there already, as program "${twin.id}"${hint}`);
    }
    if ('remote' in spec) readRemote(spec.remote);
    else checkChild(spec);
  }

  #starter(spec: ProgramSpec): Start {
    const { clock, directory, packages } = this.#parts;
    if ('remote' in spec) {
      const address = readRemote(spec.remote);
      return (hearing) => startRemote(address, clock, hearing);
    }
    const home = join(directory, 'programs', spec.id);
    return (hearing) => startChild(spec, home, clock, hearing, packages);
  }

  /** Who else has a device of this name: a device never answers to another's. */
  #claim(device: string, id: string): string | undefined {
    const other = [...this.#programs.values()].find((program) => program.id !== id && program.owns(device));
    if (other) return `program "${other.id}"`;
    const own = this.#parts.host.devices.value.find(
      ({ label, driver }) => driver.transport.kind !== 'program' && label.value === device,
    );
    return own && `device "${own.id}"`;
  }

  #show(): void {
    const programs = [...this.#programs.values()];
    this.#list.set(
      programs.map((program) => ({
        ...program.state,
        id: program.id,
        label: program.label,
        ...kindOf(program.spec),
        devices: program.devices.map(({ device }) => device),
      })),
    );
    const devices = programs.flatMap((program) => program.devices);
    const before = this.#devices.value;
    if (devices.length !== before.length || devices.some((device, index) => device !== before[index])) {
      this.#devices.set(devices);
    }
  }
}

const kindOf = (spec: ProgramSpec): Pick<Program, 'kind' | 'executable' | 'address'> =>
  'remote' in spec
    ? { kind: 'remote', address: spec.remote }
    : { kind: 'child', executable: spec.executable };
