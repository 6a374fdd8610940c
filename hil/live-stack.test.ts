import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock, utcOf } from '../src/core/clock.ts';
import { arrange } from '../src/imaging/arrange.ts';
import { viewOf } from '../src/imaging/fits-read.ts';
import { allocateFrame } from '../src/imaging/frame.ts';
import { LiveStack } from '../src/imaging/stack/live-stack.ts';
import { moved } from '../src/imaging/stack/similarity.ts';
import { findStars } from '../src/imaging/stars/find.ts';
import { SIDEREAL_DEGREES_PER_SECOND } from './sky/mount-body.ts';
import { createWorld } from './sky/world.ts';

const EXPOSURE_SECONDS = 20;

test("frames of the world's camera align within 0.2 pixels, dithered and after a meridian flip", async () => {
  const clock = new SimClock(utcOf(2026, 11, 22, 22));
  const world = createWorld({
    clock,
    flaws: { polarAltitudeArcmin: 5, polarAzimuthArcmin: -4, periodicArcsec: 2 },
  });
  const places = [0, 1, 2, 3].flatMap((i) =>
    [0, 1, 2].map((j) => ({ ra: 59.7 + 0.2 * i, dec: 29.8 + 0.2 * j })),
  );
  const stack = new LiveStack();
  let reference: ({ x: number; y: number } | undefined)[] | undefined;
  for (const { ra, dec, pierSide } of [
    { ra: 60, dec: 30, pierSide: 'west' },
    { ra: 60.02, dec: 30.01, pierSide: 'west' },
    { ra: 59.99, dec: 29.98, pierSide: 'east' },
  ] as const) {
    world.mount.aim({ ra, dec }, pierSide);
    world.mount.ra.drive(SIDEREAL_DEGREES_PER_SECOND);
    const startUtc = clock.now();
    await clock.drive(clock.sleep(EXPOSURE_SECONDS * 1000));
    const { width, height, samples } = world.main.expose({ startUtc, seconds: EXPOSURE_SECONDS });
    const frame = allocateFrame({ width, height, format: 'u16' });
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    const view = viewOf(arrange(bytes, { element: 'u16', order: 'row-major' }, frame));
    const added = stack.add(view, findStars(view, { most: 400 }));
    assert.ok(added.added, JSON.stringify(added));
    // The camera's own positions have pixel centres at .5.
    const now = places.map((place) => world.main.pixelOf(place, startUtc + EXPOSURE_SECONDS * 500));
    reference ??= now;
    now.forEach((spot, index) => {
      const first = reference?.[index];
      if (!spot || !first) return;
      const { x, y } = moved(added.transform, { x: spot.x - 0.5, y: spot.y - 0.5 });
      const error = Math.hypot(x - (first.x - 0.5), y - (first.y - 0.5));
      assert.ok(error < 0.2, `${error} px`);
    });
  }
  assert.equal(stack.frames, 3);
});
