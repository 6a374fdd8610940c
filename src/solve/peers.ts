import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { BadInput } from '../core/errors.ts';
import { degrees, radians } from '../core/units.ts';
import { type Header, readHeader } from '../imaging/fits-header.ts';
import { executable, runChild } from './child.ts';
import type { Solution, Solved, SolveHints, Unsolved } from './solution.ts';
import { describe } from './wcs.ts';
import { wcsFromHeader } from './wcs-cards.ts';

/** Other programs that solve: Astrometry.net's `solve-field`, and ASTAP's command line. */
export type Peer = 'astrometry' | 'astap';

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface PeerOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Default 120. */
  readonly seconds?: number;
  /** A folder of its index files or star database; default its own. */
  readonly database?: string;
}

interface Order {
  readonly file: string;
  readonly size: Size;
  readonly hints: SolveHints;
  readonly folder: string;
  readonly database?: string;
}

/** How a program is asked, and where its answer lies. */
interface Manner {
  readonly names: readonly string[];
  readonly installed: string;
  words(order: Order): Promise<string[]> | string[];
  readonly answer: string;
  read(bytes: Buffer): Header;
  /** What it says of its stars, as far as it does. */
  figures(text: string): Partial<Pick<Solved, 'stars' | 'matched' | 'logChance'>>;
}

const SECONDS = 120;

/** The path of the program, where it is installed. */
export const peerInstalled = (peer: Peer): string | undefined =>
  manners[peer].names.map(executable).find((path) => path !== undefined);

/**
 * Has another program place an image. What a program does not say of its solution is NaN.
 * @param file a FITS file; it is only read
 * @throws BadInput where the program is not installed, Fault where it does not start, the signal's reason
 */
export async function solveWithPeer(
  peer: Peer,
  file: string,
  size: Size,
  hints: SolveHints,
  { clock, signal, seconds = SECONDS, database }: PeerOptions,
): Promise<Solution> {
  const manner = manners[peer];
  const program = peerInstalled(peer);
  if (!program) throw new BadInput(`${manner.names[0]} is not installed: install ${manner.installed}`);
  const folder = await mkdtemp(join(tmpdir(), 'nightjar-solve-'));
  try {
    const words = await manner.words({
      file,
      size,
      hints,
      folder,
      ...(database !== undefined && { database }),
    });
    const { text, late } = await runChild(program, words, { clock, seconds, ...(signal && { signal }) });
    const answer = join(folder, manner.answer);
    if (late) return nothing(`${manner.names[0]} found nothing in ${seconds} s`);
    if (!existsSync(answer)) return nothing(`${manner.names[0]} found no place: ${lastLine(text)}`);
    const wcs = wcsFromHeader(manner.read(await readFile(answer)), size.width, size.height);
    if (!wcs) return nothing(`${manner.names[0]} found no place: ${lastLine(text)}`);
    const figures = {
      stars: Number.NaN,
      matched: Number.NaN,
      logChance: Number.NaN,
      ...manner.figures(text),
    };
    return { solved: true, wcs, ...describe(wcs), rmsArcsec: Number.NaN, ...figures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const nothing = (message: string): Unsolved => ({
  solved: false,
  reason: 'no-match',
  message,
  stars: Number.NaN,
});

const lastLine = (text: string): string =>
  text
    .trim()
    .split(/[\r\n]+/)
    .at(-1)
    ?.slice(0, 200) || 'it does not say why';

const manners: Record<Peer, Manner> = {
  astrometry: {
    names: ['solve-field'],
    installed: 'astrometry.net and its index files',
    answer: 'solution.wcs',
    async words({ file, hints: { near, scale }, folder, database }) {
      const words = ['--overwrite', '--no-plots', '--new-fits', 'none', '--fits-image', '--temp-dir', folder];
      words.push('--dir', folder, '--out', 'solution', '--wcs', join(folder, 'solution.wcs'));
      if (near) {
        const { centre, radiusDegrees } = near;
        words.push('--ra', String(centre.ra), '--dec', String(centre.dec), '--radius', String(radiusDegrees));
      }
      if (scale) {
        const bounds = ['--scale-low', String(scale.low), '--scale-high', String(scale.high)];
        words.push('--scale-units', 'arcsecperpix', ...bounds);
      }
      if (database !== undefined) {
        const settings = join(folder, 'engine.cfg');
        await writeFile(settings, `add_path ${database}\nautoindex\ninparallel\n`);
        words.push('--config', settings);
      }
      return [...words, file];
    },
    read: (bytes) => readHeader(bytes).header,
    figures(text) {
      const odds = /log-odds ratio ([\d.]+) .*?, (\d+) match, (\d+) conflict, (\d+) distractors/.exec(text);
      if (!odds) return {};
      const [logOdds, matched, conflict, distractors] = odds.slice(1).map(Number) as [
        number,
        number,
        number,
        number,
      ];
      return { matched, stars: matched + conflict + distractors, logChance: -logOdds / Math.LN10 };
    },
  },
  astap: {
    names: ['astap_cli', 'astap'],
    installed: 'astap-cli and a star database',
    answer: 'solution.ini',
    words({ file, size, hints: { near, scale }, folder, database }) {
      const words = ['-f', file, '-o', join(folder, 'solution')];
      if (scale) {
        const middle = radians((scale.low + scale.high) / 2 / 3600);
        words.push('-fov', degrees(2 * Math.atan((middle * size.height) / 2)).toFixed(4));
      }
      if (near) {
        const { centre, radiusDegrees } = near;
        const place = ['-ra', (centre.ra / 15).toFixed(6), '-spd', (centre.dec + 90).toFixed(6)];
        words.push(...place, '-r', String(radiusDegrees));
      } else words.push('-r', '180');
      if (database !== undefined) words.push('-d', join(database, '/'));
      return words;
    },
    read: readIni,
    figures(text) {
      const quads = /(\d+) of (\d+) quads selected/.exec(text);
      return quads ? { matched: Number(quads[1]), stars: Number(quads[2]) } : {};
    },
  },
};

/** ASTAP's answer: lines of keyword=value, the keywords those of FITS. */
function readIni(bytes: Buffer): Header {
  const header = new Map<string, string | number | undefined>();
  for (const line of bytes.toString('latin1').split(/\r?\n/)) {
    const [, keyword, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (keyword) header.set(keyword, Number.isFinite(Number(value)) ? Number(value) : value);
  }
  if (header.get('PLTSOLVD') === 'T') header.set('CTYPE1', 'RA---TAN').set('CTYPE2', 'DEC--TAN');
  return header;
}
