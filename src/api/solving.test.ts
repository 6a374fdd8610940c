import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { arrange } from '../imaging/arrange.ts';
import { allFacts } from '../imaging/facts.fixture.ts';
import { numberIn, textIn } from '../imaging/fits-header.ts';
import { readFits } from '../imaging/fits-read.ts';
import { sealFrame } from '../imaging/fits-write.ts';
import { allocateFrame } from '../imaging/frame.ts';
import { headerCards } from '../imaging/header.ts';
import { bench } from './bench.ts';

async function shot(type = 'light') {
  const stage = await bench();
  const { json } = await stage.ask('POST', '/api/v1/devices/camera/camera/expose?wait=9', {
    seconds: 3,
    type,
  });
  return { ...stage, path: `/api/v1/exposures/${json.outcome.exposure}` };
}

test('an exposure is told with what its stars say, a dark without', async () => {
  const { ask, path } = await shot();
  const { analysis } = (await ask('GET', path)).json;
  assert.deepEqual([analysis.stars, analysis.hfr, analysis.ninths.length], [260, 2.1, 9]);
  const dark = await shot('dark');
  assert.equal((await dark.ask('GET', dark.path)).json.analysis, undefined);
});

test('an analysis of another version, or that is none, is not told', async () => {
  const { ask, path, rows } = await shot();
  rows[0]!.analysis = { version: 999, result: { stars: 'many' } };
  assert.equal((await ask('GET', path)).json.analysis, undefined);
  rows[0]!.analysis = { version: 1, result: { problem: 'x.fits: truncated' } };
  assert.deepEqual((await ask('GET', path)).json.analysis, { problem: 'x.fits: truncated' });
});

test('its stars come brightest first, as many as are wanted', async () => {
  const { ask, path } = await shot();
  const { json } = await ask('GET', `${path}/stars?most=2`);
  assert.deepEqual([json.found, json.stars.length, json.stars[0].x], [260, 2, 12.5]);
  assert.equal((await ask('GET', `${path}/stars?most=0`)).status, 400);
  assert.equal((await ask('GET', '/api/v1/exposures/none/stars')).status, 404);
});

test('solving is a run; its answer stays with the exposure, solved or not', async () => {
  const { ask, path, pass } = await shot();
  const started = await ask('POST', `${path}/solve`, {});
  assert.equal(started.status, 202);
  assert.equal((await ask('GET', `/api/v1/runs/${started.json.run}`)).json.name, 'plate solving');
  await pass(1500);
  const { solution } = (await ask('GET', path)).json;
  assert.deepEqual([solution.solved, solution.ra, solution.scale], [true, 10.7, 1.44]);
  assert.equal(solution.wcs, undefined, 'polynomials are for the file');
  const again = await ask('POST', `${path}/solve?wait=5`, { blind: true });
  assert.equal(again.status, 200);
  assert.match(again.json.solution.message, /expose longer/);
  assert.deepEqual((await ask('GET', path)).json.solution, again.json.solution);
});

test('solving is stopped by DELETE of its run, and leaves no answer', async () => {
  const { ask, path, pass } = await shot();
  const { json } = await ask('POST', `${path}/solve`, {});
  assert.equal((await ask('DELETE', `/api/v1/runs/${json.run}`)).status, 202);
  await pass(2000);
  assert.equal((await ask('GET', `/api/v1/runs/${json.run}`)).json.state, 'stopped');
  assert.equal((await ask('GET', path)).json.solution, undefined);
});

test('an order to solve that makes no sense is turned down', async () => {
  const { ask, path } = await shot();
  const wrong = [
    { near: { ra: 400, dec: 0 } },
    { near: { ra: 10 } },
    { scale: { low: 2, high: 1 } },
    { solver: 'crystal ball' },
    { moon: 1 },
  ];
  for (const body of wrong) {
    assert.equal((await ask('POST', `${path}/solve`, body)).status, 400, JSON.stringify(body));
  }
});

test('a unit that only keeps its images says so', async () => {
  const { ask, rows } = await bench(() => ({ examiner: undefined }) as object);
  await ask('POST', '/api/v1/devices/camera/camera/expose?wait=9', { seconds: 3 });
  assert.equal((await ask('POST', `/api/v1/exposures/${rows[0]?.id}/solve`, {})).status, 501);
});

test('the file comes with its solution in the header, and untouched pixels', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'solving-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const { ask, app, path, ledger, pass } = await shot();
  const frame = allocateFrame({ width: 720, height: 480, format: 'u16' });
  arrange(new Uint8Array(720 * 480 * 2).fill(7), { element: 'u16', order: 'row-major' }, frame);
  const file = join(folder, 'a.fits');
  const bytes = sealFrame(frame, headerCards(frame, allFacts));
  writeFileSync(file, bytes);
  ledger.pathOf = () => file;
  const refused = await ask('GET', `${path}/fits?wcs=true`);
  assert.equal(refused.status, 409);
  assert.match(refused.json.detail, /not solved/);
  await ask('POST', `${path}/solve`, {});
  await pass(1500);
  const reply = await app.request(`http://localhost:8080${path}/fits?wcs=true`);
  const solved = new Uint8Array(await reply.arrayBuffer());
  assert.equal(reply.headers.get('content-length'), String(solved.length));
  const image = readFits(solved);
  assert.equal(textIn(image.header, 'CTYPE1'), 'RA---TAN');
  assert.equal(numberIn(image.header, 'CRPIX1'), 360.5);
  assert.equal(image.header.get('PLTSOLVD'), true);
  assert.equal(textIn(image.header, 'NJ-ID'), allFacts.id);
  assert.deepEqual(image.data, readFits(bytes).data);
});

test('whoever watches is told when the stars and the place are known', async () => {
  const stage = await bench();
  const { ask, pass, examiner, rows } = stage;
  const told: string[] = [];
  examiner.watch((id) => void told.push(id));
  await ask('POST', '/api/v1/devices/camera/camera/expose?wait=9', { seconds: 1 });
  await ask('POST', `/api/v1/exposures/${rows[0]?.id}/solve`, {});
  await pass(1500);
  assert.deepEqual(told, [rows[0]?.id, rows[0]?.id]);
});

test('whether the catalogue suffices is said of the rig, or of optics that somebody thinks of', async () => {
  const { ask, rig } = await bench();
  const path = '/api/v1/observatory/catalogue';
  const unknown = await ask('GET', path);
  assert.equal(unknown.status, 422);
  assert.match(unknown.json.detail, /focal length is not known/);
  rig.describe({ telescope: { name: 'RedCat', focalLengthMm: 250, apertureMm: 51 } });
  const { json } = await ask('GET', path);
  assert.ok(Math.abs(json.fieldWidth - 0.6204) < 1e-3, `${json.fieldWidth}`);
  assert.match(json.message, /suffices for your field of 0.62° × 0.41°/);
  const other = await ask('GET', `${path}?focalLengthMm=2000&pixelMicrons=9&width=4000&height=3000`);
  assert.ok(Math.abs(other.json.fieldWidth - 1.0313) < 1e-3, `${other.json.fieldWidth}`);
  assert.equal((await ask('GET', `${path}?focalLengthMm=0`)).status, 400);
  const { ask: elsewhere } = await bench(() => ({ solver: undefined }) as object);
  assert.equal((await elsewhere('GET', path)).status, 501);
});
