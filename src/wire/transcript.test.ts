import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SimClock } from '../core/clock.ts';
import { BadInput } from '../core/errors.ts';
import { bytesOf, latin1 } from './framing.ts';
import { memoryWire } from './memory.ts';
import {
  formatTranscript,
  type Mismatch,
  parseTranscript,
  play,
  record,
  type TranscriptLine,
} from './transcript.ts';

test('text and transcript say the same, whatever the bytes', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.record(
            { kind: fc.constantFrom('>' as const, '<' as const), bytes: fc.uint8Array({ minLength: 1 }) },
            { noNullPrototype: true },
          ),
          fc.record({ kind: fc.constant('~' as const), milliseconds: fc.nat() }, { noNullPrototype: true }),
        ),
      ),
      (lines) => {
        const parsed = parseTranscript(formatTranscript({ source: 'synthetic', lines }));
        assert.equal(parsed.source, 'synthetic');
        const plain = (line: TranscriptLine) =>
          line.kind === '~' ? line : { ...line, bytes: latin1(line.bytes) };
        assert.deepEqual(parsed.lines.map(plain), lines.map(plain));
      },
    ),
  );
});

test('a transcript without its origin, or with a line that is none, is refused by line number', () => {
  assert.throws(() => parseTranscript('> :GV#\n'), BadInput);
  assert.throws(() => parseTranscript('# source: synthetic\n> a\nhello\n'), /line 3/);
});

test('what is recorded on one side can be played to the other', async () => {
  const clock = new SimClock(0);
  const { host, device } = memoryWire(clock);
  const lines: TranscriptLine[] = [];
  const taped = record(host, clock, lines);
  device.read(() => clock.after(30, () => device.write(bytesOf('10#'))));
  const heard = new Promise((resolve) => taped.read(resolve));
  await taped.write(bytesOf(':GV#'));
  await clock.drive(heard);
  const text = formatTranscript({ source: 'synthetic', lines });
  assert.equal(text, '# source: synthetic\n> :GV#\n~ 30\n< 10#\n');

  for (const [reply, same] of [
    ['10#', true],
    ['11#', false],
    ['1', false],
  ] as const) {
    const wire = memoryWire(clock);
    wire.device.read(() => void wire.device.write(bytesOf(reply)));
    const mismatch: Mismatch | undefined = await clock.drive(
      play(parseTranscript(text), 'host', wire.host, clock, 1000),
    );
    assert.equal(mismatch === undefined, same, reply);
  }
});
