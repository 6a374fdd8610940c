import { execFile } from 'node:child_process';
import { Fault } from '../core/errors.ts';

export interface Answer {
  /** Its exit code. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program of the system to its end; what it says is in plain C locale. Arguments may hold passwords: whoever
 * logs, logs no arguments.
 * @throws Fault `unsupported` (not installed), `silent` (it took longer than told), `garbled` (it said too much)
 */
export type Command = (program: string, args: readonly string[], timeoutMs: number) => Promise<Answer>;

const MOST_BYTES = 1 << 20;

export const systemCommand: Command = (program, args, timeoutMs) =>
  new Promise((resolve, reject) => {
    const options = {
      timeout: timeoutMs,
      killSignal: 'SIGKILL' as const,
      maxBuffer: MOST_BYTES,
      env: { PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) return resolve({ code: 0, stdout, stderr });
      if (typeof error.code === 'number') return resolve({ code: error.code, stdout, stderr });
      if (error.code === 'ENOENT')
        return reject(new Fault('unsupported', `this unit has no ${program}: it is not installed`));
      if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
        return reject(new Fault('garbled', `${program} said more than anybody reads`));
      reject(new Fault('silent', `${program} did not answer in ${Math.round(timeoutMs / 1000)} s`));
    });
    child.stdin?.end();
  });
