import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decide, type Scene } from './decide.ts';

const MINUTE = 60_000;
const scenes: fc.Arbitrary<Scene> = fc.record({
  nowMs: fc.integer({ min: 0, max: 10 * 60 * MINUTE }),
  radios: fc.integer({ min: 0, max: 3 }),
  hotspot: fc.constantFrom('up', 'starting', 'down'),
  home: fc.constantFrom('joined', 'joining', 'away'),
  known: fc.integer({ min: 0, max: 3 }),
  aloneSinceMs: fc.integer({ min: 0, max: 10 * 60 * MINUTE }),
  phones: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
  quietSinceMs: fc.integer({ min: 0, max: 10 * 60 * MINUTE }),
  misses: fc.integer({ min: 0, max: 1000 }),
});

test('whoever is alone for 40 s gets the hotspot, whatever else is', () => {
  fc.assert(
    fc.property(scenes, (scene) => {
      fc.pre(scene.radios > 0 && scene.hotspot === 'down' && scene.home !== 'joined');
      assert.equal(decide({ ...scene, nowMs: scene.aloneSinceMs + 40_000 }), 'raise');
    }),
  );
});

test('the hotspot is let go only where nobody is on it and a WiFi is known, with one radio', () => {
  fc.assert(
    fc.property(scenes, (scene) => {
      if (decide(scene) !== 'look') return;
      assert.deepEqual([scene.hotspot, scene.phones, scene.radios], ['up', 0, 1]);
      assert.ok(scene.known > 0 && scene.nowMs - scene.quietSinceMs >= 3 * MINUTE);
    }),
  );
});

test('a WiFi that is joined is left alone by the only radio', () => {
  fc.assert(
    fc.property(scenes, (scene) => {
      assert.equal(decide({ ...scene, radios: 1, hotspot: 'down', home: 'joined' }), 'nothing');
    }),
  );
});

test('however often in vain, known WiFis are looked for every half an hour', () => {
  fc.assert(
    fc.property(scenes, (scene) => {
      const quiet = { ...scene, radios: 1, hotspot: 'up', phones: 0, known: 1 } as const;
      assert.equal(decide({ ...quiet, nowMs: quiet.quietSinceMs + 30 * MINUTE }), 'look');
    }),
  );
});

test('without a radio there is nothing to do', () => {
  fc.assert(fc.property(scenes, (scene) => decide({ ...scene, radios: 0 }) === 'nothing'));
});
