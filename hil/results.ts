/** How one case of a suite ended. */
export interface Result {
  suite: string;
  name: string;
  seconds: number;
  skipped?: string;
  error?: Error;
}

export function print({ name, seconds, skipped, error }: Result): void {
  const mark = error ? '✖' : skipped !== undefined ? '–' : '✔';
  const time = seconds >= 0.1 ? ` (${seconds.toFixed(1)} s)` : '';
  console.log(`   ${mark} ${name}${skipped === undefined ? time : `: skipped, ${skipped}`}`);
  if (error) console.log(`${error.stack ?? error.message}`.replace(/^/gm, '       '));
}

/** Prints the sum. @returns the exit code: 0 only if something ran and all of it passed */
export function conclude(results: readonly Result[]): number {
  const failed = results.filter(({ error }) => error).length;
  const skipped = results.filter((result) => result.skipped !== undefined).length;
  console.log(`${results.length - failed - skipped} passed, ${failed} failed, ${skipped} skipped`);
  return failed === 0 && results.length > skipped ? 0 : 1;
}

export function junit(results: readonly Result[]): string {
  const inXml = (text: string) => text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const cases = results.map(({ suite, name, seconds, skipped, error }) => {
    const inner = error
      ? `<failure message="${inXml(error.message)}">${inXml(error.stack ?? '')}</failure>`
      : skipped !== undefined
        ? `<skipped message="${inXml(skipped)}"/>`
        : '';
    return `  <testcase classname="${inXml(suite)}" name="${inXml(name)}" time="${seconds.toFixed(3)}">${inner}</testcase>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="nightjar" tests="${results.length}">\n${cases.join('\n')}\n</testsuite>\n`;
}

/** One line of JSON a result: how those of a VM come to its host. */
export const toLine = ({ error, ...rest }: Result): string =>
  `${JSON.stringify({ ...rest, ...(error && { error: { message: error.message, stack: error.stack } }) })}\n`;

export function fromLine(line: string): Result {
  const { error, ...rest } = JSON.parse(line) as Omit<Result, 'error'> & {
    error?: { message: string; stack?: string };
  };
  return { ...rest, ...(error && { error: Object.assign(new Error(error.message), error) }) };
}
