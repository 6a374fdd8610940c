import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { SimClock, systemClock } from './clock.ts';
import { Fault } from './errors.ts';
import { type Check, startThread } from './thread.ts';

const folder = mkdtempSync(join(tmpdir(), 'nightjar-thread-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function entry(name: string, jobs: string, quick = '[]'): URL {
  const path = join(folder, name);
  const library = new URL('./thread.ts', import.meta.url).href;
  writeFileSync(path, `import { serveThread } from '${library}';\nserveThread({ ${jobs} }, ${quick});`);
  return pathToFileURL(path);
}

const isGone = (error: unknown) => error instanceof Fault && error.kind === 'gone';

test('a thread that dies rejects what it was asked and is started again', async () => {
  type Mortal = { die(input: undefined): void; fail(input: undefined): void; echo(input: number): number };
  const mortal = entry(
    'mortal.ts',
    `die: () => process.exit(1), fail: () => queueMicrotask(() => { throw new Error('oh') }), echo: (x: number) => x`,
  );
  const clock = new SimClock(0);
  const thread = startThread<Mortal>(mortal, clock);
  await clock.drive(
    (async () => {
      const lost = [thread.call('die', undefined), thread.call('echo', 1)];
      for (const call of lost) await assert.rejects(call, isGone);
      assert.equal(await thread.call('echo', 2), 2);
      await thread.call('fail', undefined).catch(() => undefined);
      assert.equal(await thread.call('echo', 3).catch(() => thread.call('echo', 3)), 3);
    })(),
  );
  await thread.close();
  await assert.rejects(thread.call('echo', 4), isGone);
});

test('work that never looks up from its loop is stopped by a signal, and the thread lives on', async () => {
  type Busy = { spin(input: undefined, check: Check): void; count(input: undefined): number };
  const busy = entry(
    'busy.ts',
    `spin: (_: undefined, check: () => void) => { globalThis.turns = 1; for (;;) { globalThis.turns++; check(); } },
     count: () => globalThis.turns ?? 0`,
  );
  const thread = startThread<Busy>(busy, systemClock);
  const stopper = new AbortController();
  const reason = new Error('enough');
  const spinning = thread.call('spin', undefined, { signal: stopper.signal });
  const waiting = thread.call('spin', undefined, { signal: stopper.signal });
  stopper.abort(reason);
  await assert.rejects(spinning, reason);
  await assert.rejects(waiting, reason);
  await assert.rejects(thread.call('count', undefined, { signal: AbortSignal.abort(reason) }), reason);
  assert.equal(typeof (await thread.call('count', undefined)), 'number');
  await thread.close();
});

test('quick work is done between the steps of long work, and what else was asked in order after it', async () => {
  type Mixed = {
    long(input: undefined, check: Check): string;
    quick(input: string): void;
    late(input: undefined): string;
  };
  const mixed = entry(
    'mixed.ts',
    `long: (_: undefined, check: () => void) => { globalThis.done = []; for (let turn = 0; globalThis.done.length < 2 && turn < 1e7; turn++) check(); return globalThis.done.join(); },
     quick: (name: string) => { globalThis.done.push(name); },
     late: () => globalThis.done.push('late')`,
    `['quick']`,
  );
  const thread = startThread<Mixed>(mixed, systemClock);
  const long = thread.call('long', undefined);
  const late = thread.call('late', undefined);
  await thread.call('quick', 'a');
  await thread.call('quick', 'b');
  assert.equal(await long, 'a,b');
  assert.equal(await late, 3);
  await thread.close();
});
