/**
 * `ours-detect.ts TASKS.json`: stars of files by our own detection, warm, one JSON line each. It runs in a process of its
 * own so that nothing else's memory or collector is counted.
 */
import { readFileSync } from 'node:fs';
import { readFits } from '../../src/imaging/fits-read.ts';
import { findStars } from '../../src/imaging/stars/find.ts';
import type { Found } from './detectors.ts';

export interface DetectTask {
  file: string;
  sigma: number;
  /** Only so many, as for solving. */
  most?: number;
}

export interface DetectOutcome {
  found: Found[];
  cpuSeconds: number;
}

const tasks = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as DetectTask[];
for (const task of tasks.slice(0, 2)) detect(task);
for (const task of tasks) {
  // The best of two: a collection of another frame's garbage is not this one's work.
  const [first, second] = [detect(task), detect(task)];
  process.stdout.write(`${JSON.stringify(first.cpuSeconds < second.cpuSeconds ? first : second)}\n`);
}

/** CPU of detection alone; the file is read before. */
function detect({ file, sigma, most }: DetectTask): DetectOutcome {
  const image = readFits(readFileSync(file));
  const before = process.cpuUsage();
  const { stars } = findStars(image, { sigma, ...(most ? { most } : { binning: 1 }) });
  const { user, system } = process.cpuUsage(before);
  const found = stars.map(({ x, y, flux, hfr }) => ({ x, y, flux, hfr }));
  return { found, cpuSeconds: (user + system) / 1e6 };
}
