import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { cell } from '../../src/core/cell.ts';
import { BadInput } from '../../src/core/errors.ts';
import { serveCommands } from './commands.ts';
import type { StreamEmulator } from './emulator.ts';
import { servePty } from './pty.ts';

/** Answers with what a tty that is not raw would change. */
const echo: StreamEmulator = {
  truth: cell({}),
  attach: (link) => serveCommands(link, (command) => `${command}\n\x03\xff#`),
};

const found = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'socat')));
const skip = found ? false : 'socat is not installed';

/** Another program, as the users of emulators are: opens the port, asks, prints what comes in hexadecimal. */
async function ask(path: string): Promise<string> {
  const program = `
    const { openSync, readSync, writeSync } = require('node:fs');
    const port = openSync(${JSON.stringify(path)}, 'r+');
    writeSync(port, ':AB#');
    const bytes = Buffer.alloc(6);
    for (let got = 0; got < 6; ) got += readSync(port, bytes, got, 6 - got, null);
    console.log(bytes.toString('hex'));`;
  return (await promisify(execFile)(process.execPath, ['-e', program], { timeout: 10_000 })).stdout.trim();
}

test('one program after the other opens the pty, and bytes pass as they are', { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-pty-'));
  const path = join(folder, 'port');
  const served = await servePty(echo, path);
  try {
    for (let i = 0; i < 3; i++) assert.equal(await ask(path), '41420a03ff23');
  } finally {
    await served.close();
  }
  assert.equal(existsSync(path), false);
  rmSync(folder, { recursive: true });
});

test('a file in the way stays, and what is wrong is one clear line', { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-pty-'));
  const path = join(folder, 'port');
  writeFileSync(path, 'mine');
  const clear = (words: RegExp) => (error: unknown) =>
    error instanceof BadInput && words.test(error.message) && !error.message.includes('\n');
  await assert.rejects(servePty(echo, path), clear(/a file is there already/));
  assert.equal(readFileSync(path, 'utf8'), 'mine');
  await assert.rejects(servePty(echo, join(folder, 'none', 'port')), clear(/no pty there: .*No such file/));
  rmSync(folder, { recursive: true });
});

test('without socat it says how to get it', async () => {
  const { PATH } = process.env;
  process.env.PATH = '/nowhere';
  try {
    await assert.rejects(servePty(echo, join(tmpdir(), 'nightjar-no-pty')), /apt install socat/);
  } finally {
    process.env.PATH = PATH;
  }
});
