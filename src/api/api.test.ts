import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bench } from './bench.ts';

const order = { seconds: 3, type: 'light' };

describe('devices', () => {
  test('are listed with their state as plain JSON', async () => {
    const { ask } = await bench();
    const { json } = await ask('GET', '/api/v1/devices');
    const [camera, focuser, mount] = json.devices;
    assert.equal(camera.status.state, 'connected');
    assert.deepEqual(camera.roles, ['camera']);
    assert.equal(camera.capabilities.camera.gain.value, 100);
    assert.equal(camera.capabilities.camera.gain.max, 400);
    assert.equal(camera.capabilities.camera.expose, true);
    assert.ok(!('finish' in camera.capabilities.camera), 'absent stays absent');
    assert.equal(camera.settings.fan.value, true);
    assert.equal(focuser.capabilities.focuser.position, 25_000);
    assert.ok(mount.horizon.altitude > 60, 'Andromeda stands high in a November evening');
  });

  test('are found by ids with a slash, plain and encoded', async () => {
    const { ask } = await bench();
    for (const id of ['camera/focus', 'camera%2Ffocus']) {
      assert.equal((await ask('GET', `/api/v1/devices/${id}`)).json.label, 'Focuser');
      const { status } = await ask('POST', `/api/v1/devices/${id}/focuser/moveTo`, { steps: 24_000 });
      assert.equal(status, 202);
    }
    assert.equal((await ask('POST', '/api/v1/devices/camera/focus/disconnect?wait=5')).status, 200);
    assert.equal((await ask('GET', '/api/v1/devices/camera%2Ffocus')).json.status.state, 'disconnected');
  });

  test('take settings, and say which they do not have', async () => {
    const { ask } = await bench();
    const changed = await ask('PUT', '/api/v1/devices/camera/settings', { fan: false });
    assert.equal(changed.json.settings.fan.value, false);
    const wrong = await ask('PUT', '/api/v1/devices/camera/settings', { fun: true });
    assert.equal(wrong.status, 400);
    assert.match(wrong.json.detail, /fun/);
  });

  test('are connected again at once when asked, though the next try were far away', async () => {
    const { ask, host } = await bench();
    await ask('POST', '/api/v1/devices/mount/disconnect?wait=5');
    const { json } = await ask('POST', '/api/v1/devices/mount/connect?wait=5');
    assert.equal(json.outcome.state, 'returned');
    assert.equal(host.find('mount')?.status.value.state, 'connected');
  });
});

