import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Other people's programs, as a newcomer has them from Debian. */

export interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

export function present(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Runs it to its end; a code other than 0 is an answer like any other. */
export function tool(
  program: string,
  args: readonly string[],
  options: { cwd?: string; timeoutMs?: number } = {},
): Promise<Said> {
  const { cwd, timeoutMs = 30_000 } = options;
  return new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      { timeout: timeoutMs, maxBuffer: 16 << 20, ...(cwd !== undefined && { cwd }) },
      (error, stdout, stderr) => {
        const code = error ? error.code : 0;
        if (typeof code === 'number') resolve({ code, stdout, stderr });
        else reject(new Error(`${program} did not end by itself: ${error?.message}`));
      },
    );
  });
}

/** Debian's, for that is the one that has its packages. */
export const PYTHON = '/usr/bin/python3';

export async function hasAstropy(): Promise<boolean> {
  return present('python3') && (await tool(PYTHON, ['-c', 'import astropy.io.fits'])).code === 0;
}

/** What a Python script prints, as JSON. @throws Error with its traceback */
export async function python(script: string, args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await tool(PYTHON, ['-c', script, ...args]);
  if (code !== 0) throw new Error(`python3: ${stderr.trim().split('\n').at(-1)}`);
  return JSON.parse(stdout) as unknown;
}

/** The files of a Debian package whose names match; none where it is not installed. */
export async function packaged(name: string, matching: RegExp): Promise<string[]> {
  if (!present('dpkg')) return [];
  const { code, stdout } = await tool('dpkg', ['-L', name]);
  return code === 0 ? stdout.split('\n').filter((path) => matching.test(path)) : [];
}
