import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Registry } from 'prom-client';
import { cell } from '../core/cell.ts';
import { SimClock, utcOf } from '../core/clock.ts';
import type { Program } from '../indi/foreign/programs.ts';
import { pretendCamera } from '../indi/pretend/camera.ts';
import { createApi } from './api.ts';
import type { ExposureView } from './exposure-view.ts';
import { driverOf, fakeShelf } from './fake-shelf.ts';
import { littleRig, socketOf } from './little-rig.ts';
import { type Parts, phone } from './parts.ts';
import type { ProgramView } from './program-view.ts';
import type { DeviceView, Removed, RigView, RunView, Snapshot } from './views.ts';

interface Heard {
  id?: string;
  event?: string;
  data?: unknown;
}

async function bench(add: (rig: ReturnType<typeof littleRig>) => Partial<Parts> = () => ({})) {
  const clock = new SimClock(utcOf(2026, 11, 22, 20));
  const rig = littleRig(clock);
  const previews = { preview: async () => new Uint8Array() };
  const more = add(rig);
  const parts = { ...rig, previews, webDirectory: '.', metrics: new Registry(), version: '1', ...more };
  const app = createApi(parts);
  await clock.drive(rig.host.connectAll());
  const pass = (milliseconds: number) => clock.drive(clock.sleep(milliseconds));
  /** A page that listens; `events` grows by itself while time passes. */
  async function listen(lastEventId?: string) {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const reply = await app.request('http://localhost/api/v1/live', { headers });
    assert.equal(reply.headers.get('content-type'), 'text/event-stream');
    const reader = reply.body!.pipeThrough(new TextDecoderStream() as never).getReader();
    const page = { events: [] as Heard[], text: '', close: () => reader.cancel() };
    void (async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        page.text += value as unknown as string;
        page.events = page.text.split('\n\n').flatMap(parsed);
      }
    })();
    await pass(200);
    return page;
  }
  return { ...rig, clock, app, pass, listen };
}

function parsed(block: string): Heard[] {
  const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/).slice(0, 2)));
  return fields.data === undefined ? [] : [{ ...fields, data: JSON.parse(fields.data) }];
}

const of = <T>(events: readonly Heard[], name: string) =>
  events.filter(({ event }) => event === name).map(({ data }) => data as T);

