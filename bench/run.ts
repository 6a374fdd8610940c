/**
 * Measurements of Nightjar beside its peers, in one run: Debian's indiserver with one client for both, its solvers and
 * star detectors on the same frames. `node bench/run.ts [--full] [latency|fanout|blobs|joining|appliance|night|pixels|
 * solving|detection|command|turns|rigs|lists …]`. Figures go to bench/results.json.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { appliance, night, program } from './appliance.ts';
import { blobs } from './blobs.ts';
import { fanout } from './fanout.ts';
import { type Figure, printFigures } from './figure.ts';
import { joining } from './joining.ts';
import { latency } from './latency.ts';
import { compileFlood, missingPeer } from './peers.ts';
import { pixels } from './pixels.ts';
import { command } from './solving/command.ts';
import { detection } from './solving/detected-frames.ts';
import { lists } from './solving/listed.ts';
import { rigShares } from './solving/rigs.ts';
import { solving } from './solving/solved-frames.ts';
import { turns } from './solving/turns.ts';

const missing = missingPeer();
const compare = missing === undefined;
const directory = mkdtempSync(join(tmpdir(), 'nightjar-bench-'));
const flood = compileFlood(directory);
const built = existsSync(program);

/** All 10,000 star lists, and solve-field's blind search of every frame: half an hour. */
const full = process.argv.includes('--full');

interface Bench {
  title: string;
  measure(): Figure[] | Promise<Figure[]>;
}

const benches: Record<string, Bench> = {
  latency: {
    title:
      'Commands: 2000 times CCD_FRAME_TYPE, the next when the answer has come; the middle one of 3 rounds',
    measure: () => latency(compare),
  },
  fanout: {
    title:
      'One property to many clients, from a C driver that only prints (7 million/s), the same executable as child of ' +
      'both; none lost unless it says so',
    measure: () => fanout(flood, compare),
  },
  blobs: { title: 'Images, base64 over one connection', measure: () => blobs(compare, flood) },
  joining: { title: 'Joining', measure: () => joining(compare) },
  appliance: { title: 'nightjar serve --demo', measure: () => (built ? appliance() : []) },
  night: { title: 'nightjar night', measure: () => (built ? night() : []) },
  pixels: { title: 'Pixels, CPU of one thread', measure: pixels },
  solving: {
    title: 'Plate solving, CPU with every child; Tycho-2 for all; of frames with ten catalogue stars or more',
    measure: () => solving(full),
  },
  detection: { title: 'Star detection at full resolution', measure: detection },
  command: { title: 'nightjar solve, and its WCS in the eyes of astropy', measure: command },
  turns: { title: 'The main thread while the imaging thread solves', measure: turns },
  rigs: { title: 'Share of random sky that rigs place themselves on', measure: rigShares },
  lists: { title: 'Star lists, solved blind', measure: () => lists(full) },
};
/** Those that want frames, indexes and photographs. */
const wantsData = ['solving', 'detection', 'command', 'turns'];

const wanted = process.argv.slice(2).filter((argument) => argument !== '--full');
const unknown = wanted.find((name) => !benches[name]);
if (unknown) {
  console.error(`there is no bench "${unknown}"; there are: ${Object.keys(benches).join(' ')}`);
  process.exit(2);
}
if (missing) console.log(missing);
if (!flood) console.log('no C compiler for bench/flood.c: what a driver executable gets through is skipped');
if (wanted.length === 0 || wanted.some((name) => wantsData.includes(name))) {
  execFileSync('bash', [join(import.meta.dirname, 'solving/packages.sh')], { stdio: 'inherit' });
}
if (!built) console.log('appliance and night: skipped, there is no dist/ (make dist)');

const results: Record<string, Figure[] | { error: string }> = {};
for (const [name, { title, measure }] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const started = performance.now();
  try {
    const figures = await measure();
    results[name] = figures;
    const seconds = Math.round((performance.now() - started) / 1000);
    if (figures.length > 0) printFigures(`${title} (${name}, ${seconds} s)`, figures);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    results[name] = { error: words };
    console.log(`\n${title}\n  failed: ${words}`);
    process.exitCode = 1;
  }
}
rmSync(directory, { recursive: true, force: true });
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
const file = join(import.meta.dirname, 'results.json');
writeFileSync(file, `${JSON.stringify({ machine, at: new Date().toISOString(), results }, null, 2)}\n`);
process.exit();
