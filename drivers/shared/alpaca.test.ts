import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerDiscovery } from '../../hil/emulators/alpaca.ts';
import { SimClock } from '../../src/core/clock.ts';
import { Fault, type FaultKind } from '../../src/core/errors.ts';
import { memoryNetwork } from '../../src/wire/datagram.ts';
import type { HttpLink, HttpReply, HttpRequest } from '../../src/wire/link.ts';
import { alpacaDevice, connectAlpaca, discoverAlpaca, orAbsent, uniqueIdOf } from './alpaca.ts';

type Said = { status?: number; body: unknown };

/** A server of one function; it remembers what it was asked. */
function server(answer: (request: HttpRequest) => Said) {
  const asked: HttpRequest[] = [];
  const link: HttpLink = {
    kind: 'http',
    async request(request): Promise<HttpReply> {
      asked.push(request);
      const { status = 200, body } = answer(request);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return { status, headers: {}, body: Buffer.from(text) };
    },
    close: async () => {},
  };
  return { link, asked };
}

const device = (answer: (request: HttpRequest) => Said) => alpacaDevice(server(answer).link, 'camera', 0);
const isFault =
  (kind: FaultKind, words = /./) =>
  (error: unknown) =>
    error instanceof Fault && error.kind === kind && words.test(error.message);

test('asks as the reference has it: lower case paths, named parameters, counted transactions', async () => {
  const { link, asked } = server(() => ({ body: { Value: 7, ErrorNumber: 0, ErrorMessage: '' } }));
  const camera = alpacaDevice(link, 'camera', 2);
  assert.equal(await camera.number('gain'), 7);
  await camera.put('startexposure', { Duration: 0.5, Light: true });
  assert.match(asked[0]?.path ?? '', /^\/api\/v1\/camera\/2\/gain\?ClientID=[1-9]\d*&ClientTransactionID=1$/);
  assert.equal(asked[1]?.path, '/api/v1/camera/2/startexposure');
  assert.match(String(asked[1]?.body), /^Duration=0.5&Light=True&ClientID=[1-9]\d*&ClientTransactionID=2$/);
});

test('an error number is a fault of its kind, in the words of the server', async () => {
  const kinds: [number, FaultKind][] = [
    [0x400, 'unsupported'],
    [0x40c, 'unsupported'],
    [0x401, 'refused'],
    [0x40b, 'refused'],
    [0x407, 'gone'],
    [0x500, 'refused'],
  ];
  for (const [ErrorNumber, kind] of kinds) {
    const camera = device(() => ({ body: { ErrorNumber, ErrorMessage: 'the shutter is stuck' } }));
    await assert.rejects(camera.number('gain'), isFault(kind, /gain: the shutter is stuck/));
  }
  const absent = device(() => ({ body: { ErrorNumber: 0x400 } }));
  assert.equal(await orAbsent(absent.number('gain')), undefined);
});

test('an HTTP status is a fault with its text', async () => {
  const cases: [number, FaultKind][] = [
    [400, 'refused'],
    [404, 'unsupported'],
    [500, 'garbled'],
  ];
  for (const [status, kind] of cases) {
    const camera = device(() => ({ status, body: 'Parameter Duration is missing' }));
    await assert.rejects(camera.put('startexposure'), isFault(kind, /HTTP \d+ Parameter Duration/));
  }
});

test('a value of another type, no number and no JSON are garbled', async () => {
  for (const body of ['', '{', '[]', 'null', '{"Value":"7"}', '{"Value":null}', '{"Value":1e999}', '{}']) {
    await assert.rejects(device(() => ({ body })).number('gain'), isFault('garbled'), body);
  }
  await assert.rejects(device(() => ({ body: { Value: 0 } })).flag('imageready'), isFault('garbled'));
  await assert.rejects(device(() => ({ body: { Value: ['a', 1] } })).texts('gains'), isFault('garbled'));
  await assert.rejects(
    device(() => ({ body: { Value: 1, ErrorNumber: 'no' } })).number('gain'),
    isFault('garbled'),
  );
  await assert.rejects(
    device(() => ({ body: { Value: 'x'.repeat(2 << 20) } })).text('name'),
    isFault('garbled'),
  );
});

test('whatever a server says, it is a number or a fault', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.json(), fc.string()),
      fc.constantFrom(200, 400, 500),
      async (body, status) => {
        const outcome = await device(() => ({ status, body }))
          .number('gain')
          .catch((error: unknown) => error);
        assert.ok(Number.isFinite(outcome) || outcome instanceof Fault);
      },
    ),
    { numRuns: 1000, seed: 4 },
  );
});

for (const [version, platform7] of [
  [4, true],
  [3, true],
  [4, false],
] as const) {
  test(`connects: interface ${version}, ${platform7 ? 'with' : 'without'} the members of Platform 7`, async () => {
    const clock = new SimClock(0);
    const used: string[] = [];
    let connected = false;
    let looks = 0;
    const camera = device(({ method, path, body }) => {
      const member = path.split('?')[0]?.split('/').at(-1) ?? '';
      if (method === 'PUT') used.push(member);
      if (member === 'interfaceversion') return { body: { Value: version } };
      if (member === 'connect' && !platform7) return { status: 404, body: 'not found' };
      if (member === 'connecting') return { body: { Value: ++looks < 3 } };
      if (method === 'PUT') connected = member === 'connect' || /Connected=True/.test(String(body));
      return { body: { Value: connected } };
    });
    await clock.drive(connectAlpaca(camera, clock, 4));
    assert.deepEqual(used, version < 4 ? ['connected'] : platform7 ? ['connect'] : ['connect', 'connected']);
    assert.ok(connected);
  });
}

test('the identity is the one of the device by its type and number', async () => {
  const Value = [
    { DeviceName: 'F', DeviceType: 'Focuser', DeviceNumber: 1, UniqueID: 'focuser' },
    { DeviceName: 'C', DeviceType: 'Camera', DeviceNumber: 1, UniqueID: 'camera' },
    { DeviceName: 'D', DeviceType: 'Camera', DeviceNumber: 2 },
  ];
  const { link } = server(() => ({ body: { Value } }));
  assert.equal(await uniqueIdOf(link, 'camera', 1), 'camera');
  assert.equal(await uniqueIdOf(link, 'camera', 2), undefined);
  await assert.rejects(uniqueIdOf(link, 'camera', 0), isFault('gone'));
  assert.equal(await uniqueIdOf(server(() => ({ status: 404, body: '' })).link, 'camera', 1), undefined);
});

test('discovery finds the servers, once each, and passes over noise', async () => {
  const clock = new SimClock(0);
  const network = memoryNetwork();
  answerDiscovery(network.link(32227), 11111);
  const noisy = network.link(0);
  const asking = network.link(0);
  const search = clock.drive(discoverAlpaca(asking, clock, 500, 'memory'));
  const port = asking.port;
  for (const text of [
    '',
    '{',
    '{"AlpacaPort": 0}',
    '{"AlpacaPort": 70000}',
    '{"AlpacaPort": "x"}',
    '{"AlpacaPort":11111}',
  ]) {
    await noisy.send(Buffer.from(text), { host: 'memory', port });
  }
  await noisy.send(Buffer.from('{ "AlpacaPort" : 32323 }'), { host: 'memory', port });
  assert.deepEqual(
    (await search).map((entry) => entry.port).sort((a, b) => a - b),
    [11111, 32323],
  );
});
