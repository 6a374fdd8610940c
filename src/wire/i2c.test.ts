import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { PromisifiedBus } from 'i2c-bus';
import { SimClock, systemClock } from '../core/clock.ts';
import { Fault, type FaultKind } from '../core/errors.ts';
import { Claims } from './claims.ts';
import { findBuses, I2cBuses } from './i2c.ts';

const isFault =
  (kind: FaultKind, words = /./) =>
  (error: unknown) =>
    error instanceof Fault && error.kind === kind && words.test(error.message);

/** A bus that writes down what is asked of it; `fails` is thrown once. */
function setUp(t: TestContext) {
  const dev = mkdtempSync(join(tmpdir(), 'i2c-'));
  t.after(() => rmSync(dev, { recursive: true }));
  writeFileSync(join(dev, 'i2c-1'), '');
  const asked: string[] = [];
  const state = { fails: undefined as NodeJS.ErrnoException | undefined, inside: 0, most: 0, closed: 0 };
  async function ask<T>(what: string, value: T): Promise<T> {
    asked.push(what);
    state.most = Math.max(state.most, ++state.inside);
    await systemClock.turn();
    state.inside--;
    const { fails } = state;
    state.fails = undefined;
    if (fails) throw fails;
    return value;
  }
  const bus: PromisifiedBus = {
    receiveByte: (address) => ask(`receive ${address}`, 0x11),
    sendByte: (address, byte) => ask(`send ${address} ${byte}`, undefined),
    readByte: (address, command) => ask(`byte ${address} ${command}`, 0x60),
    writeByte: (address, command, byte) => ask(`byte ${address} ${command} = ${byte}`, undefined),
    readWord: (address, command) => ask(`word ${address} ${command}`, 0xc35d),
    writeWord: (address, command, word) => ask(`word ${address} ${command} = ${word}`, undefined),
    readI2cBlock: async (address, command, length, into) => {
      into.fill(7);
      return ask(`block ${address} ${command} ${length}`, { bytesRead: length });
    },
    writeI2cBlock: (address, command, length, from) =>
      ask(`block ${address} ${command} ${length} = ${[...from]}`, undefined),
    close: async () => void state.closed++,
  };
  const buses = new I2cBuses({ dev, open: async () => bus });
  return { dev, asked, state, buses };
}

const errno = (code: string, syscall = 'readByte') => Object.assign(new Error(code), { code, syscall });
const at = (address: number) => ({ bus: 1, address });

test('each exchange goes as the SMBus form that every adapter has', async (t) => {
  const { asked, buses } = setUp(t);
  const link = await buses.port(at(0x76)).open(systemClock, {});
  const exchange = async (write: number[], length: number) => [
    ...(await link.transfer(Uint8Array.from(write), length)),
  ];
  assert.deepEqual(await exchange([], 1), [0x11]);
  assert.deepEqual(await exchange([0xfd], 0), []);
  assert.deepEqual(await exchange([0xe0, 0xb6], 0), []);
  assert.deepEqual(await exchange([0x05, 0x10, 0x00], 0), [], 'low byte first: 0x0010');
  assert.deepEqual(await exchange([6, 0, 0, 0, 8], 0), []);
  assert.deepEqual(await exchange([0xd0], 1), [0x60]);
  assert.deepEqual(await exchange([0x02], 2), [0x5d, 0xc3], 'the first byte on the wire is the low one');
  assert.deepEqual(await exchange([0xf7], 8), Array(8).fill(7));
  assert.deepEqual(asked, [
    ...['receive 118', 'send 118 253', 'byte 118 224 = 182', 'word 118 5 = 16'],
    ...['block 118 6 4 = 0,0,0,8', 'byte 118 208', 'word 118 2', 'block 118 247 8'],
  ]);
  for (const [write, length] of [
    [[1], 33],
    [[1, 2], 1],
    [[], 2],
    [Array(34).fill(0), 0],
  ] as const)
    await assert.rejects(exchange([...write], length), isFault('unsupported'));
});

