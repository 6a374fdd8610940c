import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoUtc } from '../core/clock.ts';
import vectors from '../sky/polar-vectors.json' with { type: 'json' };
import { bench } from './bench.ts';
import { littleSolution } from './little-examiner.ts';

const row = vectors.find(({ latitude }) => latitude === 60)!;
const site = { latitude: row.latitude, longitude: row.longitude, elevationMetres: row.metres };
const given = row.sightings.map(([utc, ra, dec]) => ({ ra: ra!, dec: dec!, utc: isoUtc(utc!) }));

async function stage() {
  const on = await bench();
  on.observatory.offerSite(site, 'gps');
  const measure = (body: object) => on.ask('POST', '/api/v1/polar/measure', body);
  return { ...on, measure };
}

test('the axis is told in numbers and words, with how sure it is', async () => {
  const { measure } = await stage();
  const { status, json } = await measure({ sightings: given });
  assert.equal(status, 200, JSON.stringify(json));
  assert.ok(Math.abs(json.altitudeArcmin - row.axisTooHighArcmin) < 0.5, JSON.stringify(json));
  assert.ok(Math.abs(json.azimuthArcmin - row.axisClockwiseArcmin) < 0.8, JSON.stringify(json));
  assert.match(
    json.words,
    /^the axis points \d+\.\d′ from the pole, known to ±\d\.\d′: move the axis \d+\.\d′ (east|west) and \d+\.\d′ (up|down)$/,
  );
  assert.ok(json.words.endsWith(json.correction));
});

test('the middles of solved exposures serve as sightings, where the time was trusted', async () => {
  const { measure, rows, ask } = await stage();
  await ask('POST', '/api/v1/devices/camera/camera/expose?wait=9', { seconds: 4 });
  const [shot] = rows.splice(0);
  assert.ok(shot);
  row.sightings.forEach(([utc, ra, dec], index) => {
    rows.push({
      ...shot,
      ...{ id: `s${index}`, startUtc: utc! - 2000, trust: 'gps' },
      solution: { ...littleSolution, ra, dec },
    });
  });
  const sightings = rows.map(({ id }) => ({ exposure: id }));
  const { json } = await measure({ sightings });
  const direct = (await measure({ sightings: given })).json;
  assert.ok(Math.abs(json.totalArcmin - direct.totalArcmin) < 0.01, JSON.stringify(json));
  assert.ok(json.altitudeUncertaintyArcmin > 0);
  delete rows[1]!.trust;
  assert.match((await measure({ sightings })).json.detail, /clock was not trusted/);
  rows[1]!.solution = { solved: false, reason: 'few-stars', message: 'too few', stars: 3 };
  assert.equal((await measure({ sightings })).status, 409);
});

test('one more sighting after the screws were turned says what is left', async () => {
  const { ask, measure } = await stage();
  const start = (await measure({ sightings: given })).json;
  const last = row.sightings.at(-1)!;
  const now = { ra: last[1]!, dec: last[2]!, utc: isoUtc(last[0]! + 10_000) };
  const follow = (more: object) => ask('POST', '/api/v1/polar/follow', { sightings: given, now, ...more });
  const { status, json } = await follow({});
  assert.equal(status, 200, JSON.stringify(json));
  assert.ok(
    Math.abs(json.totalArcmin - start.totalArcmin) < 0.3,
    'it tracked for ten seconds, nothing was turned',
  );
  const raised = await follow({ now: { ...now, dec: now.dec + 0.2 } });
  assert.notEqual(raised.json.words, json.words);
  const stood = await follow({ tracking: false });
  assert.notEqual(stood.json.words, json.words, 'the sky has turned by 2.5′ meanwhile');
});

test('sightings that fix no axis are told as such; nonsense is turned down', async () => {
  const { measure, ask } = await stage();
  const [first] = given;
  const close = await measure({ sightings: [first, first, first] });
  assert.deepEqual([close.json.found, close.json.reason], [false, 'close']);
  const wrong = [
    { sightings: given.slice(0, 2) },
    { sightings: given.map(({ utc, ...rest }) => rest) },
    { sightings: given, pole: 'magnetic' },
    { sightings: given.map((seen) => ({ ...seen, utc: 'yesterday' })) },
  ];
  for (const body of wrong) assert.equal((await measure(body)).status, 400, JSON.stringify(body));
  const three = [{ exposure: 'x' }, { exposure: 'y' }, { exposure: 'z' }];
  assert.equal((await ask('POST', '/api/v1/polar/measure', { sightings: three })).status, 404);
});
