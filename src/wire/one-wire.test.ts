import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../core/clock.ts';
import { Fault, type FaultKind } from '../core/errors.ts';
import { Claims } from './claims.ts';
import { findProbes, hasOneWire, OneWireBuses, scratchpadOf } from './one-wire.ts';

const ID = '28-0316a2794bff';
const BYTES = '72 01 4b 46 7f ff 0e 10 57';
const TEXT = `${BYTES} : crc=57 YES\n${BYTES} t=23125\n`;
const isFault =
  (kind: FaultKind, words = /./) =>
  (error: unknown) =>
    error instanceof Fault && error.kind === kind && words.test(error.message);

function setUp(t: TestContext) {
  const sys = mkdtempSync(join(tmpdir(), 'w1-'));
  t.after(() => rmSync(sys, { recursive: true }));
  const folder = (name: string) => join(sys, 'bus/w1/devices', name);
  mkdirSync(folder('w1_bus_master1'), { recursive: true });
  mkdirSync(folder(ID));
  mkdirSync(folder('10-000802824e58'));
  writeFileSync(join(folder(ID), 'w1_slave'), TEXT);
  return { sys, folder, file: join(folder(ID), 'w1_slave') };
}

test('the scratchpad as the kernel writes it', async (t) => {
  const { sys } = setUp(t);
  const link = await new OneWireBuses(sys).port(ID).open(systemClock, {});
  assert.deepEqual([...(await link.scratchpad())], [0x72, 0x01, 0x4b, 0x46, 0x7f, 0xff, 0x0e, 0x10, 0x57]);
  await link.close();
  await assert.rejects(link.scratchpad(), isFault('gone'));
  assert.equal(scratchpadOf(TEXT.replace('YES', 'NO')).length, 9, 'whoever knows the chip judges the CRC');
});

test('a bus that nobody pulls down is silent; other text is garbled', () => {
  assert.throws(
    () => scratchpadOf(TEXT.replaceAll(/(?<=^|\n)(..) (..) .* 57(?= )/g, 'ff ff ff ff ff ff ff ff ff')),
    isFault('silent'),
  );
  for (const text of ['', '72 01 4b 46', 'x'.repeat(5000)])
    assert.throws(() => scratchpadOf(text), isFault('garbled'));
});

test('a probe that is pulled is gone, one that cannot be read is silent', async (t) => {
  const { sys, folder, file } = setUp(t);
  const port = new OneWireBuses(sys).port(ID);
  const link = await port.open(systemClock, {});
  rmSync(file);
  mkdirSync(file);
  await assert.rejects(link.scratchpad(), isFault('silent', /EISDIR/));
  assert.equal(link.alive.value, true);
  rmSync(folder(ID), { recursive: true });
  await assert.rejects(link.scratchpad(), isFault('gone'));
  assert.equal(link.alive.value, false);
  await assert.rejects(port.open(systemClock, {}), isFault('gone', /no probe is \(dtoverlay=w1-gpio/));
});

test('who is there is named when one is not; families that are no DS18B20 are left out', async (t) => {
  const { sys } = setUp(t);
  assert.deepEqual(await findProbes(sys), [ID]);
  assert.equal(await hasOneWire(sys), true);
  assert.equal(await hasOneWire(join(sys, 'none')), false);
  const other = new OneWireBuses(sys).port('28-000000000001').open(systemClock, {});
  await assert.rejects(other, isFault('gone', new RegExp(`on it are ${ID}`)));
});

test('a probe has one owner', async (t) => {
  const { sys } = setUp(t);
  const claims = new Claims();
  const buses = new OneWireBuses(sys);
  buses.port(ID, { by: 'glass', claims });
  const second = buses.port(ID, { by: 'tube', claims });
  await assert.rejects(second.open(systemClock, {}), isFault('refused', /glass's/));
});