test('chips of one bus take turns', async (t) => {
  const { state, buses } = setUp(t);
  const links = await Promise.all(
    [0x40, 0x76].map((address) => buses.port(at(address)).open(systemClock, {})),
  );
  await Promise.all(links.flatMap((link) => [1, 2, 3].map(() => link.transfer(Uint8Array.of(1), 1))));
  assert.equal(state.most, 1);
});

test('what the kernel says is told as a fault', async (t) => {
  const { dev, state, buses } = setUp(t);
  const open = () => buses.port(at(0x76)).open(systemClock, {});
  const link = await open();
  const ask = () => link.transfer(Uint8Array.of(0xd0), 1);
  for (const code of ['ENXIO', 'EREMOTEIO', 'EIO', 'ENODEV']) {
    state.fails = errno(code);
    await assert.rejects(ask(), isFault('silent', /i2c:1:0x76: no chip answers/));
  }
  state.fails = errno('ETIMEDOUT');
  await assert.rejects(ask(), isFault('silent', /SDA and SCL/));
  assert.equal(link.alive.value, true);
  assert.deepEqual([...(await ask())], [0x60]);

  const held = await open();
  state.fails = errno('EBUSY', 'setAddr');
  await assert.rejects(held.transfer(Uint8Array.of(1), 1), isFault('busy', /driver of the kernel/));
  assert.equal(held.alive.value, false, 'a file that is bound to no address is used no more');
  assert.equal(state.closed, 1);

  rmSync(join(dev, 'i2c-1'));
  state.fails = errno('EIO');
  await assert.rejects(ask(), isFault('gone'));
  await assert.rejects(ask(), isFault('gone'));
  await assert.rejects(open(), isFault('gone', /i2c_arm=on/));
  await link.close();
  assert.equal(state.closed, 2, 'closed once');
});

test('a chip has one owner, and real buses no simulated time', async (t) => {
  const { buses } = setUp(t);
  const claims = new Claims();
  const first = buses.port(at(0x76), { by: 'air', claims });
  const second = buses.port(at(0x76), { by: 'other', claims });
  await (await first.open(systemClock, {})).close();
  await assert.rejects(second.open(systemClock, {}), isFault('refused', /air's/));
  await assert.rejects(first.open(new SimClock(0), {}), /system clock/);
});

test('a scan tells who answers and what the kernel holds, and ends at a bus that hangs', async (t) => {
  const { dev } = setUp(t);
  let closed = 0;
  const answers = (address: number) => {
    if (address === 0x76) return 0;
    throw errno(address === 0x68 ? 'EBUSY' : 'ENXIO');
  };
  const scanned = (receiveByte: (address: number) => Promise<number>) =>
    new I2cBuses({
      dev,
      open: async () => ({ receiveByte, close: async () => void closed++ }) as never,
    }).scan(1);
  assert.deepEqual(await scanned(async (address) => answers(address)), { answering: [0x76], held: [0x68] });
  const hanging = scanned(async () => {
    throw errno('ETIMEDOUT');
  });
  await assert.rejects(hanging, /ETIMEDOUT/);
  assert.equal(closed, 2);
});

test('the buses of a machine, by number', async (t) => {
  const sys = mkdtempSync(join(tmpdir(), 'sys-'));
  t.after(() => rmSync(sys, { recursive: true }));
  for (const [name, adapter] of [
    ['i2c-20', 'fef04500.i2c'],
    ['i2c-1', 'bcm2835 (i2c@7e804000)'],
  ] as const) {
    mkdirSync(join(sys, 'class/i2c-dev', name), { recursive: true });
    writeFileSync(join(sys, 'class/i2c-dev', name, 'name'), `${adapter}\n`);
  }
  assert.deepEqual(await findBuses({ sys, dev: '/dev' }), [
    { bus: 1, adapter: 'bcm2835 (i2c@7e804000)', path: '/dev/i2c-1' },
    { bus: 20, adapter: 'fef04500.i2c', path: '/dev/i2c-20' },
  ]);
  assert.deepEqual(await findBuses({ sys: join(sys, 'none'), dev: '/dev' }), []);
});
