import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DewKeeper } from '../engine/dew-keeper.ts';
import { pretendAmbient, pretendHeater, pretendProbe } from '../indi/pretend/dew.ts';
import { bench } from './bench.ts';
import { driverOf } from './fake-shelf.ts';
import { socketOf } from './little-rig.ts';

async function withDew() {
  const made = await bench(({ host, clock, log }) => {
    const place = (id: string, driver: ReturnType<typeof driverOf>) =>
      host.add({ id, label: `My ${id}`, driver, port: socketOf(id) });
    place('ambient', driverOf('Ambient', { weather: pretendAmbient().weather }));
    place('lens', driverOf('Lens', { weather: pretendProbe().weather }));
    place('box', driverOf('Box', { power: pretendHeater(clock).power }));
    return { dew: new DewKeeper({ host, log }) };
  });
  await made.pass(1000);
  return made;
}

const PATH = '/api/v1/dew/box%2Fdew-1';
const PROBE = { device: 'lens', reading: 'temperature' };

test('dew control is a device like any other, with every heater in its view', async () => {
  const { ask, pass } = await withDew();
  const path = '/api/v1/devices/dew-control';
  const asleep = (await ask('GET', path)).json.capabilities.dew;
  assert.equal(asleep.ambientCelsius, 5);
  assert.equal(asleep.channels[0].state, 'by hand: off');
  await ask('POST', `${path}/dew/automatic?wait=5`, { id: 'box/dew-1', on: true });
  await pass(60_000);
  const [channel] = (await ask('GET', path)).json.capabilities.dew.channels;
  assert.deepEqual(
    { ...channel, watts: Math.round(channel.watts) },
    {
      id: 'box/dew-1',
      label: 'My box: Main',
      automatic: true,
      duty: 38,
      watts: 23,
      marginCelsius: 2,
      regime: 'air',
      alarm: false,
      state: 'air 3.2 °C above its dew point: heating at 38 %',
      setAutomatic: true,
      setMargin: true,
    },
  );
  const wild = await ask('POST', `${path}/dew/margin`, { id: 'box/dew-1', celsius: 11 });
  assert.equal(wild.status, 400);
  const { samples } = (await ask('GET', '/api/v1/dew/history')).json;
  assert.equal(samples[0].ambientCelsius, 5);
  assert.deepEqual(Object.keys(samples[0].channels), ['box/dew-1']);
});

test('sensor and probe are chosen among those that can, margin and automatic in one go', async () => {
  const { ask, host, pass } = await withDew();
  const before = (await ask('GET', '/api/v1/dew')).json;
  assert.deepEqual(before.probes, [{ ...PROBE, label: 'My lens' }]);
  assert.deepEqual([before.using, before.sensor], ['ambient', undefined]);
  const after = await ask('PUT', PATH, { probe: PROBE, margin: 3, automatic: true });
  assert.deepEqual(after.json.channels, [{ id: 'box/dew-1', probe: PROBE }]);
  await pass(60_000);
  const [channel] = host.find('dew-control')?.capabilities.value.dew?.channels ?? [];
  assert.deepEqual([channel?.regime.value, channel?.marginCelsius.value], ['glass', 3]);
  assert.deepEqual((await ask('PUT', PATH, { probe: null })).json.channels, [{ id: 'box/dew-1' }]);
  assert.equal((await ask('PUT', '/api/v1/dew', { sensor: 'ambient' })).json.sensor, 'ambient');
  assert.equal((await ask('PUT', '/api/v1/dew', { sensor: null })).json.sensor, undefined);
});

test('what cannot be is refused with a reason', async () => {
  const { ask } = await withDew();
  for (const [path, body] of [
    [PATH, { margin: 0 }],
    [PATH, { heat: 100 }],
    [PATH, { probe: { device: 'camera', reading: 'temperature' } }],
    ['/api/v1/dew/box/none', { probe: PROBE }],
    ['/api/v1/dew', { sensor: 'lens' }],
  ] as const) {
    const answer = await ask('PUT', path, body);
    assert.equal(answer.status, 400, `${path} ${JSON.stringify(body)}`);
    assert.ok(answer.json.detail);
  }
  const { ask: elsewhere } = await bench();
  assert.equal((await elsewhere('GET', '/api/v1/dew')).status, 501);
});
