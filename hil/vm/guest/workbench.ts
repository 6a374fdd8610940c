import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { assets, pathOf } from '../../../src/assets.ts';
import type { Desk } from '../gear/desk.ts';

/** What may be asked of the process with the workbench. */
export type Workbench = {
  [Call in keyof Desk as Desk[Call] extends (...words: never[]) => unknown
    ? Call
    : never]: Desk[Call] extends (...words: infer Words) => infer Answer
    ? (...words: Words) => Promise<Awaited<Answer>>
    : never;
};

let started: Workbench | undefined;

/** The one workbench of this run; it ends with this process. */
export function workbench(): Workbench {
  started ??= start();
  return started;
}

function start(): Workbench {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    process.execPath,
    [pathOf(assets.standIn('gear'))],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  process.on('exit', () => child.kill('SIGKILL'));
  const waiting: { resolve(value: unknown): void; reject(error: Error): void }[] = [];
  child.on('close', (code) => {
    for (const call of waiting.splice(0)) call.reject(new Error(`the workbench ended with ${code}`));
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { value, error } = JSON.parse(line) as { value?: unknown; error?: string };
    const call = waiting.shift();
    if (error !== undefined) call?.reject(new Error(`workbench: ${error}`));
    else call?.resolve(value);
  });
  const ask = (call: string, words: unknown[]) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      child.stdin.write(`${JSON.stringify({ call, words })}\n`);
    });
  return new Proxy({} as Workbench, {
    get:
      (_, call) =>
      (...words: unknown[]) =>
        ask(String(call), words),
  });
}
