import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assets, pathOf } from '../../src/assets.ts';

/** A stand-in of `hil/stand-ins` as an executable: a script, for programs are started without arguments. */
export function standInScript(directory: string, name: string, args: readonly string[] = []): string {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, name);
  const words = [process.execPath, pathOf(assets.standIn(name)), ...args];
  writeFileSync(path, `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')}\n`);
  chmodSync(path, 0o755);
  return path;
}
