import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Clock, isoUtc } from '../../core/clock.ts';
import { asError, BadInput, Fault } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { Run } from '../../core/run.ts';
import { type Command, systemCommand } from '../command.ts';
import { isMissing } from '../whole-file.ts';
import { download, isPinned } from './download.ts';
import { GivenFiles, type GivenKit } from './given.ts';
import { licencesIn, namesIn, type Receipt, readReceipt, writeReceipt } from './kit.ts';
import { prepareKit, readyPlace, type Workshop } from './prepare.ts';
import { knownVendors, ownArchitecture, type Pinned, type VendorKit, type Vendors } from './vendors.ts';

/** The drivers of one maker as people see them. */
export interface KitView {
  id: string;
  maker: string;
  devices: string;
  licence: string;
  note?: string;
  /** What would be fetched; 0: nobody may be asked for it, or has it for this machine. */
  downloadBytes: number;
  packages: readonly { name: string; version: string }[];
  /** Here and whole: its licence can be read, and be accepted. */
  ready?: Receipt;
  installed?: Receipt;
  /** It is being fetched. */
  run?: { id: string; fraction?: number; note?: string };
  /** Why the last try failed. */
  trouble?: string;
}

export interface KitsParts {
  /** `drivers` of the data directory: each kit is a folder of it. */
  directory: string;
  clock: Clock;
  log: Log;
  vendors?: Vendors;
  architecture?: string;
  command?: Command;
  get?: typeof fetch;
}

/**
 * Makers' drivers with closed parts, in the data directory: the system stays read-only, and no script of a package ever
 * runs. First fetched (or given by the owner) and checked, then, once its licence was read, installed.
 */
export class DriverKits {
  readonly #parts: Pick<KitsParts, 'clock' | 'log'> & { get: typeof fetch; vendors: Vendors };
  readonly #workshop: Workshop;
  readonly #given: GivenFiles;
  readonly #runs = new Map<string, Run<void>>();
  readonly #troubles = new Map<string, string>();
  #busy = false;

  private constructor(parts: KitsParts) {
    const { directory, log, vendors = knownVendors, get = fetch } = parts;
    const { architecture = ownArchitecture, command = systemCommand } = parts;
    this.#parts = { ...parts, vendors, get };
    this.#workshop = { directory, log, architecture, command };
    this.#given = new GivenFiles(this.#workshop);
  }

