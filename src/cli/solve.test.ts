import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../core/clock.ts';
import { BadInput } from '../core/errors.ts';
import { solveCommand } from './solve.ts';
import { starsCommand } from './stars.ts';

const nowhere = { directory: '/nowhere' };
const refusal = async (work: Promise<number>): Promise<string> => {
  const error = await work.then(
    () => assert.fail('it was taken'),
    (thrown) => thrown,
  );
  assert.ok(error instanceof BadInput, String(error));
  return error.message;
};
const solve = (...args: string[]) => refusal(solveCommand(args, nowhere, systemClock));
const stars = (...args: string[]) => refusal(starsCommand(args, systemClock));

test('half an option, or one that makes no sense, is named', async () => {
  const wrong: [args: string[], words: RegExp][] = [
    [[], /^usage: nightjar solve FILE/],
    [['a.fits', 'b.fits'], /^usage/],
    [['a.fits', '--ra', '10'], /--ra and --dec go together/],
    [['a.fits', '--radius', '10'], /--radius goes with --ra and --dec/],
    [['a.fits', '--ra', 'east', '--dec', '0'], /--ra east: a number from 0 to 360/],
    [['a.fits', '--ra', '10', '--dec', '91'], /--dec 91/],
    [['a.fits', '--ra', '10', '--dec', '-91'], /--dec -91: a number from -90/],
    [['a.fits', '--ra', '', '--dec', '1'], /--ra : a number/],
    [['a.fits', '--scale-low', '1'], /--scale-low and --scale-high go together/],
    [['a.fits', '--scale-low', '3', '--scale-high', '2'], /above/],
    [['a.fits', '--solver', 'magic'], /there are builtin, astrometry, astap/],
    [['a.fits', '--sing'], /--sing/],
  ];
  for (const [args, words] of wrong) assert.match(await solve(...args), words, args.join(' '));
});

test('a file that is none, or no image, is named with the reason', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'solve-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a.fits');
  for (const command of [solve, stars]) {
    assert.match(await command(file), /a\.fits.*no such file/);
    writeFileSync(file, 'SIMPLE  =                    T');
    assert.match(await command(file), new RegExp(`^${file}: .{10}`));
    rmSync(file);
  }
  assert.match(await stars(), /^usage: nightjar stars FILE/);
});
