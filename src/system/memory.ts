import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, readIfThere } from './whole-file.ts';

/** What this machine has, bytes. */
export interface Memory {
  /** All that the kernel has for programs, or the limit set for ours if that is less. */
  readonly total: number;
  /** Without writing anything away. */
  readonly available: number;
  /** Of swap compressed in memory: what it may hold, and what it holds in how much. Absent: there is none. */
  readonly zram?: { readonly size: number; readonly holds: number; readonly takes: number };
}

export interface MemoryPlaces {
  readonly proc: string;
  readonly sys: string;
}

const here: MemoryPlaces = { proc: '/proc', sys: '/sys' };
const MIB = 2 ** 20;

/** proc_meminfo(5); cgroup v2 `memory.max`; zram's `mm_stat` (Documentation/admin-guide/blockdev/zram.rst). */
export function readMemory({ proc, sys }: MemoryPlaces = here): Memory {
  const meminfo = readIfThere(join(proc, 'meminfo')) ?? '';
  const kilobytes = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(meminfo)?.[1] ?? 0);
  const limit = limitIn(proc, sys);
  const zram = zramIn(join(sys, 'block'));
  return {
    total: Math.min(kilobytes('MemTotal') * 1024, limit),
    available: Math.min(kilobytes('MemAvailable') * 1024, limit),
    ...(zram && { zram }),
  };
}

/** The smallest of the limits on the way from our group to the root. */
function limitIn(proc: string, sys: string): number {
  const own = /^0::(\/.*)$/m.exec(readIfThere(join(proc, 'self/cgroup')) ?? '')?.[1] ?? '/';
  const parts = own.split('/').filter(Boolean);
  const limits = parts.map((_, index) => {
    const text = readIfThere(join(sys, 'fs/cgroup', ...parts.slice(0, index + 1), 'memory.max'))?.trim();
    return text === undefined || text === 'max' ? Number.POSITIVE_INFINITY : Number(text);
  });
  return Math.min(Number.POSITIVE_INFINITY, ...limits);
}

function zramIn(block: string): Memory['zram'] {
  const disks = namesIn(block).filter((name) => /^zram\d+$/.test(name));
  const sizes = disks.map((name) => Number(readIfThere(join(block, name, 'disksize')) ?? 0));
  const stats = disks.map((name) =>
    (readIfThere(join(block, name, 'mm_stat')) ?? '').trim().split(/\s+/).map(Number),
  );
  const size = sum(sizes);
  if (size === 0) return undefined;
  return {
    size,
    holds: sum(stats.map(([holds = 0]) => holds)),
    takes: sum(stats.map(([, , takes = 0]) => takes)),
  };
}

/**
 * Bytes of pixels alive at once (HOUSE, rule 7): three frames of a 26 Mpx sensor on a board of 512 MB, of which its
 * kernel leaves 410 to 470; of a 62 Mpx sensor two and a half at 1 GB, and four from 2 GB on.
 * @param total as in `Memory`
 */
export function frameBudgetBytes(total: number): number {
  if (total < 380 * MIB) return 96 * MIB;
  if (total < 800 * MIB) return 160 * MIB;
  if (total < 1700 * MIB) return 320 * MIB;
  return 512 * MIB;
}

/** The budget in a line: for the log at the start, and for the doctor. @param rss of our process, bytes */
export function memoryWords({ total, available, zram }: Memory, rss: number): string {
  const budget = frameBudgetBytes(total);
  const swap = zram
    ? `zram ${mib(zram.size)} MiB (${mib(zram.holds)} in ${mib(zram.takes)})`
    : 'no compressed swap';
  return (
    `${mib(total)} MiB, ${mib(available)} free; this process has ${mib(rss)}; ` +
    `frames may take ${mib(budget)}: ${frameWords(budget)}; ${swap}`
  );
}

/** 16 bits a pixel; what is exposed, what is written and what is looked at overlap. */
function frameWords(budget: number): string {
  const megapixels = [62, 26, 16].find((size) => budget >= 2 * size * 2e6) ?? 8;
  return `${Math.floor(budget / (megapixels * 2e6))} of ${megapixels} Mpx at once`;
}

const mib = (bytes: number): number => Math.round(bytes / MIB);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
