import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '../core/clock.ts';
import { BadInput } from '../core/errors.ts';
import { separation } from '../sky/angle.ts';
import { peerInstalled, solveWithPeer } from './peers.ts';
import { emptyFolder } from './sky.fixture.ts';

const folder = emptyFolder();
const path = process.env.PATH ?? '';
after(() => {
  process.env.PATH = path;
});
const clock = systemClock;
const size = { width: 300, height: 200 };
const hints = {
  near: { centre: { ra: 150.5, dec: -20.25 }, radiusDegrees: 3 },
  scale: { low: 1.8, high: 2.2 },
};

/** A program of that name that notes its words, then does as told. */
function standIn(name: string, script: string): string {
  const file = join(folder, name);
  const noted = `${file}.words`;
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$@" > '${noted}'\n${script}\n`);
  chmodSync(file, 0o755);
  process.env.PATH = `${folder}${delimiter}${path}`;
  return noted;
}

const CARDS = `CRPIX1=150.5\nCRPIX2=100.5\nCRVAL1=150.6\nCRVAL2=-20.3\nCD1_1=-5.5E-4\nCD1_2=0\nCD2_1=0\nCD2_2=-5.5E-4\n`;

test('astap is asked in its words, and its answer read', async () => {
  const noted = standIn(
    'astap_cli',
    `while [ "$1" != -o ]; do shift; done\nprintf 'PLTSOLVD=T\\n${CARDS.replaceAll('\n', '\\n')}' > "$2.ini"\necho '83 of 92 quads selected matching within 0.007 tolerance.'`,
  );
  assert.equal(peerInstalled('astap'), join(folder, 'astap_cli'));
  const solution = await solveWithPeer('astap', '/a b.fits', size, hints, { clock, database: '/stars' });
  assert.ok(solution.solved);
  assert.ok(separation({ ra: 150.6, dec: -20.3 }, solution) < 1e-9);
  assert.deepEqual([solution.matched, solution.stars, solution.parity], [83, 92, 1]);
  assert.ok(Math.abs(solution.scale - 1.98) < 1e-6 && Number.isNaN(solution.rmsArcsec));
  const words = readFileSync(noted, 'latin1').split('\n');
  assert.equal(words[words.indexOf('-f') + 1], '/a b.fits');
  assert.equal(words[words.indexOf('-ra') + 1], '10.033333');
  assert.equal(words[words.indexOf('-spd') + 1], '69.750000');
  assert.equal(words[words.indexOf('-d') + 1], '/stars/');
  assert.equal(Number(words[words.indexOf('-fov') + 1]), 0.1111);
  const [scratch] = [words[words.indexOf('-o') + 1]!];
  assert.ok(!existsSync(join(scratch, '..')), 'its scratch folder is gone');
});

test('solve-field is asked in its words, and its answer read', async () => {
  const cards = ['SIMPLE=T', 'CTYPE1=RA---TAN', 'CTYPE2=DEC--TAN', ...CARDS.trim().split('\n'), 'END'];
  const records = cards.map((card) => {
    const [keyword, value] = card.split('=');
    const written = value && /^[A-Z]+-/.test(value) ? `'${value}'` : value;
    return (written === undefined ? keyword! : `${keyword!.padEnd(8)}= ${written}`).padEnd(80);
  });
  writeFileSync(join(folder, 'answer'), records.join('').padEnd(2880));
  const noted = standIn(
    'solve-field',
    `while [ "$1" != --wcs ]; do shift; done\ncp '${join(folder, 'answer')}' "$2"\necho '  log-odds ratio 178.4 (3.1e+77), 37 match, 2 conflict, 45 distractors, 51 index.'`,
  );
  const solution = await solveWithPeer('astrometry', '/a.fits', size, hints, { clock, database: '/idx' });
  assert.ok(solution.solved);
  assert.deepEqual([solution.matched, solution.stars], [37, 84]);
  assert.ok(Math.abs(solution.logChance + 77.48) < 0.01);
  const words = readFileSync(noted, 'latin1').split('\n');
  assert.deepEqual(words.slice(words.indexOf('--scale-low'), words.indexOf('--scale-low') + 4), [
    '--scale-low',
    '1.8',
    '--scale-high',
    '2.2',
  ]);
  assert.equal(words.at(-2), '/a.fits');
});

test('no place found is a value, with what the program said last', async () => {
  standIn('astap_cli', 'echo Searching; echo No solution found; exit 1');
  const solution = await solveWithPeer('astap', '/a.fits', size, {}, { clock });
  assert.ok(!solution.solved);
  assert.match(solution.message, /No solution found/);
});

test('one that takes too long is ended, with its children', async () => {
  const noted = standIn('solve-field', `sleep 60 & echo $! > '${join(folder, 'child')}'; wait`);
  const solution = await solveWithPeer('astrometry', '/a.fits', size, {}, { clock, seconds: 0.5 });
  assert.ok(!solution.solved);
  assert.match(solution.message, /in 0.5 s/);
  assert.ok(existsSync(noted));
  const child = readFileSync(join(folder, 'child'), 'latin1').trim();
  await clock.sleep(50);
  const state = existsSync(`/proc/${child}/stat`) ? readFileSync(`/proc/${child}/stat`, 'latin1') : ') Z';
  assert.match(state, /\) Z/);
});

test('stopping ends it at once, for the reason given', async () => {
  standIn('astap_cli', 'sleep 60');
  const stop = new AbortController();
  const reason = new Error('a person stopped it');
  clock.after(100, () => stop.abort(reason));
  await assert.rejects(
    solveWithPeer('astap', '/a.fits', size, {}, { clock, signal: stop.signal }),
    (error) => error === reason,
  );
  await assert.rejects(
    solveWithPeer('astap', '/a.fits', size, {}, { clock, signal: stop.signal }),
    (error) => error === reason,
  );
});

test('one that is not installed is named, with what to install', async () => {
  process.env.PATH = emptyFolder();
  assert.equal(peerInstalled('astrometry'), undefined);
  await assert.rejects(
    solveWithPeer('astrometry', '/a.fits', size, {}, { clock }),
    (error) => error instanceof BadInput && /install astrometry.net/.test(error.message),
  );
});
