import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { Registry } from 'prom-client';
import { systemClock } from '../core/clock.ts';
import { pretendCamera } from '../indi/pretend/camera.ts';
import { canBuild, makeDeb } from '../system/drivers/deb.fixture.ts';
import { DriverKits } from '../system/drivers/kits.ts';
import { createApi } from './api.ts';
import { fakeShelf } from './fake-shelf.ts';
import { littleRig } from './little-rig.ts';
import type { Parts } from './parts.ts';

const DRIVERS = '/api/v1/drivers';
const skip = canBuild ? false : 'there is no dpkg-deb to make packages with';

/** Real time: packages are unpacked by programs. */
async function createUnit(t: TestContext, more: Partial<Parts> = {}) {
  const made = makeDeb('indi-fake', { 'usr/bin/indi_fake_ccd': { program: '/bin/true' } });
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-drivers-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const rig = littleRig(systemClock);
  const drivers = await DriverKits.open({
    ...{ directory, clock: systemClock, log: rig.log },
    vendors: {
      mirrors: ['http://mirror/'],
      kits: [
        { id: 'indi-fake', maker: 'Fake', devices: 'Cameras', licence: 'kind', packages: [made.package] },
      ],
    },
    get: (async () => new Response(made.bytes)) as typeof fetch,
  });
  const programs = fakeShelf(rig.host, () => ({ camera: pretendCamera().camera }));
  const previews = { preview: async () => new Uint8Array() };
  const site = { webDirectory: directory, metrics: new Registry(), version: '1' };
  const app = createApi({ ...rig, ...site, previews, drivers, programs, ...more });
  const send = async (method: string, path: string, body?: BodyInit, type?: string) => {
    const init = { method, ...(body && { body }), ...(type && { headers: { 'content-type': type } }) };
    const reply = await app.request(`http://localhost:8080${path}`, init);
    const text = await reply.text();
    return { status: reply.status, json: text && reply.status !== 204 ? JSON.parse(text) : undefined };
  };
  const ask = (method: string, path: string, body?: object) =>
    send(method, path, body && JSON.stringify(body), body && 'application/json');
  return { ask, send, made, programs, app };
}

describe("makers' drivers", { skip }, () => {
  test('are fetched, their licence read and accepted, installed and removed', async (t) => {
    const { ask, programs } = await createUnit(t);
    const fetched = await ask('POST', `${DRIVERS}/indi-fake/fetch?wait=20`);
    assert.deepEqual(
      [fetched.status, fetched.json.outcome?.state],
      [200, 'returned'],
      JSON.stringify(fetched),
    );
    const { texts, digest } = (await ask('GET', `${DRIVERS}/indi-fake/licence`)).json;
    assert.equal(texts[0].text, 'Licence of indi-fake: be kind.');
    assert.equal((await ask('POST', `${DRIVERS}/indi-fake/install`, {})).status, 400, 'unread');
    assert.equal((await ask('POST', `${DRIVERS}/indi-fake/install`, { licence: 'x' })).status, 422);
    const { json } = await ask('POST', `${DRIVERS}/indi-fake/install`, { licence: digest });
    assert.deepEqual(json.kits[0].installed.executables, ['indi_fake_ccd']);
    await programs.add({ id: 'fake', executable: 'indi_fake_ccd' });
    const used = await ask('DELETE', `${DRIVERS}/indi-fake`);
    assert.equal(used.status, 409);
    assert.match(used.json.detail, /indi_fake_ccd runs by it: remove that program first/);
    await programs.remove('fake');
    assert.equal((await ask('DELETE', `${DRIVERS}/indi-fake`)).status, 204);
    assert.equal((await ask('GET', DRIVERS)).json.kits[0].installed, undefined);
  });

  test('are given as files, and only as files', async (t) => {
    const { ask, send, made } = await createUnit(t);
    const file = `${DRIVERS}/files/indi-fake_1.0_amd64.deb`;
    const given = await send('PUT', file, made.bytes, 'application/octet-stream');
    assert.deepEqual([given.status, given.json], [200, { kits: [{ id: 'indi-fake' }] }]);
    assert.ok((await ask('GET', DRIVERS)).json.kits[0].ready);
    assert.equal((await send('PUT', file, made.bytes, 'text/plain')).status, 415, 'any page may send that');
    assert.equal((await send('PUT', file)).status, 400);
    const nonsense = await send('PUT', file, 'nonsense', 'application/octet-stream');
    assert.equal(nonsense.status, 400);
    assert.match(nonsense.json.detail, /no Debian package/);
    const elsewhere = await send('POST', '/api/v1/programs', made.bytes, 'application/octet-stream');
    assert.equal(elsewhere.status, 415);
  });

  test('nothing outside their folder is named', async (t) => {
    const { ask } = await createUnit(t);
    for (const id of ['..%2f..', '.ready', '%2e%2e', 'x%2fy']) {
      const { status } = await ask('DELETE', `${DRIVERS}/${id}`);
      assert.ok(status === 400 || status === 404, `${id}: ${status}`);
    }
    assert.equal((await ask('DELETE', `${DRIVERS}/none`)).status, 400);
    assert.equal((await ask('POST', `${DRIVERS}/none/fetch`)).status, 400);
  });
});
