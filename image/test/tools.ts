import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The checkout. */
export const tree = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
export const lib = `${tree}/image/lib`;
/** Where this test keeps what it makes. */
export const cache = `${process.env.NIGHTJAR_IMAGE_CACHE ?? `${tree}/.cache/image`}/test`;

const run = promisify(execFile);

/** Output of a program. @throws Error with what it said when it fails */
export async function said(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(command, args, { maxBuffer: 1 << 24, cwd: tree });
  return stdout;
}

/** The same, inside the tool chroot: mtools, sfdisk, debugfs and QEMU are Debian trixie's. */
export const inTools = (...command: string[]) => said('bash', `${lib}/in-tools.sh`, ...command);
