/**
 * One line on stdout, until all of it is there: a pipe takes 64 KB at a time, and the process that ends before its reader
 * has come for the rest loses it. A reader that has gone away is nobody's fault.
 */
export function printLine(line: string): Promise<void> {
  const { stdout } = process;
  return new Promise((resolve) => {
    stdout.once('error', () => {});
    stdout.write(`${line}\n`, () => resolve());
  });
}
