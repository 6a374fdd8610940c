import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { numberIn } from '../imaging/fits-header.ts';
import { readFits } from '../imaging/fits-read.ts';
import { bench } from './bench.ts';

const PATH = '/api/v1/stack';

async function stage() {
  const on = await bench();
  const shoot = async (more: object = {}) => {
    const { json } = await on.ask('POST', '/api/v1/devices/camera/camera/expose?wait=9', {
      seconds: 3,
      object: 'M 31',
      ...more,
    });
    await on.pass(1000);
    return json.outcome.exposure as string;
  };
  return { ...on, shoot, state: async () => (await on.ask('GET', PATH)).json };
}

test('switched on, it grows with every light, and tells what it is made of', async () => {
  const { ask, shoot, state } = await stage();
  assert.equal((await state()).state, 'none');
  await shoot();
  const { json } = await ask('POST', `${PATH}/start`, {});
  assert.deepEqual([json.state, json.following, json.frames], ['on', true, 0]);
  await shoot();
  await shoot({ type: 'dark' });
  await shoot();
  const { frames, seconds, object, refused, width, factor, endUtc } = await state();
  assert.deepEqual(
    { frames, seconds, object, refused },
    { frames: 2, seconds: 6, object: 'M 31', refused: 0 },
  );
  assert.deepEqual([width, factor], [720, 1]);
  assert.match(endUtc, /^2026-11-22T20:/);
  assert.equal((await ask('POST', `${PATH}/start`, {})).status, 409);
});

test('it is made of given exposures, in that order; unfit ones are refused with the reason', async () => {
  const { ask, shoot, state, pass } = await stage();
  const [dark, a, b] = [await shoot({ type: 'dark' }), await shoot(), await shoot()];
  await ask('POST', `${PATH}/start`, { exposures: [dark, b, a, b] });
  await pass(1000);
  const { state: word, frames, refusals } = await state();
  assert.deepEqual([word, frames], ['ended', 2]);
  assert.deepEqual(refusals, [{ exposure: dark, reason: 'no-light', message: 'it is a dark' }]);
  assert.equal((await ask('POST', `${PATH}/start`, { exposures: ['nobody'] })).status, 404);
  for (const body of [{ following: false }, { exposures: [] }, { forever: true }]) {
    assert.equal((await ask('POST', `${PATH}/start`, body)).status, 400, JSON.stringify(body));
  }
});

test('there is a picture of it, fetched anew only when it has grown', async () => {
  const { ask, shoot, app } = await stage();
  assert.equal((await ask('GET', `${PATH}/preview`)).status, 422);
  await ask('POST', `${PATH}/start`, {});
  assert.match((await ask('GET', `${PATH}/preview`)).json.detail, /still empty/);
  await shoot();
  const url = `http://localhost${PATH}/preview?width=200&stretch=linked&frames=1`;
  const first = await app.request(url);
  const jpeg = new Uint8Array(await first.arrayBuffer());
  assert.deepEqual([first.status, jpeg[0], jpeg[1]], [200, 0xff, 0xd8]);
  const headers = { 'if-none-match': first.headers.get('etag')! };
  assert.equal((await app.request(url, { headers })).status, 304);
  await shoot();
  assert.equal((await app.request(url, { headers })).status, 200);
  assert.equal((await ask('GET', `${PATH}/preview?width=5`)).status, 400);
});

test('it is downloaded as FITS, and nothing of that stays on the disk', async () => {
  const { ask, shoot, app } = await stage();
  await ask('POST', `${PATH}/start`, {});
  await shoot();
  await shoot();
  const reply = await app.request(`http://localhost${PATH}/fits`);
  const { header, bitpix, width } = readFits(new Uint8Array(await reply.arrayBuffer()));
  assert.deepEqual([bitpix, width, numberIn(header, 'STACKCNT')], [-32, 720, 2]);
  assert.equal(reply.headers.get('content-disposition'), 'attachment; filename="M 31 2x.fits"');
  assert.equal((await app.request(`http://localhost${PATH}/fits`, { method: 'HEAD' })).status, 200);
  assert.deepEqual(readdirSync(join(tmpdir(), 'nightjar-stack')), []);
});

test('stopped, it takes no more and stays to be looked at, until it is given up', async () => {
  const { ask, shoot, state } = await stage();
  await ask('POST', `${PATH}/start`, {});
  await shoot();
  assert.equal((await ask('POST', `${PATH}/stop`)).json.state, 'ended');
  await shoot();
  assert.equal((await state()).frames, 1);
  assert.equal((await ask('GET', `${PATH}/preview`)).status, 200);
  assert.equal((await ask('DELETE', PATH)).json.state, 'none');
  assert.equal((await ask('GET', `${PATH}/fits`)).status, 422);
});

test('a page that listens sees it grow', async () => {
  const { ask, shoot, app, pass } = await stage();
  const reader = (await app.request('http://localhost/api/v1/live')).body!.getReader();
  const heard: string[] = [];
  void (async () => {
    for (let got = await reader.read(); !got.done; got = await reader.read()) {
      heard.push(new TextDecoder().decode(got.value));
    }
  })();
  await pass(200);
  assert.match(heard.join(''), /event: snapshot\ndata: .*"stack":\{"state":"none"/);
  await ask('POST', `${PATH}/start`, {});
  await shoot();
  await reader.cancel();
  assert.match(heard.join(''), /event: stack\ndata: \{"state":"on".*"frames":1/);
});

test('a unit that cannot stack says so', async () => {
  const { ask } = await bench(() => ({ stacker: undefined }) as object);
  assert.equal((await ask('GET', PATH)).status, 501);
});
