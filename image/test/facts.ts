/** `name value` a line, as the guest's scripts print. */
export function facts(text: string, separator = ' '): Map<string, string> {
  const lines = text.split('\n').filter((line) => line.includes(separator));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(separator);
      return [line.slice(0, at).trim(), line.slice(at + separator.length).trim()];
    }),
  );
}

/** What differs between two sets of facts, in words. */
export function differences(before: Map<string, string>, after: Map<string, string>): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name} was ${before.get(name)} and is ${after.get(name)}`);
}
