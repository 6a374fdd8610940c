import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emulate } from '../../hil/emulate.ts';
import { benchSchema, firstIssue } from './bench-file.ts';
import { realPort } from './ports.ts';

const device = (id: string, port: unknown) => ({ id, label: id, driver: 'bme280', port });
/** What is wrong first, or undefined. */
function complaint(...ports: unknown[]): string | undefined {
  const devices = ports.map((port, index) => device(`d${index}`, port));
  const { error } = benchSchema.safeParse({ name: 'rig', devices });
  return error && firstIssue(error, 'the file');
}

test('places on the buses and lines of a board become ports of their kind', () => {
  const places = [
    { i2c: { bus: 1, address: 0x76 } },
    { gpio: {} },
    { gpio: { chip: 'pinctrl-rp1' } },
    { w1: '28-0316a2794bff' },
  ];
  assert.equal(complaint(...places), undefined);
  assert.deepEqual(
    places.map((place) => realPort(place)).map(({ kind, name }) => [kind, name]),
    [
      ['registers', 'i2c:1:0x76'],
      ['lines', 'gpio:header'],
      ['lines', 'gpio:pinctrl-rp1'],
      ['one-wire', 'w1:28-0316a2794bff'],
    ],
  );
});

test('a chip on a bus belongs to one device; boxes on one GPIO chip may be several', () => {
  const air = { i2c: { bus: 1, address: 0x76 } };
  assert.match(
    complaint(air, { i2c: { bus: 1, address: 0x77 } }, air) ?? '',
    /^devices\.2\.port: .*d0's already/,
  );
  assert.match(complaint({ w1: '28-000000000001' }, { w1: '28-000000000001' }) ?? '', /d0's already/);
  assert.equal(complaint(air, { i2c: { bus: 2, address: 0x76 } }, { gpio: {} }, { gpio: {} }), undefined);
});

test('places that cannot be are refused', () => {
  for (const port of [
    { i2c: { bus: 1, address: 0x78 } },
    { i2c: { bus: -1, address: 0x76 } },
    { i2c: { bus: 1 } },
    { gpio: { chip: '' } },
    { w1: '10-000802824e58' },
    { w1: '../../28-000000000001' },
  ])
    assert.ok(complaint(port), JSON.stringify(port));
});

test('what sits on a bus cannot be emulated for another program', async () => {
  await assert.rejects(emulate(['bme280', '--pty', '/tmp/none']), /emulate it in a bench/);
});
