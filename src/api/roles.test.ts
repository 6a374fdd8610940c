import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pretendCamera } from '../indi/pretend/camera.ts';
import { bench } from './bench.ts';
import { driverOf } from './fake-shelf.ts';
import { socketOf } from './little-rig.ts';
import type { RoleView } from './role-view.ts';

test('roles are given, taken back, and only to who can play them', async () => {
  const { ask, host, pass } = await bench();
  const driver = driverOf('Second camera', { camera: pretendCamera().camera });
  void host.add({ id: 'second', label: 'Second', driver, port: socketOf('second') }).connect(true);
  await pass(100);
  const roles = async () => (await ask('GET', '/api/v1/roles')).json.roles as RoleView[];
  const who = async (role: string) => (await roles()).find((each) => each.role === role);
  assert.deepEqual(await who('camera'), {
    ...{ role: 'camera', capability: 'camera', device: 'camera', assigned: 'camera' },
  });
  assert.deepEqual(await who('mount'), { role: 'mount', capability: 'mount', device: 'mount' });
  const given = await ask('PUT', '/api/v1/roles/camera', { device: 'second' });
  assert.equal(given.json.device, 'second');
  assert.equal((await who('guideCamera'))?.device, 'camera', 'the one that is left');
  const taken = await ask('PUT', '/api/v1/roles/camera', { device: null });
  assert.equal(taken.json.assigned, undefined);
  assert.equal((await ask('PUT', '/api/v1/roles/camera', { device: 'mount' })).status, 422);
  assert.equal((await ask('PUT', '/api/v1/roles/camera', { device: 'none' })).status, 404);
  assert.equal((await ask('PUT', '/api/v1/roles/cook', { device: 'mount' })).status, 400);
});
