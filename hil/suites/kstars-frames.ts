import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFits } from '../../src/imaging/fits-read.ts';
import type { Taken } from './clients-http.ts';
import type { Evening } from './kstars-ekos.ts';
import { sequenceQueue } from './kstars-home.ts';
import type { KStars } from './kstars-program.ts';
import { hasAstropy, present, python, tool } from './tools.ts';

/** By another reader than ours, with DATASUM and CHECKSUM: a warning is a failure. */
const READ = `
import json, sys, warnings
warnings.simplefilter('error')
from astropy.io import fits
def read(path):
    with fits.open(path, checksum=True) as file:
        file.verify('exception')
        header = file[0].header
        return [header['EXPTIME'], header['FILTER'], header['FRAME'], list(file[0].data.shape)]
print(json.dumps([read(path) for path in sys.argv[1:]]))
`;

const ORDER = { seconds: 1.5, count: 3, filter: 'R' } as const;

/** Frames by a sequence of Ekos, through a filter: what it saves is what we stored, byte for byte. */
export async function captures({ kstars, demo }: Evening): Promise<undefined> {
  const directory = join(kstars.home, 'frames');
  const countdown = await runSequence(kstars, directory);
  const within = countdown.filter((left) => left > 0 && left < ORDER.seconds);
  assert.ok(within.length > 0, `the exposure did not count down: ${countdown}`);

  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const paths = files.filter((name) => name.endsWith('.fits')).map((name) => join(directory, name));
  assert.equal(paths.length, ORDER.count, `${files}`);
  const saved = paths.map((path) => createHash('sha256').update(readFileSync(path)).digest('hex')).sort();
  // Client and disk are served side by side: the last row may be a moment behind Ekos.
  await kstars.until('the frames of Ekos are those of our ledger', 5, async () => {
    const page = (await demo.http('GET', `/api/v1/exposures?limit=${ORDER.count}`)).json();
    const stored = (page.exposures as Taken[]).map(({ checksum }) => checksum).sort();
    return { holds: `${stored}` === `${saved}`, seen: { stored, saved } };
  });
  for (const path of paths) await isFaultless(path);
  if (await hasAstropy()) {
    const frame = [ORDER.seconds, ORDER.filter, 'Light', [1216, 1936]];
    assert.deepEqual(await python(READ, paths), Array(ORDER.count).fill(frame));
  }
}

/** @returns what was left of the exposures each time one looked, in seconds */
async function runSequence(kstars: KStars, directory: string): Promise<number[]> {
  mkdirSync(directory);
  const file = join(kstars.home, 'queue.esq');
  writeFileSync(file, sequenceQueue({ ...ORDER, directory }));
  await kstars.tell('Ekos/Capture', 'clearSequenceQueue');
  assert.equal(await kstars.ask('Ekos/Capture', 'loadSequenceQueue', 's', file), true);
  await kstars.tell('Ekos/Capture', 'start');
  const countdown: number[] = [];
  await kstars.until(`${ORDER.count} frames`, 45, async () => {
    const state = await kstars.ask('Ekos/Capture', 'getSequenceQueueStatus');
    countdown.push(Number(await kstars.ask('Ekos/Capture', 'getJobExposureProgress', 'i', 0)));
    return { holds: state === 'Complete', seen: [state, await kstars.read('Ekos/Capture', 'logText')] };
  });
  return countdown;
}

async function isFaultless(path: string): Promise<void> {
  const { width, height } = readFits(readFileSync(path));
  assert.deepEqual([width, height], [1936, 1216]);
  if (!present('fitsverify')) return;
  const { stdout } = await tool('fitsverify', [path]);
  assert.match(stdout, /0 warning\(s\) and 0 error\(s\)/i, stdout);
}
