import type { Shelf } from '../storage/ledger.ts';

/** The ledger's settings in memory, for the tests: what is kept is kept as JSON, as there. */
export function fakeSettings(): Shelf {
  const kept = new Map<string, string>();
  return {
    async get(key) {
      const text = kept.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async set(key, value) {
      if (value === undefined) kept.delete(key);
      else kept.set(key, JSON.stringify(value));
    },
    async all() {
      return [...kept].sort().map(([key, text]) => [key, JSON.parse(text)]);
    },
  };
}
