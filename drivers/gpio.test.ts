import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gpio as header } from '../hil/emulators/gpio.ts';
import { rigInMemory } from '../hil/rig-in-memory.ts';
import { when } from '../src/core/cell.ts';
import { SimClock } from '../src/core/clock.ts';
import type { Actor } from '../src/core/lane.ts';
import { silentLog } from '../src/core/log.ts';
import { DeviceHost } from '../src/device/host.ts';
import { noDarkroom } from '../src/device/no-darkroom.ts';
import { createObservatory } from '../src/device/observatory.ts';
import type { SettingValue } from '../src/device/settings.ts';
import { MemoryLinesPort } from '../src/wire/memory-chips.ts';
import { gpio } from './gpio.ts';

const person: Actor = { name: 'test', rank: 'person' };
const MOUNT = 17;
const CAMERA = 27;
const HEATER = 18;

/** Bare lines, and what they were driven at: `18 high`. */
function setUp(settings: Record<string, SettingValue> = {}) {
  const clock = new SimClock(1768518000_000);
  const levels = new Map<number, boolean | undefined>();
  const events: string[] = [];
  const inputs = new Set<number>();
  const socket = new MemoryLinesPort('header', {
    count: 28,
    drive(line, level) {
      levels.set(line, level);
      events.push(`${line} ${level === undefined ? 'free' : level ? 'high' : 'low'}`);
    },
    level: (line) => inputs.has(line),
  });
  const host = new DeviceHost({
    clock,
    observatory: createObservatory(),
    darkroom: noDarkroom,
    log: silentLog,
  });
  const wiring = { ports: '17 Mount, !27 Camera', heaters: '18 Main, !23 Guide', inputs: '24 Roof' };
  const device = host.add({
    ...{ id: 'box', label: 'Box', driver: gpio, port: socket },
    settings: { ...wiring, ...settings },
  });
  const port = (id: string, on: boolean) => device.operate(person, 'power', 'port', { id, on }).outcome;
  const heat = (id: string, percent: number) =>
    device.operate(person, 'power', 'heat', { id, percent }).outcome;
  const power = () => {
    const found = device.capabilities.value.power;
    assert.ok(found);
    return found;
  };
  const run = (work: () => Promise<void>) => clock.drive(work());
  return { clock, socket, levels, events, inputs, device, port, heat, power, run };
}

test('everything is off at first, by what off is on each line', async () => {
  const { device, levels, power, run } = setUp();
  await run(() => device.connect());
  assert.deepEqual(
    [...levels],
    [
      [MOUNT, false],
      [CAMERA, true],
      [HEATER, false],
      [23, true],
    ],
  );
  assert.deepEqual(
    power().ports.map(({ id, label, on }) => [id, label.value, on.value]),
    [
      ['line-17', 'Mount', false],
      ['line-27', 'Camera', false],
    ],
  );
});

test('a restart keeps the ports as they are, and heaters off', async () => {
  const { device, levels, events, port, heat, power, run } = setUp();
  await run(async () => {
    await device.connect();
    await port('line-17', true);
    await port('line-27', true);
    await heat('line-18', 100);
    await device.disconnect();
    assert.deepEqual([levels.get(MOUNT), levels.get(CAMERA), levels.get(HEATER)], [true, false, false]);
    events.length = 0;
    await device.connect();
  });
  assert.deepEqual(
    power().ports.map(({ on }) => on.value),
    [true, true],
  );
  assert.ok(!events.some((event) => event.startsWith(`${MOUNT} `) || event.startsWith(`${CAMERA} `)));
});

test('ports go off at the end where the owner wants that', async () => {
  const { device, levels, port, run } = setUp({ portsAtExit: 'off' });
  await run(async () => {
    await device.connect();
    await port('line-17', true);
    await port('line-27', true);
    await device.disconnect();
  });
  assert.deepEqual([levels.get(MOUNT), levels.get(CAMERA)], [false, true]);
});

test('a heater is on for its share; no switching outlives the link', async () => {
  const { clock, device, socket, events, heat, power, run } = setUp({ periodSeconds: 10 });
  const onTime = () => events.filter((event) => event === '18 high').length;
  await run(async () => {
    await device.connect();
    await heat('line-18', 25);
    await clock.sleep(100_000);
    assert.ok(onTime() >= 9 && onTime() <= 11, `${onTime()} periods`);
    const lost = when(device.status, ({ state }) => state === 'recovering');
    socket.unplug();
    await lost;
    assert.equal(events.at(-1)?.split(' ')[1], 'free');
    const before = events.length;
    const heated = onTime();
    await clock.sleep(60_000);
    assert.equal(events.length, before, 'a line is switched that is not there');
    socket.plug();
    await when(device.status, ({ state }) => state === 'connected');
    assert.equal(power().heaters[0]?.duty.value, 0, 'nobody has asked for heat since');
    await clock.sleep(60_000);
    assert.equal(onTime(), heated);
  });
});

test('contacts are followed', async () => {
  const { clock, device, inputs, run } = setUp({ inputs: '24 Roof, !25 Mains' });
  await run(async () => {
    await device.connect();
    const seen = () => device.capabilities.value.lines?.inputs.map(({ on }) => on.value);
    assert.deepEqual(seen(), [false, true]);
    inputs.add(24).add(25);
    await clock.sleep(1100);
    assert.deepEqual(seen(), [true, false]);
  });
});

test('wiring that makes no sense is refused in words, before any line is touched', async () => {
  const wrong: [Record<string, SettingValue>, RegExp][] = [
    [{ ports: 'Mount 17' }, /Switched ports: "Mount 17" is not a line and a name/],
    [{ ports: '17 A, 17 B' }, /line 17 is there twice/],
    [{ ports: '17 A', heaters: '18 A' }, /label A is there twice/],
    [{ ports: '17.5' }, /is not a line/],
  ];
  for (const [settings, words] of wrong) {
    const { device, events, run } = setUp(settings);
    await run(() => assert.rejects(device.connect(), words));
    assert.deepEqual(events, []);
  }
});

test('a line that is not there or taken fails the connection, and the lines before it are safe', async () => {
  for (const [settings, words] of [
    [{ ports: '17 Mount, 99 Nothing' }, /no line 99/],
    [{ ports: '17 Mount', heaters: '5 Main' }, /line 5 .*in use/],
  ] as const) {
    const { device, levels, socket, run } = setUp(settings);
    socket.held.add(5);
    await run(() => assert.rejects(device.connect(), words));
    assert.equal(levels.get(MOUNT), false);
  }
});

test('the strap warms the glass of the world, and cools when the box is gone', async () => {
  const { clock, world, device, host } = rigInMemory(gpio, header);
  await clock.drive(
    (async () => {
      await device.connect();
      const cold = world.glass.celsius() - world.weather.at().temperatureCelsius;
      await device.operate(person, 'power', 'heat', { id: 'line-18', percent: 50 }).outcome;
      await clock.sleep(3 * 3600_000);
      const warm = world.glass.celsius() - world.weather.at().temperatureCelsius;
      assert.ok(warm - cold > 2 && warm - cold < 7, `${cold.toFixed(1)} → ${warm.toFixed(1)} K`);
      await host.close();
      assert.equal(world.glass.heater, 0);
    })(),
  );
});
