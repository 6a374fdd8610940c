import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ExposureView } from '../src/api/exposure-view.ts';
import { littleSolution } from '../src/api/little-examiner.ts';
import type { RunView } from '../src/api/views.ts';
import { exposures, roundStep, stepOn } from './ladder.ts';
import { plotted } from './plot.ts';
import { after, nothingYet, type RigState, withExposures } from './rig-state.ts';
import {
  decText,
  exposureFraction,
  fieldText,
  freeId,
  leftText,
  lengthText,
  parsePlace,
  placeFacts,
  placeText,
  plainWords,
  raText,
  readingText,
  settingText,
  sharpnessWords,
} from './words.ts';

test('coordinates are written without a sixtieth second', () => {
  assert.equal(raText(10.684), '00h 42m 44s');
  assert.equal(raText(359.9999), '00h 00m 00s');
  assert.equal(decText(41.269), '+41° 16′ 08″');
  assert.equal(decText(-0.5), '−00° 30′ 00″');
  assert.equal(decText(-0.00001), '+00° 00′ 00″');
});

test('places are read in every way people write them', () => {
  for (const text of [
    '0 42 44.16, +41 16 8.4',
    '00:42:44.16 +41:16:08.4',
    '0h42m44.16s +41°16′8.4″',
    '0.712266667 41.269',
    '0.712266667,41.269',
    '0 42 44.16 41 16 8.4',
  ]) {
    const place = parsePlace(text);
    assert.ok(place, text);
    assert.ok(Math.abs(place.ra - 10.684) < 1e-4 && Math.abs(place.dec - 41.269) < 1e-4, text);
  }
  assert.deepEqual(parsePlace('5 35.3 −5 23.4'), { ra: (5 + 35.3 / 60) * 15, dec: -(5 + 23.4 / 60) });
  for (const text of ['', 'M31', '25 0', '5', '5 99', '1 61 0 +4 0 0', '1 2 3']) {
    assert.equal(parsePlace(text), undefined, text);
  }
});

test('what is written can be read again', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 359.99, noNaN: true }),
      fc.double({ min: -90, max: 90, noNaN: true }),
      (ra, dec) => {
        const place = parsePlace(`${raText(ra)} ${decText(dec)}`);
        return !!place && Math.abs(place.ra - ra) < 0.0022 && Math.abs(place.dec - dec) < 0.0002;
      },
    ),
  );
});

test('lengths are said as people say them', () => {
  assert.deepEqual([0.001, 0.5, 30, 90, 120, 600, 5400].map(lengthText), [
    '0.001 s',
    '0.5 s',
    '30 s',
    '90 s',
    '2 min',
    '10 min',
    '1 h 30 min',
  ]);
  assert.deepEqual([0, 0.2, 59.5, 249].map(leftText), ['1', '1', '1:00', '4:09']);
});

test('a field is said in the unit that its longer side deserves', () => {
  assert.equal(fieldText(3.9514, 2.6349), '3.95° × 2.63°');
  assert.equal(fieldText(1.226, 0.7703), '1.23° × 0.77°');
  assert.equal(fieldText(0.62, 0.999), '37.2′ × 59.9′');
  assert.equal(fieldText(0.005, 0.0025), '18″ × 9″');
});

test('a solved image says its field, scale and turn; a mirrored one says so', () => {
  const { wcs: _, logChance: __, ...solved } = littleSolution;
  assert.deepEqual(
    placeFacts(solved).map(([, value]) => value),
    ['17.3′ × 11.5′', '1.44″ a pixel', '179.5° from north', '41 stars, 0.31″ off'],
  );
  assert.match(placeFacts({ ...solved, parity: -1, rotation: 0 })[2]![1], /^0.0° from north, mirrored$/);
});

test('of the stars only that is told which is known', () => {
  const analysis = { stars: 1, width: 9, height: 9, background: 1, noise: 1, saturated: 0, ninths: [] };
  assert.deepEqual(sharpnessWords(analysis), ['1 star']);
  assert.deepEqual(sharpnessWords({ ...analysis, stars: 0, hfr: 2.136, eccentricity: 0.3 }), [
    'HFR 2.14',
    '0 stars',
    'eccentricity 0.30',
  ]);
  assert.deepEqual(sharpnessWords(undefined), []);
});

test('figures side by side: the largest on top, noise is no mountain, one is a point', () => {
  const { points, low, high } = plotted([2, 4, 3], 100, 50);
  assert.deepEqual([low, high], [2, 4]);
  assert.deepEqual(points, [
    { x: 0, y: 50 },
    { x: 50, y: 0 },
    { x: 100, y: 25 },
  ]);
  const calm = plotted([2, 2.01], 100, 50).points;
  assert.ok(Math.abs(calm[0]!.y - calm[1]!.y) < 5);
  assert.deepEqual(plotted([0], 100, 50).points, [{ x: 0, y: 25 }]);
});

