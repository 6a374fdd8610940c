/** CPU time of one rendered exposure, warm: `node hil/sky/render.bench.ts`. */
import { parseUtc, SimClock } from '../../src/core/clock.ts';
import { SIDEREAL_DEGREES_PER_SECOND } from './mount-body.ts';
import type { Region } from './render.ts';
import { createWorld } from './world.ts';

const clock = new SimClock(parseUtc('2026-12-08T22:00:00Z'));
const world = createWorld({ clock, main: { sensor: { width: 1280, height: 960 } } });
world.mount.aim({ ra: 314.75, dec: 44.37 });
world.mount.ra.drive(SIDEREAL_DEGREES_PER_SECOND);
await clock.drive(clock.sleep(600_000));

const ROUNDS = 30;

function bench(name: string, limitMs: number, seconds: number, region?: Region): void {
  const startUtc = clock.now() - 500_000;
  const times: number[] = [];
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const before = process.cpuUsage();
    world.main.expose({ startUtc: startUtc + 100 * round, seconds, ...(region ? { region } : {}) });
    const { user, system } = process.cpuUsage(before);
    if (round >= ROUNDS) times.push((user + system) / 1000);
  }
  const median = times.toSorted((a, b) => a - b)[ROUNDS / 2]!;
  console.log(`${name}: ${median.toFixed(2)} ms CPU (limit ${limitMs})`);
  if (median > limitMs) process.exitCode = 1;
}

bench('1280 × 960, 60 s', 200, 60);
bench('256 × 192, 2 s', 2, 2, { x: 512, y: 384, width: 256, height: 192 });
world.focus.axis.place(world.focus.best() + 500);
bench('1280 × 960, 60 s, far out of focus', 200, 60);