describe('operations', () => {
  test('answer with a run, or with the outcome when the asker waits', async () => {
    const { ask, host } = await bench();
    const started = await ask('POST', '/api/v1/devices/wheel/wheel/select', { slot: 3 });
    assert.equal(started.status, 202);
    assert.equal((await ask('GET', `/api/v1/runs/${started.json.run}`)).json.state, 'running');
    const waited = await ask('POST', '/api/v1/devices/wheel/wheel/select?wait=5', { slot: 4 });
    assert.equal(waited.status, 200);
    assert.equal(waited.json.outcome.state, 'returned');
    assert.equal(host.find('wheel')?.capabilities.value.wheel?.slot.value, 4);
    const superseded = await ask('GET', `/api/v1/runs/${started.json.run}`);
    assert.equal(superseded.json.state, 'stopped');
  });

  test('still in progress when the waiting is over: 202', async () => {
    const { ask } = await bench();
    assert.equal((await ask('POST', '/api/v1/devices/camera/camera/expose?wait=1', order)).status, 202);
  });

  test('an exposure goes through the shutter and names what it stored', async () => {
    const { ask, rows } = await bench();
    const { json } = await ask('POST', '/api/v1/devices/camera/camera/expose?wait=10', order);
    assert.equal(json.outcome.exposure, rows[0]?.id);
    assert.equal(json.outcome.exposureSeconds, 3);
    assert.equal(rows[0]?.snapshot, true);
  });

  test('are stopped by DELETE of their run', async () => {
    const { ask, pass, rows } = await bench();
    const { json } = await ask('POST', '/api/v1/devices/camera/camera/expose', order);
    await ask('DELETE', `/api/v1/runs/${json.run}`);
    await pass(5000);
    assert.equal((await ask('GET', `/api/v1/runs/${json.run}`)).json.state, 'stopped');
    assert.equal(rows.length, 0);
  });

  test('with one Idempotency-Key happen once', async () => {
    const { ask, pass, rows } = await bench();
    const path = '/api/v1/devices/camera/camera/expose';
    const key = { 'idempotency-key': 'tap-1' };
    const first = await ask('POST', path, order, key);
    const again = await ask('POST', `${path}?wait=10`, order, key);
    assert.equal(again.json.run, first.json.run);
    assert.equal(rows.length, 1);
    assert.equal((await ask('POST', path, { ...order, seconds: 4 }, key)).status, 422);
    await pass(3_600_001);
    assert.notEqual((await ask('POST', path, order, key)).json.run, first.json.run);
  });

  test('what cannot be done is a problem document with the status of its kind', async () => {
    const { ask, host } = await bench();
    const cases: [path: string, body: unknown, status: number, kind: string][] = [
      ['camera/camera/expose', { seconds: 'long', type: 'light' }, 400, 'bad-input'],
      ['camera/camera/expose', { seconds: 1, type: 'light', moon: 1 }, 400, 'bad-input'],
      ['camera/camera/expose', { seconds: 1e6, type: 'light' }, 422, 'refused'],
      ['mount/mount/slewTo', { ra: 10, dec: 20 }, 422, 'refused'],
      ['camera/mount/park', {}, 501, 'unsupported'],
      ['nothing/mount/park', {}, 404, 'rejected'],
      ['mount/mount/dance', {}, 404, 'rejected'],
      ['camera/camera/cool?wait=5', { celsius: -10 }, 501, 'unsupported'],
    ];
    for (const [path, body, status, kind] of cases) {
      const reply = await ask('POST', `/api/v1/devices/${path}`, body);
      assert.equal(reply.status, status, `${path}: ${reply.text}`);
      assert.equal(reply.headers.get('content-type'), 'application/problem+json');
      assert.equal(reply.json.type, `urn:nightjar:problem:${kind}`);
      assert.equal(reply.json.status, status);
      assert.ok(reply.json.detail.length > 5);
    }
    await host.find('mount')?.disconnect();
    assert.equal((await ask('POST', '/api/v1/devices/mount/mount/park', {})).status, 503);
    host.find('camera/focus')?.lane('focuser').lease({ name: 'safety', rank: 'safety' });
    const busy = await ask('POST', '/api/v1/devices/camera/focus/focuser/moveTo', { steps: 1 });
    assert.equal(busy.status, 409);
    assert.match(busy.json.detail, /busy: safety/);
  });

  test('stop halts all that moves', async () => {
    const { ask, world, host, pass } = await bench();
    await ask('POST', '/api/v1/devices/camera/focus/focuser/moveTo', { steps: 0 });
    assert.equal((await ask('POST', '/api/v1/stop')).status, 202);
    await pass(50);
    assert.equal(world.halts, 1);
    assert.equal(host.find('camera/focus')?.capabilities.value.focuser?.moving.value, false);
  });
});

describe('exposures and plans', () => {
  test('the ledger comes in pages', async () => {
    const { ask } = await bench();
    for (let shot = 0; shot < 3; shot++)
      await ask('POST', '/api/v1/devices/camera/camera/expose?wait=9', order);
    const first = (await ask('GET', '/api/v1/exposures?limit=2')).json;
    assert.equal(first.exposures.length, 2);
    const second = (await ask('GET', `/api/v1/exposures?limit=2&before=${first.next}`)).json;
    assert.equal(second.exposures.length, 1);
    assert.equal(second.next, undefined);
    assert.match(second.exposures[0].startUtc, /^2026-11-22T20:00:/);
    assert.equal((await ask('GET', '/api/v1/exposures?limit=0')).status, 400);
  });

  test('previews are JPEG, kept by the browser; a file that was moved is said to be', async () => {
    const { ask } = await bench();
    const { json } = await ask('POST', '/api/v1/devices/camera/camera/expose?wait=9', order);
    const path = `/api/v1/exposures/${json.outcome.exposure}/preview?width=400`;
    const picture = await ask('GET', path);
    assert.equal(picture.headers.get('content-type'), 'image/jpeg');
    assert.equal(picture.text, 'a picture');
    const etag = picture.headers.get('etag') ?? '';
    assert.equal((await ask('GET', path, undefined, { 'if-none-match': etag })).status, 304);
    assert.equal((await ask('GET', path.replace('width=400', 'width=5'))).status, 400);
    assert.match((await ask('GET', `/api/v1/exposures/${json.outcome.exposure}/fits`)).json.detail, /moved/);
    assert.equal((await ask('GET', '/api/v1/exposures/none/fits')).status, 404);
  });

  test('what nobody foresaw is in the log, not in the answer', async () => {
    const preview = () => Promise.reject(new Error('a secret path'));
    const { ask } = await bench({ previews: { preview } });
    const { json } = await ask('POST', '/api/v1/devices/camera/camera/expose?wait=9', order);
    const reply = await ask('GET', `/api/v1/exposures/${json.outcome.exposure}/preview`);
    assert.equal(reply.status, 500);
    assert.doesNotMatch(reply.text, /secret/);
  });

  test('plans are kept; a night without a sequencer is not available', async () => {
    const { ask } = await bench();
    assert.equal((await ask('PUT', '/api/v1/plans/m31', { sets: [] })).status, 200);
    assert.deepEqual((await ask('GET', '/api/v1/plans')).json.plans, [{ id: 'm31', plan: { sets: [] } }]);
    assert.deepEqual((await ask('GET', '/api/v1/plans/m31')).json, { sets: [] });
    await ask('DELETE', '/api/v1/plans/m31');
    assert.equal((await ask('GET', '/api/v1/plans/m31')).status, 404);
    const night = await ask('POST', '/api/v1/night/start', { plan: 'm31' });
    assert.equal(night.status, 501);
    assert.match(night.json.detail, /not available/);
  });
});

