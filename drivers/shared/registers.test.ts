import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock } from '../../src/core/clock.ts';
import { MemoryRegisterPort } from '../../src/wire/memory-chips.ts';
import { fieldsOf, readFields, s8, s16, s16le, u8, u16, u16le } from './registers.ts';

test('fields of a block lie where their registers are, in either byte order', () => {
  const block = Uint8Array.of(0x12, 0x34, 0xff, 0xfe, 0x80);
  const table = {
    big: u16(0x10),
    little: u16le(0x10),
    signed: s16(0x12),
    signedLittle: s16le(0x12),
    byte: u8(0x14),
    negative: s8(0x14),
    scaled: u16(0x10).scale(0.5),
    part: u16(0x10).bits(7, 4),
    top: u16(0x10).bits(15, 13).scale(10),
  };
  assert.deepEqual(fieldsOf(table, block, 0x10), {
    ...{ big: 0x1234, little: 0x3412, signed: -2, signedLittle: -257, byte: 128, negative: -128 },
    ...{ scaled: 0x91a, part: 3, top: 0 },
  });
});

test('a block of a larger buffer is read from its own beginning', () => {
  const whole = Uint8Array.of(9, 9, 1, 2);
  assert.deepEqual(fieldsOf({ value: u16(0) }, whole.subarray(2), 0), { value: 0x0102 });
});

test('registers are asked one by one', async () => {
  const asked: number[][] = [];
  const port = new MemoryRegisterPort('chip', (write, length) => {
    asked.push([...write, length]);
    return Uint8Array.from({ length }, () => write[0] as number);
  });
  const clock = new SimClock(0);
  const values = await clock.drive(port.open().then((link) => readFields(link, { a: u16(1), b: u8(7) })));
  assert.deepEqual(values, { a: 0x0101, b: 7 });
  assert.deepEqual(asked, [
    [1, 2],
    [7, 1],
  ]);
});
