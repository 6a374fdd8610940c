import { createInterface } from 'node:readline';
import { asError } from '../../src/core/errors.ts';
import { Desk } from '../vm/gear/desk.ts';

/**
 * The workbench of the VM in a process of its own: whoever uses its devices may be killed, may hang and may block. Each
 * line of its input is a call, `{"call":"modem","words":["moonlite"]}`; each is answered in a line, in order.
 */
const desk = new Desk();
let last: Promise<unknown> = Promise.resolve();

createInterface({ input: process.stdin })
  .on('line', (line) => {
    last = last.then(async () => console.log(JSON.stringify(await answer(line))));
  })
  .on('close', () => process.exit());

async function answer(line: string): Promise<object> {
  try {
    const { call, words } = JSON.parse(line) as { call: keyof Desk; words: unknown[] };
    const method = desk[call] as unknown as (...words: unknown[]) => unknown;
    return { value: await method.apply(desk, words) };
  } catch (error) {
    return { error: asError(error).message };
  }
}
