import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Framing } from './camera.ts';

const cache = join(import.meta.dirname, '../../.cache');
const album = join(cache, 'solving/photographs');

export interface RealPhotograph {
  readonly file: string;
  readonly name: string;
  /** Who took it. */
  readonly credit: string;
  readonly framing: Framing;
}

/**
 * Astrophotographers' pictures that Debian's stellarium-data shows (their places in its textures.json; licences and
 * credits in its copyright file), made from the package in `.cache`; none without it.
 */
export function openRealPhotographs(say: (line: string) => void): RealPhotograph[] {
  const list = join(album, 'album.json');
  if (!existsSync(list)) {
    const deb =
      existsSync(cache) && readdirSync(cache).find((name) => /^stellarium-data_.*\.deb$/.test(name));
    if (!deb) {
      say(
        '  real photographs: skipped, there is no .cache/stellarium-data_….deb (bench/solving/packages.sh)',
      );
      return [];
    }
    const script = join(import.meta.dirname, 'photographs.py');
    const { status, stderr } = spawnSync('/usr/bin/python3', [script, join(cache, deb), album], {
      encoding: 'utf8',
    });
    if (status !== 0) {
      say(
        `  real photographs: skipped, ${stderr?.trim().split('\n').at(-1) || 'there is no /usr/bin/python3'}`,
      );
      return [];
    }
  }
  type Entry = { name: string; credit: string; file: string } & Omit<Framing, 'distortion'>;
  const entries = JSON.parse(readFileSync(list, 'utf8')) as Entry[];
  return entries.map(({ name, credit, file, ...framing }) => ({
    name,
    credit,
    file: join(album, file),
    framing: { ...framing, distortion: 0 },
  }));
}
