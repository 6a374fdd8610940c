import { type Memory, memoryWords } from '../../system/memory.ts';
import { type Supply, supplyWords } from '../../system/supply.ts';
import type { Finding } from './finding.ts';

/** Less, and the kernel starts to end programs. */
const LEAST_AVAILABLE = 48 * 2 ** 20;

/** @param rss of our process, bytes */
export function memoryFinding(memory: Memory, rss: number): Finding {
  const words = memoryWords(memory, rss);
  return memory.available < LEAST_AVAILABLE
    ? { what: 'memory', state: 'wrong', words: `${words}; hardly any is free: end other programs` }
    : { what: 'memory', state: 'ok', words };
}

/** None on boards that do not measure it. */
export function supplyFindings(supply: Supply | undefined): Finding[] {
  if (!supply) return [];
  const words = supplyWords(supply);
  const what = 'power supply';
  if (words === undefined) return [{ what, state: 'ok', words: 'the voltage is right' }];
  return [{ what, state: supply.low ? 'wrong' : 'note', words }];
}
