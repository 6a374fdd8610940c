import { BadInput } from '../../src/core/errors.ts';

/** A line as its owner has wired it. */
export interface Wire {
  line: number;
  label: string;
  /** It is on at low level. */
  inverted: boolean;
}

/**
 * `17 Mount, !27 Relay` → lines 17 and 27, the second on at low level; a line without a name is called by its number.
 * @param what for the message. @throws BadInput
 */
export function parseWiring(text: string, what: string): Wire[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const found = /^(!?)\s*(\d{1,4})(?:\s+(.{1,60}))?$/.exec(part);
      if (!found) throw new BadInput(`${what}: "${part}" is not a line and a name, as "17 Mount"`);
      const [, inverted, line, label = `Line ${line}`] = found;
      return { line: Number(line), label: label.trim(), inverted: inverted === '!' };
    });
}

/** @throws BadInput for a line or a name that is there twice */
export function checkOnce(wires: readonly Wire[]): void {
  for (const key of ['line', 'label'] as const) {
    const seen = new Set<unknown>();
    for (const wire of wires) {
      if (seen.has(wire[key])) throw new BadInput(`${key} ${wire[key]} is there twice: give each its own`);
      seen.add(wire[key]);
    }
  }
}
