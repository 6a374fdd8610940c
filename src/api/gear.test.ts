import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { drivers } from '../../drivers/index.ts';
import { fakeSettings } from '../cli/fake-settings.ts';
import { fakeSockets } from '../cli/fake-sockets.ts';
import { GearShelf } from '../cli/gear.ts';
import { bench } from './bench.ts';

const GEAR = '/api/v1/gear';
const moonlite = { label: 'My MoonLite', driver: 'moonlite', port: { tcp: 'shed:9999' } };

async function withGear() {
  let opening: Promise<GearShelf> | undefined;
  let gear: GearShelf | undefined;
  const at = await bench(({ host, clock, log }) => {
    const mount = { id: 'mount', label: 'Mount', driver: 'lx200', role: [], settings: {}, emulate: {} };
    const ledger = { settings: fakeSettings() };
    const sockets = fakeSockets(clock);
    opening = GearShelf.open({ host, drivers, sockets, log, ledger, bench: { devices: [mount] } });
    const keeperOf: GearShelf['keeperOf'] = (id) => gear?.keeperOf(id);
    return {
      gear: {
        get list() {
          return gear!.list;
        },
        keeperOf,
        families: () => gear!.families(),
        add: (spec) => gear!.add(spec),
        change: (id, changes) => gear!.change(id, changes),
        remove: (id) => gear!.remove(id),
      },
    };
  });
  gear = await opening;
  return at;
}

describe("Nightjar's own devices", () => {
  test('are added, listed, changed and removed', async () => {
    const { ask, host } = await withGear();
    const added = await ask('POST', GEAR, { ...moonlite, settings: { stepMode: 'half' } });
    assert.equal(added.status, 201, added.text);
    assert.deepEqual([added.json.id, added.json.keptBy], ['my-moonlite', 'owner']);
    const { gear } = (await ask('GET', GEAR)).json;
    assert.deepEqual(
      gear.map((each: { id: string; keptBy: string }) => [each.id, each.keptBy]),
      [
        ['mount', 'bench'],
        ['my-moonlite', 'owner'],
      ],
    );
    assert.deepEqual(gear[1].port, { tcp: 'shed:9999' });
    const changed = await ask('PATCH', `${GEAR}/my-moonlite`, { label: 'Red', port: { tcp: 'shed:9998' } });
    assert.deepEqual([changed.status, changed.json.label], [200, 'Red'], changed.text);
    assert.equal(changed.json.port, 'tcp://shed:9998');
    assert.equal(changed.json.settings.stepMode.value, 'half');
    assert.equal((await ask('DELETE', `${GEAR}/my-moonlite`)).status, 204);
    assert.equal(host.find('my-moonlite'), undefined);
  });

  test('the families say where one could be', async () => {
    const { ask } = await withGear();
    const { families } = (await ask('GET', `${GEAR}/families`)).json;
    const family = families.find(({ id }: { id: string }) => id === 'moonlite');
    assert.deepEqual(family.provides, ['focuser']);
    assert.equal(family.settings.stepMode.kind, 'choice');
    assert.equal(family.places[0].title, 'FTDI FT232R USB UART A50285BI in socket 1-1.2');
    assert.deepEqual(family.typed, ['serial', 'tcp']);
    const camera = families.find(({ id }: { id: string }) => id === 'alpaca-camera');
    assert.deepEqual([camera.places, camera.typed], [[], ['http']]);
  });

  test('of the bench file are shown as such, and stay', async () => {
    const { ask } = await withGear();
    assert.equal((await ask('GET', '/api/v1/devices/mount')).json.keptBy, 'bench');
    const { status, json } = await ask('DELETE', `${GEAR}/mount`);
    assert.equal(status, 400);
    assert.match(json.detail, /in the bench file and would come back/);
    assert.equal((await ask('PATCH', `${GEAR}/mount`, { label: 'x' })).status, 400);
    assert.equal((await ask('GET', '/api/v1/devices/camera')).json.keptBy, undefined);
  });

  test('what is wrong is said in words', async () => {
    const { ask } = await withGear();
    await ask('POST', GEAR, moonlite);
    const taken = await ask('POST', GEAR, { ...moonlite, label: 'Another' });
    assert.equal(taken.status, 422);
    assert.match(taken.json.detail, /My MoonLite is there already/);
    for (const body of [
      {},
      { ...moonlite, driver: 'x' },
      { ...moonlite, port: { file: 'x' } },
      { ...moonlite, more: 1 },
    ]) {
      assert.equal((await ask('POST', GEAR, body)).status, 400, JSON.stringify(body));
    }
    assert.equal((await ask('DELETE', `${GEAR}/none`)).status, 404);
    assert.equal((await ask('PATCH', `${GEAR}/none`, {})).status, 404);
    const { ask: askOther } = await bench();
    assert.equal((await askOther('GET', GEAR)).status, 501);
  });
});