describe('the edge', () => {
  test('turns away foreign names, foreign pages and bodies that are no JSON', async () => {
    const { ask, world } = await bench();
    const move = (headers: Record<string, string>) => ask('POST', '/api/v1/stop', {}, headers);
    assert.equal((await move({ host: 'evil.example' })).status, 421);
    assert.equal((await move({ host: '8.8.8.8' })).status, 421);
    for (const host of [
      'nightjar.local',
      'nightjar-7f.local:8080',
      '192.168.4.1',
      '[::1]:8080',
      '127.0.0.1:80',
    ]) {
      assert.equal((await move({ host })).status, 202, host);
    }
    assert.equal((await move({ origin: 'http://evil.example' })).status, 403);
    assert.equal((await move({ origin: 'null' })).status, 403);
    assert.equal((await move({ 'sec-fetch-site': 'cross-site' })).status, 403);
    assert.equal((await move({ origin: 'http://nightjar.local', host: 'nightjar.local' })).status, 202);
    assert.equal((await move({ 'content-type': 'text/plain' })).status, 415);
    assert.equal(world.halts, 6);
  });

  test('takes no endless bodies', async () => {
    const { ask } = await bench();
    assert.equal((await ask('PUT', '/api/v1/plans/big', { text: 'x'.repeat(300_000) })).status, 413);
    const { app } = await bench();
    const headers = { 'content-type': 'application/json' };
    const broken = await app.request('http://localhost/api/v1/stop', { method: 'POST', headers, body: '{' });
    assert.equal(broken.status, 202, 'a route without a body reads none');
    const plan = await app.request('http://localhost/api/v1/plans/x', { method: 'PUT', headers, body: '{' });
    assert.equal(plan.status, 400);
  });

  test('describes every route, each with what it lets its caller do', async () => {
    const { ask } = await bench();
    const { json } = await ask('GET', '/api/v1/openapi.json');
    assert.equal(json.openapi, '3.1.0');
    const expose = json.paths['/api/v1/devices/{id}/camera/expose'].post;
    assert.ok(expose.requestBody.content['application/json'].schema.properties.seconds);
    for (const [path, item] of Object.entries<Record<string, { 'x-access'?: string }>>(json.paths)) {
      for (const [method, route] of Object.entries(item)) {
        assert.match(
          route['x-access'] ?? '',
          // To be told a password is more than to look.
          method === 'get' ? /^(look|own)$/ : /^(move|own)$/,
          `${method} ${path}`,
        );
      }
    }
  });

  test('serves the page from its directory and nothing beside it', async () => {
    const { ask } = await bench();
    const page = await ask('GET', '/');
    assert.match(page.text, /Nightjar/);
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'self'/);
    assert.equal((await ask('GET', '/..%2Fnightjar-outside.txt')).status, 404);
    assert.equal((await ask('GET', '/%2e%2e/nightjar-outside.txt')).status, 404);
  });

  test('counts for Prometheus', async () => {
    const { ask } = await bench();
    await ask('POST', '/api/v1/devices/camera/camera/expose?wait=9', order);
    const { text } = await ask('GET', '/metrics');
    assert.match(text, /nightjar_device_up\{device="mount",driver="little-mount",state="connected"\} 1/);
    assert.match(text, /nightjar_exposures_total\{camera="camera",type="light"\} 1/);
    assert.match(
      text,
      /nightjar_http_seconds_count\{method="POST",route="\/api\/v1\/devices\/:id\/camera\/expose"/,
    );
    assert.match(text, /process_resident_memory_bytes \d/);
    assert.match(text, /nodejs_eventloop_lag_seconds/);
  });
});