test('the newer word on an exposure counts, and the latest comes first', () => {
  const taken = (id: string, minute: number, more = {}) =>
    ({ id, startUtc: `2026-11-22T20:0${minute}:00.000Z`, ...more }) as ExposureView;
  let state = after(nothingYet, { event: 'exposure', data: taken('a', 1) });
  state = after(state, { event: 'exposure', data: taken('b', 2) });
  state = after(state, { event: 'exposure', data: taken('a', 1, { reason: 'clouds' }) });
  assert.deepEqual(
    state.exposures.map(({ id, reason }) => [id, reason]),
    [
      ['b', undefined],
      ['a', 'clouds'],
    ],
  );
  const many = Array.from({ length: 300 }, (_, index) => taken(`x${index}`, index % 10));
  assert.equal(withExposures(state.exposures, many).length, 200);
});

test('an exposure fills by the clock of the unit', () => {
  const run: RunView = {
    id: 'a',
    name: 'camera exposure',
    state: 'running',
    startedUtc: '2026-11-22T20:00:00.000Z',
    steps: [],
    exposureSeconds: 10,
  };
  const start = Date.parse(run.startedUtc);
  assert.equal(exposureFraction(run, start + 4000), 0.4);
  assert.equal(exposureFraction(run, start - 4000), 0);
  assert.equal(exposureFraction(run, start + 40_000), 1);
  const { exposureSeconds: _, ...foreign } = run;
  assert.equal(exposureFraction(foreign, start), undefined);
  assert.equal(exposureFraction({ ...foreign, fraction: 0.7 }, start), 0.7);
});

test('failures end in what to do', () => {
  assert.equal(
    plainWords({ type: 'urn:nightjar:problem:gone', detail: 'Mount is disconnected' }),
    'Mount is disconnected. Check its cable and power, then connect it under Rig.',
  );
  assert.equal(plainWords({ detail: 'the site is not known: set it' }), 'The site is not known: set it.');
  assert.equal(plainWords({}), 'That did not work.');
});

test('steppers climb the ladder and stay in range', () => {
  assert.equal(stepOn(exposures, 30, 1, 0, 3600), 45);
  assert.equal(stepOn(exposures, 30, -1, 0, 3600), 20);
  assert.equal(stepOn(exposures, 7, 1, 0, 3600), 10);
  assert.equal(stepOn(exposures, 1200, 1, 0, 3600), 1200);
  assert.equal(stepOn(exposures, 0.25, -1, 0.2, 3600), 0.25);
  assert.equal(roundStep(0, 400), 10);
  assert.equal(roundStep(0, 3), 1);
});

test('figures have the digits they deserve', () => {
  assert.deepEqual([1013.25, 45.52, 0.251, 0, -9.81].map(readingText), [
    '1013',
    '45.5',
    '0.25',
    '0.0',
    '−9.8',
  ]);
  assert.deepEqual([90, 0.25, -10, 0.1 + 0.2].map(settingText), ['90', '0.25', '−10', '0.3']);
  assert.equal(placeText({ latitude: -33.9, longitude: -70.8 }), '33.900° S 70.800° W');
});

test('a new program gets an id that is free', () => {
  assert.equal(freeId('indi_asi_ccd', []), 'asi-ccd');
  assert.equal(freeId('indi_asi_ccd', ['asi-ccd', 'asi-ccd-2']), 'asi-ccd-3');
  assert.equal(freeId('CCD 1@shed.local:7624', []), 'ccd-1-shed-local-7624');
  assert.equal(freeId('[::1]', []), '1');
  assert.equal(freeId('äöü', ['program']), 'program-2');
  fc.assert(fc.property(fc.string(), (name) => /^[a-z0-9-]{1,60}$/.test(freeId(name, []))));
});

test('what is removed is gone, what is new is last', () => {
  const program = {
    id: 'ccd',
    label: 'indi_ccd',
    kind: 'child',
    restarts: 0,
    devices: [],
    lastWords: [],
  } as const;
  const grown = after(nothingYet, { event: 'program', data: { ...program, state: 'starting' } });
  const changed = after(grown, { event: 'program', data: { ...program, state: 'running' } });
  assert.deepEqual(
    changed.programs?.map(({ state }) => state),
    ['running'],
  );
  assert.deepEqual(after(changed, { event: 'removed', data: { program: 'ccd' } }).programs, []);
  const devices = [{ id: 'a' }, { id: 'b' }] as unknown as RigState['devices'];
  const left = after({ ...nothingYet, devices }, { event: 'removed', data: { device: 'a' } });
  assert.deepEqual(
    left.devices.map(({ id }) => id),
    ['b'],
  );
});
