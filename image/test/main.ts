import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/core/clock.ts';
import { asError } from '../../src/core/errors.ts';
import { boardChecks } from './board.ts';
import { Checks } from './checks.ts';
import { cache, inTools, tree } from './tools.ts';
import { virtChecks } from './virt.ts';

const usage = 'usage: node image/test/main.ts [--board virt|raspi3b] [--image FILE]';

/** `make image-test`: the image as it is released, on emulated machines, used as its owner and a phone would. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { board: { type: 'string', default: 'virt' }, image: { type: 'string' } },
  });
  mkdirSync(cache, { recursive: true });
  const image = values.image ?? (await newestImage());
  if (!['virt', 'raspi3b'].includes(values.board) || image === undefined || !existsSync(image)) {
    console.error(image === undefined ? 'there is no image yet: make image' : usage);
    return 2;
  }
  const started = systemClock.monotonic();
  const checks = new Checks();
  console.log(`${image}, ${values.board}`);
  const stopped = await (values.board === 'virt' ? virtChecks : boardChecks)(checks, image).then(
    () => undefined,
    (error) => asError(error).message,
  );
  const seconds = Math.round((systemClock.monotonic() - started) / 1000);
  checks.write(`${cache}/results-${values.board}.json`, {
    image,
    board: values.board,
    seconds,
    ...(stopped && { stopped }),
  });
  if (stopped) console.error(stopped);
  console.log(`${checks.rows.length - checks.failed.length} of ${checks.rows.length} shown in ${seconds} s`);
  return stopped || checks.failed.length > 0 ? 1 : 0;
}

/** What `make image` made last, unpacked. */
async function newestImage(): Promise<string | undefined> {
  const folder = `${tree}/dist-image`;
  if (!existsSync(folder)) return undefined;
  const age = (file: string) => statSync(file).mtimeMs;
  const newest = readdirSync(folder)
    .filter((name) => /\.img(\.zst)?$/.test(name))
    .map((name) => `${folder}/${name}`)
    .sort((a, b) => age(b) - age(a))[0];
  if (newest === undefined || newest.endsWith('.img')) return newest;
  const unpacked = `${cache}/unpacked.img`;
  if (existsSync(unpacked) && age(unpacked) >= age(newest)) return unpacked;
  await inTools('zstd', '-q', '-d', '-f', '--sparse', newest, '-o', unpacked);
  return unpacked;
}

process.exitCode = await main();
