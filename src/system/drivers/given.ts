import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BadInput } from '../../core/errors.ts';
import { type DebFacts, readDeb } from './deb.ts';
import { namesIn } from './kit.ts';
import { Lacking, prepareKit, type Workshop } from './prepare.ts';

/** A kit that a given file belongs to, and what it lacks yet. */
export interface GivenKit {
  id: string;
  lacks?: string;
}

/** The largest file that an owner may give. */
const MOST_BYTES = 64 << 20;
const UNTAR_MS = 60_000;

/**
 * Packages that the owner brings: drivers that nobody may be asked for, newer ones, or all of them where there is no
 * internet. A driver that lacks its library waits for it.
 */
export class GivenFiles {
  readonly #workshop: Workshop;
  readonly #folder: string;

  constructor(workshop: Workshop) {
    this.#workshop = workshop;
    this.#folder = join(workshop.directory, '.given');
  }

  /** A package, or an archive of several. @throws BadInput for what is no driver of this machine */
  async take(name: string, bytes: AsyncIterable<Uint8Array>): Promise<GivenKit[]> {
    const { command, architecture } = this.#workshop;
    await mkdir(this.#folder, { recursive: true });
    // By this name it is found, and taken away, should the power go now.
    const work = await mkdtemp(join(this.#workshop.directory, '.work-'));
    try {
      const file = join(work, 'given');
      await pipeline(Readable.from(bytes), atMost(MOST_BYTES), createWriteStream(file));
      const debs = /\.(tar(\.\w+)?|tgz)$/.test(name) ? await this.#untar(file, join(work, 'tar')) : [file];
      const told: DebFacts[] = [];
      for (const deb of debs) told.push(await readDeb(deb, command));
      for (const facts of told) refuseForeign(facts, architecture);
      for (const [index, facts] of told.entries()) await rename(debs[index] as string, this.#at(facts.name));
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    return this.#tryAll();
  }

  /** What waits in vain. */
  forget(id: string): Promise<void> {
    return rm(this.#at(id), { force: true });
  }

  /** Each given driver with all that was given for it. */
  async #tryAll(): Promise<GivenKit[]> {
    const given = new Map<string, DebFacts>();
    for (const name of (await namesIn(this.#folder)).filter((each) => each.endsWith('.deb'))) {
      const facts = await readDeb(join(this.#folder, name), this.#workshop.command);
      given.set(facts.name, facts);
    }
    const kits: GivenKit[] = [];
    for (const id of [...given.keys()].filter((name) => name.startsWith('indi-'))) {
      const files = needed(id, given).map((name) => this.#at(name));
      try {
        await prepareKit(id, files, this.#workshop);
        for (const file of files) await rm(file, { force: true });
        kits.push({ id });
      } catch (error) {
        if (!(error instanceof Lacking)) {
          await this.forget(id);
          throw error;
        }
        kits.push({ id, lacks: error.message });
      }
    }
    return kits;
  }

  async #untar(file: string, into: string): Promise<string[]> {
    await mkdir(into);
    const args = ['--extract', '--file', file, '--directory', into, '--no-same-owner'];
    const { code } = await this.#workshop.command('tar', args, UNTAR_MS);
    const inside = await readdir(into, { recursive: true, withFileTypes: true });
    const debs = inside.filter((entry) => entry.isFile() && entry.name.endsWith('.deb'));
    if (code !== 0 || debs.length === 0) throw new BadInput('the archive holds no Debian package (.deb)');
    return debs.map((entry) => join(entry.parentPath, entry.name));
  }

  #at(name: string): string {
    return join(this.#folder, `${name}.deb`);
  }
}

/** @throws BadInput for another machine's, and for what is neither a driver nor a library */
function refuseForeign({ name, architecture, depends }: DebFacts, own: string): void {
  if (architecture !== own && architecture !== 'all') {
    throw new BadInput(`${name} is built for ${architecture}, this unit is ${own}`);
  }
  const isDriver = name.startsWith('indi-') && depends.some((each) => /^libindi/.test(each));
  if (!isDriver && !name.startsWith('lib')) {
    throw new BadInput(`${name} is neither an INDI driver (indi-…, which needs libindidriver) nor a library`);
  }
}

/** The package, those of the given ones that it depends on, and so on. */
function needed(id: string, given: ReadonlyMap<string, DebFacts>): string[] {
  const wanted = new Set([id]);
  for (const name of wanted) {
    for (const other of given.get(name)?.depends ?? []) if (given.has(other)) wanted.add(other);
  }
  return [...wanted];
}

function atMost(bytes: number): Transform {
  let count = 0;
  return new Transform({
    transform(chunk: Uint8Array, _, done) {
      count += chunk.length;
      if (count > bytes) done(new BadInput(`a file of more than ${bytes >> 20} MB is not taken`));
      else done(null, chunk);
    },
  });
}