  /** What a power cut has left in the middle is brought to its end, or taken away. */
  static async open(parts: KitsParts): Promise<DriverKits> {
    const kits = new DriverKits(parts);
    await mkdir(parts.directory, { recursive: true });
    for (const id of await namesIn(kits.#at('.ready'))) {
      const receipt = await readReceipt(readyPlace(kits.#at(), id));
      if (receipt?.acceptedUtc !== undefined) await kits.#settle(id);
    }
    for (const name of (await namesIn(kits.#at())).filter((each) => /^\.(old|work)/.test(each))) {
      await rm(kits.#at(name), { recursive: true, force: true });
    }
    return kits;
  }

  /** Those of the makers that are known, and what the owner has given beside. */
  async list(): Promise<KitView[]> {
    const { kits } = this.#parts.vendors;
    const here = [
      ...(await namesIn(this.#at())),
      ...(await namesIn(this.#at('.ready'))),
      ...this.#troubles.keys(),
    ];
    const others = new Set(here.filter((id) => !id.startsWith('.') && !kits.some((kit) => kit.id === id)));
    const strange = [...others].sort().map((id): VendorKit => {
      return { id, maker: id, devices: 'given by you', licence: 'its own', packages: [] };
    });
    return Promise.all([...kits, ...strange].map((kit) => this.#view(kit)));
  }

  /** Fetches and checks it; nothing is installed yet. @throws BadInput for an unknown one, Fault `busy` */
  fetch(id: string): Run<void> {
    const kit = this.#parts.vendors.kits.find((each) => each.id === id);
    if (!kit) throw new BadInput(`there are no drivers "${id}"`);
    const pins = this.#pins(kit);
    if (pins.length === 0) {
      throw new BadInput(`${kit.maker}'s drivers cannot be fetched for this unit: give the files yourself`);
    }
    let run!: Run<void>;
    const done = this.#alone(() => {
      run = Run.start<void>(this.#parts.clock, `fetch ${id}`, (own) => this.#fetch(id, pins, own));
      this.#runs.set(id, run);
      return run.outcome;
    });
    // How it went is told by the run.
    const over = () => void this.#runs.delete(id);
    done.then(over, over);
    return run;
  }

  /**
   * What an owner has: a package, or an archive of several.
   * @returns the kits that wait, and what they lack yet. @throws BadInput for what is no driver of this unit, Fault `busy`
   */
  async give(name: string, bytes: AsyncIterable<Uint8Array>): Promise<GivenKit[]> {
    return this.#alone(async () => {
      const kits = await this.#given.take(name, bytes);
      for (const { id, lacks } of kits) {
        if (lacks === undefined) this.#troubles.delete(id);
        else this.#troubles.set(id, lacks);
      }
      return kits;
    });
  }

  /** The texts of what waits to be installed, and the name of just these texts. @throws BadInput */
  async licence(id: string): Promise<{ texts: { package: string; text: string }[]; digest: string }> {
    const { licence } = await this.#ready(id);
    return { texts: await licencesIn(readyPlace(this.#at(), id)), digest: licence };
  }

  /** @param digest of the licence that was read. @throws BadInput, Fault `refused` when it has changed since, `busy` */
  async install(id: string, digest: string): Promise<void> {
    return this.#alone(async () => {
      const { clock, log } = this.#parts;
      const receipt = await this.#ready(id);
      if (receipt.licence !== digest) throw new Fault('refused', 'the licence has changed: read it again');
      const fresh = readyPlace(this.#at(), id);
      await writeReceipt(fresh, { ...receipt, acceptedUtc: isoUtc(clock.now()) });
      await this.#settle(id);
      this.#troubles.delete(id);
      log.info({ kit: id, packages: receipt.packages }, 'drivers installed, licence accepted');
    });
  }

  /** For good, with what was fetched of it. @throws BadInput, Fault `busy` */
  async remove(id: string): Promise<void> {
    return this.#alone(async () => {
      const known = (await this.list()).find((kit) => kit.id === id);
      if (!known?.ready && !known?.installed && !this.#troubles.has(id)) {
        throw new BadInput(`drivers "${id}" are not here`);
      }
      for (const place of [this.#at(id), readyPlace(this.#at(), id)]) {
        await rm(place, { recursive: true, force: true });
      }
      await this.#given.forget(id);
      this.#troubles.delete(id);
    });
  }

  /** From where it waits to where it is found. A driver that runs keeps its files until it ends. */
  async #settle(id: string): Promise<void> {
    const old = this.#at('.old');
    await rm(old, { recursive: true, force: true });
    await rename(this.#at(id), old).catch(unlessMissing);
    await rename(readyPlace(this.#at(), id), this.#at(id));
    await rm(old, { recursive: true, force: true });
  }

  async #fetch(id: string, pins: readonly (Pinned & { name: string })[], run: Run<void>): Promise<void> {
    const { vendors, clock, get } = this.#parts;
    const folder = this.#at('.fetched');
    const total = pins.reduce((sum, { size }) => sum + size, 0);
    let before = 0;
    try {
      await mkdir(folder, { recursive: true });
      const files: string[] = [];
      for (const pin of pins) {
        const file = join(folder, basename(pin.path));
        const progress = (bytes: number) =>
          run.report({ fraction: (before + bytes) / total, note: `fetching ${pin.name}` });
        progress(0);
        if (!(await isPinned(file, pin))) {
          const parts = { clock, get, progress, signal: run.signal };
          await firstOf(vendors.mirrors, run.signal, (mirror) =>
            download(`${mirror}${pin.path}`, file, pin, parts),
          );
        }
        before += pin.size;
        files.push(file);
      }
      run.report({ note: 'unpacking' });
      await prepareKit(id, files, this.#workshop);
      await rm(folder, { recursive: true, force: true });
      this.#troubles.delete(id);
    } catch (error) {
      if (!run.signal.aborted) this.#troubles.set(id, asError(error).message);
      throw error;
    }
  }

  async #view(kit: VendorKit): Promise<KitView> {
    const { id, maker, devices, licence, note } = kit;
    const places = [readyPlace(this.#at(), id), this.#at(id)];
    const [ready, installed] = await Promise.all(places.map(readReceipt));
    const run = this.#runs.get(id);
    const { steps: _, ...progress } = run?.progress.value ?? { steps: [] };
    const trouble = this.#troubles.get(id);
    return {
      ...{ id, maker, devices, licence },
      ...(note !== undefined && { note }),
      downloadBytes: this.#pins(kit).reduce((sum, { size }) => sum + size, 0),
      packages: kit.packages.map(({ name, version }) => ({ name, version })),
      ...(ready && { ready }),
      ...(installed && { installed }),
      ...(run && { run: { id: run.id, ...progress } }),
      ...(trouble !== undefined && !run && { trouble }),
    };
  }

  /** What to fetch for this machine; none where a package has nothing for it. */
  #pins({ packages }: VendorKit): (Pinned & { name: string })[] {
    const pins = packages.map(({ name, files }) => {
      const file = files[this.#workshop.architecture];
      return file && { name, ...file };
    });
    return pins.every((pin) => pin !== undefined) ? pins : [];
  }

  async #ready(id: string): Promise<Receipt> {
    const receipt = await readReceipt(readyPlace(this.#at(), id));
    if (!receipt) throw new BadInput(`drivers "${id}" are not fetched yet`);
    return receipt;
  }

  #at(...names: string[]): string {
    return join(this.#workshop.directory, ...names);
  }

  /** One after the other: they share folders, and the line to the internet. @throws Fault `busy` at once */
  #alone<T>(act: () => Promise<T>): Promise<T> {
    if (this.#busy) throw new Fault('busy', 'other drivers are being fetched or installed: wait for them');
    this.#busy = true;
    return act().finally(() => {
      this.#busy = false;
    });
  }
}

/** What the first that can gives. @throws what the first had against it */
async function firstOf(
  places: readonly string[],
  signal: AbortSignal,
  ask: (place: string) => Promise<void>,
): Promise<void> {
  let first: unknown = new Fault('refused', 'there is nobody to ask');
  for (const [index, place] of places.entries()) {
    try {
      return await ask(place);
    } catch (error) {
      if (signal.aborted) throw error;
      if (index === 0) first = error;
    }
  }
  throw first;
}

function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
