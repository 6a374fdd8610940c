import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CATALOGUE } from './album.ts';
import { type Answer, answerFrom } from './answer.ts';
import type { Framing } from './camera.ts';
import { measured, type Took } from './child.ts';
import { HINT_RADIUS, type Hint, nearby, scales } from './hints.ts';

export interface Attempt extends Took {
  answer: Answer | undefined;
}

export interface Solver {
  readonly name: string;
  solve(file: string, spec: Framing, hint: Hint): Promise<Attempt>;
}

const LIMIT_SECONDS = 300;
/** Ten times what a frame takes that is solved. */
const CPU_LIMIT = { near: 30, scale: 60, blind: 60 };
const root = join(import.meta.dirname, '../..');
const INDEXES = join(root, '.cache/tycho2/usr/share/astrometry');
const ASTAP_DATABASE = join(root, '.cache/astap');

/** The peers that are installed with their stars, and a word on each that is not. */
export function openPeers(): { solvers: Solver[]; missing: string[] } {
  const missing: string[] = [];
  const solvers: Solver[] = [];
  if (!existsSync('/usr/bin/solve-field'))
    missing.push('solve-field: not installed (Debian package astrometry.net)');
  else if (!existsSync(INDEXES)) missing.push(`solve-field: no index files in ${INDEXES} (make catalogue)`);
  else solvers.push({ name: 'solve-field', solve: solveField });
  if (!existsSync('/usr/bin/astap_cli')) missing.push('astap_cli: not installed (Debian package astap-cli)');
  else if (!starDatabase()) missing.push('astap_cli: no stars.bin to make its database of (make catalogue)');
  else solvers.push({ name: 'astap_cli', solve: astap });
  return { solvers, missing };
}

/** ASTAP's star database, made of the same Tycho-2 stars that the others are given. */
function starDatabase(): boolean {
  const stars = join(CATALOGUE, 'stars.bin');
  if (existsSync(ASTAP_DATABASE)) return true;
  if (!existsSync(stars)) return false;
  execFileSync(process.execPath, [
    join(root, 'scripts/catalogue/astap.ts'),
    ASTAP_DATABASE,
    '--stars',
    stars,
  ]);
  return true;
}

async function inScratch<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-bench-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Its own extraction, pictures left out. */
const solveField: Solver['solve'] = (file, spec, hint) =>
  inScratch(async (directory) => {
    const config = join(directory, 'engine.cfg');
    writeFileSync(config, `cpulimit ${CPU_LIMIT[hint]}\nadd_path ${INDEXES}\nautoindex\n`);
    const near = nearby(spec);
    const { low, high } = scales(spec);
    const place = ['--ra', String(near.ra), '--dec', String(near.dec), '--radius', String(HINT_RADIUS)];
    const scale = ['--scale-low', String(low), '--scale-high', String(high), '--scale-units', 'arcsecperpix'];
    const quiet = ['-p', '-N', 'none', '-U', 'none', '-R', 'none', '-B', 'none', '-M', 'none', '-S', 'none'];
    const args = [
      ...[
        '-D',
        directory,
        '-o',
        'frame',
        '--config',
        config,
        '--cpulimit',
        String(CPU_LIMIT[hint]),
        '-O',
        ...quiet,
      ],
      ...(hint === 'near' ? place : []),
      ...(hint === 'blind' ? [] : scale),
      file,
    ];
    const took = await measured('/usr/bin/solve-field', args, {
      limitSeconds: LIMIT_SECONDS,
      cpuLimitSeconds: CPU_LIMIT[hint],
      directory,
    });
    const wcs = join(directory, 'frame.wcs');
    return { ...took, answer: existsSync(wcs) ? answerFrom(wcs, spec) : undefined };
  });

/** Of the stars in a frame; with its usual 500 it solves half as many frames, for Tycho-2 has no more than a hundred there. */
const ASTAP_STARS = '60';

/** Told the field's height always: it has no way to search for the scale but one by one. Blind: the whole sky. */
const astap: Solver['solve'] = (file, spec, hint) =>
  inScratch(async (directory) => {
    const near = nearby(spec);
    const place = ['-ra', String(near.ra / 15), '-spd', String(near.dec + 90), '-r', String(HINT_RADIUS)];
    const args = [
      ...['-f', file, '-o', join(directory, 'frame'), '-d', ASTAP_DATABASE, '-wcs'],
      ...['-fov', String((spec.height * spec.scale) / 3600)],
      ...(hint === 'near' ? place : ['-ra', '0', '-spd', '90', '-r', '180']),
      ...['-s', ASTAP_STARS, ...(spec.bayer ? ['-check', 'y'] : [])],
    ];
    const took = await measured('/usr/bin/astap_cli', args, {
      limitSeconds: LIMIT_SECONDS,
      cpuLimitSeconds: CPU_LIMIT[hint],
      directory,
    });
    const wcs = join(directory, 'frame.wcs');
    const solved = existsSync(wcs) && /CRVAL1/.test(readFileSync(wcs, 'latin1'));
    return { ...took, answer: solved ? answerFrom(wcs, spec) : undefined };
  });
