import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { Qmp } from './qmp.ts';

interface Question {
  execute: string;
  arguments: Record<string, string>;
}

/** A QEMU that greets, tells of events whenever it likes and answers by the function given. */
async function withQemu(
  answer: (question: Question) => object | undefined,
  use: (qmp: Qmp) => Promise<void>,
) {
  const folder = mkdtempSync(join(tmpdir(), 'qmp-'));
  const server: Server = createServer((socket) => {
    socket.write('{"QMP": {"version": {}, "capabilities": []}}\r\n');
    createInterface({ input: socket }).on('line', (line) => {
      const question = JSON.parse(line) as Question;
      socket.write('{"event": "RTC_CHANGE", "timestamp": {}}\r\n');
      const said = question.execute === 'qmp_capabilities' ? { return: {} } : answer(question);
      if (said) socket.write(`${JSON.stringify(said)}\r\n`);
      else socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(join(folder, 'socket'), resolve));
  const qmp = await Qmp.open(join(folder, 'socket'));
  try {
    await use(qmp);
  } finally {
    qmp.close();
    server.close();
    rmSync(folder, { recursive: true });
  }
}

test('a word of memory is read as the monitor prints it', () =>
  withQemu(
    ({ arguments: { 'command-line': line } }) => ({
      return: line === 'xp /1wx 0x3f200034' ? '000000003f200034: 0x80020000\r\n' : 'Cannot access memory\r\n',
    }),
    async (qmp) => {
      assert.equal(await qmp.word(0x3f200034), 0x80020000);
      await assert.rejects(qmp.word(0), /QEMU read 0x0 as Cannot access memory/);
    },
  ));

test('questions asked at once get their own answers, a refusal its words', () =>
  withQemu(
    ({ execute }) =>
      execute === 'nope' ? { error: { class: 'CommandNotFound', desc: 'no such' } } : { return: execute },
    async (qmp) => {
      const [first, refused, last] = await Promise.allSettled(
        ['stop', 'nope', 'cont'].map((name) => qmp.ask(name)),
      );
      assert.deepEqual(
        [first, last],
        [
          { status: 'fulfilled', value: 'stop' },
          { status: 'fulfilled', value: 'cont' },
        ],
      );
      assert.match(String((refused as PromiseRejectedResult).reason), /no such/);
    },
  ));

test('a QEMU that goes away leaves no question open', () =>
  withQemu(
    () => undefined,
    async (qmp) => {
      await assert.rejects(qmp.ask('quit'), /closed its control socket/);
    },
  ));
