import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { asError, BadInput } from '../core/errors.ts';

/** @throws BadInput for an option that is not there or a value that is missing, naming it */
export function readOptions<const O extends ParseArgsOptionsConfig>(args: string[], options: O) {
  try {
    return parseArgs({ args: withNegatives(args), options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new BadInput(asError(error).message.split('\n')[0] ?? 'bad option');
  }
}

/** `--dec -60`: node would take −60 for an option of its own. */
function withNegatives(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1);
    const isValue = /^-[.\d]/.test(arg) && before !== undefined && /^--[a-z-]+$/.test(before);
    if (isValue) joined[joined.length - 1] = `${before}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

/** A port number from the environment. @throws BadInput */
export function portFrom(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new BadInput(`${name}=${text} is no port number`);
  return port;
}
