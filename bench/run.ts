/**
 * Measurements of Nightjar beside Debian's indiserver, in one run and with one client for both:
 * `node bench/run.ts [latency|fanout|blobs|joining|appliance|night|pixels …]`. Figures go to bench/results.json.
 */
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

const missing = missingPeer();
const compare = missing === undefined;
const directory = mkdtempSync(join(tmpdir(), 'nightjar-bench-'));
const flood = compileFlood(directory);
const built = existsSync(program);

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
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !benches[name]);
if (unknown) {
  console.error(`there is no bench "${unknown}"; there are: ${Object.keys(benches).join(' ')}`);
  process.exit(2);
}
if (missing) console.log(missing);
if (!flood) console.log('no C compiler for bench/flood.c: what a driver executable gets through is skipped');
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
