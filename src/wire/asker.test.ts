import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SimClock } from '../core/clock.ts';
import { Fault, type FaultKind } from '../core/errors.ts';
import { Asker } from './asker.ts';
import { bytesOf, exactly, latin1, until } from './framing.ts';
import { type Mangler, memoryWire } from './memory.ts';

const fault = (kind: FaultKind) => (error: unknown) => error instanceof Fault && error.kind === kind;

/** A device that answers `:NAME#` with `NAME!#` after a delay of its own for each question. */
function setUp(delays: Record<string, number> = {}, mangle?: Mangler) {
  const clock = new SimClock(0);
  const wire = memoryWire(clock, () => mangle);
  let heard = '';
  wire.device.read((bytes) => {
    heard += latin1(bytes);
    for (let end = heard.indexOf('#'); end >= 0; end = heard.indexOf('#')) {
      const name = heard.slice(1, end);
      heard = heard.slice(end + 1);
      clock.after(delays[name] ?? 5, () => wire.device.write(bytesOf(`${name}!#`)).catch(() => {}));
    }
  });
  const line = new Asker(wire.host, clock, { framing: until('#'), timeoutMs: 1000, quietMs: 200 });
  return { clock, wire, line };
}

test('questions asked at once are put one after the other, each with its own answer', async () => {
  const { clock, line } = setUp({ slow: 900 });
  const answers = await clock.drive(Promise.all([line.ask(':slow#'), line.ask(':a#'), line.ask(':b#')]));
  assert.deepEqual(answers, ['slow!#', 'a!#', 'b!#']);
});

test('an answer that comes byte by byte is one answer', async () => {
  const { clock, line } = setUp({}, (bytes, toward) =>
    toward === 'host'
      ? [...bytes].map((byte, i) => ({ bytes: Uint8Array.of(byte), delayMs: 20 * i + 1 }))
      : [{ bytes }],
  );
  assert.equal(await clock.drive(line.ask(':split#')), 'split!#');
});

test('silence ends in a fault within the time, and says what was asked', async () => {
  const { clock, line } = setUp({}, (bytes, toward) => (toward === 'host' ? [] : [{ bytes }]));
  await assert.rejects(
    clock.drive(line.ask(':GP#')),
    (error) => fault('silent')(error) && /":GP#"/.test(String(error)),
  );
  assert.equal(clock.monotonic(), 1000);
});

test('a late answer never answers the next question', async () => {
  for (const late of [1001, 1050, 1150, 1199]) {
    const { clock, line } = setUp({ late });
    await assert.rejects(clock.drive(line.ask(':late#')), fault('silent'));
    assert.equal(await clock.drive(line.ask(':next#')), 'next!#', `late by ${late - 1000} ms`);
  }
});

test('commands wait for the line to settle too', async () => {
  const { clock, line, wire } = setUp({ late: 1100 });
  await assert.rejects(clock.drive(line.ask(':late#')), fault('silent'));
  const told = line.tell(':FQ#').then(() => clock.monotonic());
  assert.ok((await clock.drive(told)) >= 1200);
  assert.ok(wire.host.alive.value);
});

test('a device that never falls silent holds a question for two seconds, not for ever', async () => {
  const { clock, line, wire } = setUp({ late: 1_000_000 });
  const babble = () => {
    wire.device.write(bytesOf('~')).catch(() => {});
    clock.after(50, babble);
  };
  babble();
  await assert.rejects(clock.drive(line.ask(':late#')), fault('silent'));
  const start = clock.monotonic();
  await clock.drive(line.ask(':next#'));
  assert.ok(clock.monotonic() - start < 2100);
});

test('noise before an answer is part of it: the driver sees that it is garbled', async () => {
  const { clock, line } = setUp({}, (bytes, toward) =>
    toward === 'host' ? [{ bytes: Uint8Array.of(0xff, 0x00) }, { bytes }] : [{ bytes }],
  );
  assert.equal(await clock.drive(line.ask(':x#')), '\xff\x00x!#');
});

test('bytes that nobody asked for are dropped before the question', async () => {
  const { clock, line, wire } = setUp();
  await wire.device.write(bytesOf('boot 1.0#'));
  await clock.drive(clock.sleep(10));
  assert.equal(await clock.drive(line.ask(':x#')), 'x!#');
});

test('an answer without end is garbled and bounded', async () => {
  const { clock, line } = setUp({}, (bytes, toward) =>
    toward === 'host' ? [{ bytes: new Uint8Array(5000).fill(65) }] : [{ bytes }],
  );
  await assert.rejects(clock.drive(line.ask(':x#')), fault('garbled'));
});

test('a link that closes during an exchange is gone at once', async () => {
  const { clock, line, wire } = setUp({ x: 900 });
  clock.after(100, () => wire.device.close());
  await assert.rejects(clock.drive(line.ask(':x#')), fault('gone'));
  assert.equal(clock.monotonic(), 100);
  await assert.rejects(clock.drive(line.tell(':y#')), fault('gone'));
});

test('any bytes from a device end in an answer or a fault', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 8 }),
      async (pieces) => {
        const { clock, line } = setUp({}, (bytes, toward) =>
          toward === 'host' ? pieces.map((piece, i) => ({ bytes: piece, delayMs: 10 * i + 1 })) : [{ bytes }],
        );
        await clock.drive(line.ask(':x#').catch((error) => assert.ok(fault('silent')(error))));
      },
    ),
    { numRuns: 200, seed: 7 },
  );
});

test('framings find the end of the first message', () => {
  assert.equal(until('\r\n')(bytesOf('P1\n\r\r\nP2\r\n')), 6);
  assert.equal(until('#')(bytesOf('no end')), undefined);
  assert.equal(exactly(1)(bytesOf('')), undefined);
  assert.equal(exactly(2)(bytesOf('10#')), 2);
});
