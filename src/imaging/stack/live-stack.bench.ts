import { findStars } from '../stars/find.ts';
import { LiveStack } from './live-stack.ts';
import { lightsOver, pictureOf, turn } from './sky.fixture.ts';

/** CPU milliseconds a frame and memory of a live stack: `node src/imaging/stack/live-stack.bench.ts`. */
const FRAMES = 4;
const [width, height] = [6000, 4000];
const lights = lightsOver(width, height, 400, 3);

for (const { name, degrees, bayer, mostBytes } of [
  { name: 'mono, shifted', degrees: 0.02, mostBytes: 2 ** 30 },
  { name: 'mono, half a turn', degrees: 180.1, mostBytes: 2 ** 30 },
  { name: 'mono, turned by 10°', degrees: 10, mostBytes: 2 ** 30 },
  { name: 'mono, in 128 MB', degrees: 0.02, mostBytes: 128 * 2 ** 20 },
  { name: 'Bayer, full size', degrees: 0.02, bayer: 'RGGB', mostBytes: 2 ** 30 },
  { name: 'Bayer, in 128 MB', degrees: 0.02, bayer: 'RGGB', mostBytes: 128 * 2 ** 20 },
] as const) {
  const stack = new LiveStack({ mostBytes });
  const [finding, stacking]: [number[], number[]] = [[], []];
  let longest = 0;
  for (let frame = 0; frame < FRAMES; frame++) {
    const transform = turn(width, height, frame === 0 ? 0 : degrees, 3.3 * frame, -2.7 * frame);
    const view = pictureOf({ width, height, lights, transform, seed: frame + 1, ...(bayer && { bayer }) });
    const stars = cpu(() => findStars(view, { most: 400 }));
    let before = process.cpuUsage();
    const added = cpu(() =>
      stack.add(view, stars.value, () => {
        const { user, system } = process.cpuUsage(before);
        longest = Math.max(longest, (user + system) / 1000);
        before = process.cpuUsage();
      }),
    );
    if (!added.value.added) throw new Error(added.value.message);
    finding.push(stars.milliseconds);
    stacking.push(added.milliseconds);
  }
  const picture = cpu(() => stack.picture());
  const pixels = picture.value!;
  console.log(
    `${name.padEnd(22)} stars ${best(finding)} ms, stack ${best(stacking.slice(1))} ms, longest piece ${longest.toFixed(0)} ms,`,
    `${pixels.width} × ${pixels.height} × ${pixels.planes}, picture ${picture.milliseconds.toFixed(0)} ms,`,
    `resident ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MB`,
  );
}

function cpu<T>(work: () => T): { value: T; milliseconds: number } {
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  return { value, milliseconds: (user + system) / 1000 };
}

function best(values: readonly number[]): string {
  return Math.min(...values).toFixed(0);
}
