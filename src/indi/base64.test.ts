import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { Base64Sink } from './base64.ts';

const LIMIT = 4096;

/** @param cuts places at which the text is cut into pieces */
function decoded(text: string, cuts: readonly number[] = [], sink = new Base64Sink(0, LIMIT)): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  const places = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
  let from = 0;
  for (const to of [...places, bytes.length]) {
    // As from a pipe: the memory is the next piece's.
    const piece = Uint8Array.from(bytes.subarray(from, to));
    sink.push(piece);
    piece.fill(0x2a);
    from = to;
  }
  return Buffer.from(sink.end());
}

/** As drivers lay it out: lines of any length and end, indented or not, and blanks where nobody expects them. */
const layouts = fc
  .record({
    width: fc.constantFrom(1, 3, 60, 72, 76, 10_000),
    end: fc.constantFrom('\n', '\r\n', '\n    ', ' ', '\t\n'),
    before: fc.constantFrom('', '\n', '\n  ', '    '),
    after: fc.constantFrom('', '\n', '\n  ', '        ', '\n \n'),
  })
  .map(({ width, end, before, after }) => (text: string) => {
    const lines = text.replace(new RegExp(`.{${width}}`, 'g'), (line) => line + end);
    return before + lines + after;
  });
const images = fc.uint8Array({ maxLength: 700 });
const cuts = fc.array(fc.nat(3000), { maxLength: 8 });

test('the bytes, however the text is laid out and cut', () => {
  fc.assert(
    fc.property(images, layouts, cuts, (bytes, layOut, cuts) => {
      const text = layOut(Buffer.from(bytes).toString('base64'));
      assert.ok(decoded(text, cuts).equals(bytes));
    }),
    { numRuns: 500 },
  );
});

test('one character that is no base64, anywhere, is no BLOB', () => {
  const strangers = fc.constantFrom('*', '<', '&', '\0', '\x7f', 'é', '.', '=');
  fc.assert(
    fc.property(images, layouts, cuts, strangers, fc.nat(), (bytes, layOut, cuts, stranger, at) => {
      const text = layOut(Buffer.from(bytes).toString('base64').replace(/=/g, 'A') || 'AAAA');
      const place = at % text.length;
      // In place of a digit, and as one more.
      for (const rest of [place, place + 1]) {
        const bad = text.slice(0, place) + stranger + text.slice(rest);
        if (/^[\s\w+/]*={0,2}\s*$/.test(bad)) continue;
        assert.throws(() => decoded(bad, cuts), { name: 'Fault', kind: 'garbled' }, JSON.stringify(bad));
      }
    }),
    { numRuns: 500 },
  );
});

test('text that ends within a group, or goes on after its end', () => {
  for (const [text, message] of [
    ['QUJDR', /middle/],
    ['QUJ\nD\nRA\n', /middle/],
    ['QQ==QUJD', /no base64|goes on/],
    ['QQ==\nQUJD', /no base64|goes on/],
    ['QQ==    Q', /goes on|middle|no base64/],
  ] as const) {
    for (let cut = 0; cut < text.length; cut++) {
      assert.throws(
        () => decoded(text, [cut]),
        { name: 'Fault', kind: 'garbled', message },
        `${text} ${cut}`,
      );
    }
  }
});

test('no more than the limit, whatever was announced; white space is free', () => {
  const text = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64');
  const lines = text(LIMIT).replace(/.{40}/g, '$&\r\n   ');
  for (const announced of [0, 1, LIMIT, 1e12, Number.NaN, -5]) {
    assert.equal(decoded(lines, [1000, 3000], new Base64Sink(announced, LIMIT)).length, LIMIT);
    assert.throws(() => decoded(text(LIMIT + 1), [], new Base64Sink(announced, LIMIT)), /larger than 4096/);
  }
});

test('memory is asked for once when the size was announced', () => {
  const asked: number[] = [];
  const memory = (bytes: number) => {
    asked.push(bytes);
    return Buffer.alloc(2 * bytes, 0xff);
  };
  const bytes = Buffer.alloc(1000, 3);
  const got = decoded(bytes.toString('base64'), [300, 900], new Base64Sink(1000, LIMIT, memory));
  assert.ok(got.equals(bytes));
  assert.deepEqual(asked, [1000]);
});