describe('live', () => {
  test('begins with a snapshot, then tells changes, gathered', async () => {
    const { listen, host, pass } = await bench();
    const page = await listen();
    const [snapshot] = of<Snapshot>(page.events, 'snapshot');
    assert.equal(snapshot?.devices.length, 4);
    assert.deepEqual(snapshot?.rig.filters, ['L', 'R', 'G', 'B', 'Hα']);
    const run = host.find('camera/focus')!.operate(phone, 'focuser', 'moveTo', { steps: 24_000 });
    await pass(1000);
    const positions = of<DeviceView>(page.events, 'device').flatMap(
      ({ capabilities }) => capabilities.focuser?.position ?? [],
    );
    assert.equal(positions.at(-1), 24_000);
    assert.ok(positions.length <= 6, `ten steps of 20 ms in ${positions.length} events`);
    assert.deepEqual(
      of<RunView>(page.events, 'run')
        .filter(({ id }) => id === run.id)
        .map(({ state }) => state),
      ['running', 'returned'],
    );
    await page.close();
  });

  test('what cannot be told is left out, and the next changes are told', async () => {
    const list = cell<readonly Program[]>([]);
    const { listen, host, pass } = await bench((rig) => ({
      programs: { ...fakeShelf(rig.host, () => ({ camera: pretendCamera().camera })), list },
    }));
    const page = await listen();
    const sound = { id: 'x', label: 'X', kind: 'child', state: 'running', restarts: 0 } as const;
    list.set([
      {
        ...{ ...sound, devices: [], lastWords: [] },
        get message(): string {
          throw new Error('broken');
        },
      },
    ]);
    await pass(200);
    list.set([]);
    host.find('camera/focus')!.rename('Still here');
    await pass(200);
    assert.ok(of<DeviceView>(page.events, 'device').some(({ label }) => label === 'Still here'));
    await page.close();
  });

  test('tells an exposure once it is stored', async () => {
    const { listen, shutter, host, pass, rows } = await bench();
    const page = await listen();
    shutter.shoot(host.find('camera')!, phone, { seconds: 1, type: 'light' }, 'store');
    await pass(2000);
    shutter.shoot(host.find('camera')!, phone, { seconds: 1, type: 'light' }, 'memory');
    await pass(2000);
    const told = of<ExposureView>(page.events, 'exposure');
    assert.deepEqual(
      told.map(({ id }) => id),
      [rows[0]?.id, rows[0]?.id],
      "and once more with what its stars say; one in memory only is nobody's news",
    );
    assert.ok(told[1]?.analysis && 'stars' in told[1].analysis);
    await page.close();
  });

  test('whoever comes back hears what was missed, and no snapshot', async () => {
    const { listen, host, pass } = await bench();
    const page = await listen();
    const last = page.events.findLast(({ id }) => id !== undefined)!.id;
    await page.close();
    host.find('mount')!.rename('EQ6');
    await pass(200);
    const again = await listen(last);
    assert.equal(of(again.events, 'snapshot').length, 0);
    assert.equal(of<DeviceView>(again.events, 'device')[0]?.label, 'EQ6');
    await again.close();
  });

  test('whoever has missed too much, or comes from another life of the process, gets a snapshot', async () => {
    const { listen, host, pass } = await bench();
    const page = await listen();
    const last = page.events.findLast(({ id }) => id !== undefined)!.id;
    await page.close();
    for (let change = 0; change < 300; change++) {
      host.find('mount')!.rename(`EQ${change}`);
      await pass(110);
    }
    for (const id of [last, 'abcdefgh.3', 'nonsense', '']) {
      const again = await listen(id);
      const [snapshot] = of<Snapshot>(again.events, 'snapshot');
      assert.equal(snapshot?.devices.find(({ id }) => id === 'mount')?.label, 'EQ299');
      await again.close();
    }
  });

  test('beats, and comments every 15 s', async () => {
    const { listen, pass } = await bench();
    const page = await listen();
    await pass(30_000);
    assert.equal(of(page.events, 'beat').length, 10);
    assert.equal(page.text.match(/^: keep-alive$/gm)?.length, 2);
    await page.close();
  });

  test('a page that reads nothing costs nothing, and finds the present when it reads again', async () => {
    const { app, host, pass } = await bench();
    const reply = await app.request('http://localhost/api/v1/live');
    const reader = reply.body!.getReader();
    for (let change = 0; change < 400; change++) {
      host.find('mount')!.rename(`EQ${change}`);
      await pass(110);
    }
    const decoder = new TextDecoder();
    let text = '';
    while (!text.includes('"label":"EQ399"')) text += decoder.decode((await reader.read()).value);
    assert.ok(text.length < 40_000, `${text.length} characters to catch up`);
    await reader.cancel();
  });

  test('takes no more readers than it can serve', async () => {
    const { app } = await bench();
    const ask = (method = 'GET') => app.request('http://localhost/api/v1/live', { method });
    for (let count = 0; count < 40; count++) assert.equal((await ask('HEAD')).status, 200);
    const readers = [];
    for (let count = 0; count < 32; count++) {
      const reader = (await ask()).body!.getReader();
      for (let chunk = 0; chunk < 2; chunk++) await reader.read();
      readers.push(reader);
    }
    assert.equal((await ask()).status, 503);
    await readers[0]?.cancel();
    assert.equal((await ask()).status, 200);
  });

  test('tells of programs what anybody would notice, and of devices that they are gone', async () => {
    let shelf: ReturnType<typeof fakeShelf> | undefined;
    const { listen, pass, clock } = await bench(({ host }) => {
      shelf = fakeShelf(host, () => ({ camera: pretendCamera().camera }));
      return { programs: shelf };
    });
    const page = await listen();
    assert.deepEqual(of<Snapshot>(page.events, 'snapshot')[0]?.programs, []);
    await clock.drive(shelf!.add({ id: 'ccd', executable: 'indi_simulator_ccd' }));
    await pass(200);
    shelf!.change('ccd', { cpuSeconds: 1.24 });
    await pass(200);
    shelf!.change('ccd', { state: 'waiting' });
    await pass(200);
    await clock.drive(shelf!.remove('ccd'));
    await pass(200);
    assert.deepEqual(
      of<ProgramView>(page.events, 'program').map(({ state }) => state),
      ['running', 'waiting'],
    );
    assert.deepEqual(of<Removed>(page.events, 'removed'), [{ device: 'indi/ccd' }, { program: 'ccd' }]);
    await page.close();
  });

  test('tells who plays which role, by name or by default', async () => {
    const { listen, host, pass } = await bench();
    const page = await listen();
    await host.remove('wheel');
    await pass(200);
    host.assign('focuser', 'nobody');
    await pass(200);
    const roles = of<RigView>(page.events, 'rig').map((rig) => rig.roles);
    const last = (role: string) => roles.at(-1)?.find((each) => each.role === role);
    assert.equal(last('wheel')?.device, undefined);
    assert.deepEqual(last('focuser'), { role: 'focuser', capability: 'focuser', assigned: 'nobody' });
    await page.close();
  });

  test('a stream says that it runs, its pictures are not told', async () => {
    const { camera, stream } = pretendCamera();
    const { listen, host, pass } = await bench();
    const driver = driverOf('Video', { camera });
    void host.add({ id: 'video', label: 'Video', driver, port: socketOf('video') }).connect(true);
    await pass(200);
    const page = await listen();
    const bytes = new Uint8Array(3_000_000);
    stream.latest.set({ width: 1000, height: 1000, channels: 3, bits: 8, encoding: 'raw', bytes });
    await pass(200);
    assert.deepEqual(
      of<DeviceView>(page.events, 'device').filter(({ id }) => id === 'video'),
      [],
    );
    stream.on.set(true);
    await pass(200);
    const told = of<DeviceView>(page.events, 'device').find(({ id }) => id === 'video');
    assert.deepEqual(told?.capabilities.camera?.stream, { on: true, framesPerSecond: 20, setOn: true });
    await page.close();
  });
});
