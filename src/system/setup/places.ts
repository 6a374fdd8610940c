/** Where in a TOML text what stands: `wifi.1.password` → 17, `site` → 9 (its header). Lines count from 1. */
export type Places = ReadonlyMap<string, number>;

/** `[wifi]` is meant as the first of several, too. */
const LISTED = 'wifi';

/** Finds lines, and judges nothing: what it misreads only costs a complaint its line number. */
export function placesIn(text: string): Places {
  const places = new Map<string, number>();
  const counts = new Map<string, number>();
  let table = '';
  for (const [index, line] of text.split('\n').entries()) {
    const header = /^\s*(\[\[?)\s*([\w.-]+)\s*\]/.exec(line);
    const key = /^\s*([\w-]+)\s*=/.exec(line)?.[1];
    if (header) {
      const [, bracket, name = ''] = header;
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      table = bracket === '[[' || name === LISTED ? `${name}.${count}` : name;
      places.set(table, index + 1);
    } else if (key !== undefined) {
      places.set(table === '' ? key : `${table}.${key}`, index + 1);
    }
  }
  return places;
}

/** The line of a value, else of the nearest thing round it. */
export function lineOf(places: Places, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const line = places.get(path.slice(0, length).map(String).join('.'));
    if (line !== undefined) return line;
  }
  return undefined;
}
