import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CameraBody } from './camera-body.ts';
import { exposure, night, one, pleiades, sky } from './steady-night.ts';

interface Measured {
  x: number;
  y: number;
  flux: number;
  /** Root mean square distance from the centroid, along rows and columns. */
  spreadX: number;
  spreadY: number;
}

/** Background-free moments in a square about a place. */
function measure(
  camera: CameraBody,
  samples: ArrayLike<number>,
  at: { x: number; y: number },
  half = 14,
): Measured {
  const { width } = camera.sensor;
  const [left, top] = [Math.floor(at.x) - half, Math.floor(at.y) - half];
  const side = 2 * half + 1;
  let background = 0;
  for (let i = 0; i < side; i++) {
    background +=
      (samples[top * width + left + i]! + samples[(top + 2 * half) * width + left + i]!) / side / 2;
  }
  let [flux, sx, sy, sxx, syy] = [0, 0, 0, 0, 0];
  for (let row = top; row < top + side; row++) {
    for (let column = left; column < left + side; column++) {
      const value = samples[row * width + column]! - background;
      flux += value;
      sx += value * (column + 0.5);
      sy += value * (row + 0.5);
      sxx += value * (column + 0.5) ** 2;
      syy += value * (row + 0.5) ** 2;
    }
  }
  const [x, y] = [sx / flux, sy / flux];
  return { x, y, flux, spreadX: Math.sqrt(sxx / flux - x * x), spreadY: Math.sqrt(syy / flux - y * y) };
}

test('stars land where the projection says, within 0.1 px, on either camera', async () => {
  const stars = [one(9), one(8, 0.35), one(8.5, -0.41), { ra: 56.6, dec: 24.4, magnitude: 9 }];
  const { world } = await night(pleiades, { catalogue: sky(stars) });
  for (const camera of [world.main, world.guide]) {
    const { samples } = camera.expose({ ...exposure, seconds: camera === world.main ? 60 : 20 });
    const mid = exposure.startUtc + (camera === world.main ? 30_000 : 10_000);
    for (const star of stars) {
      const spot = camera.pixelOf(star, mid)!;
      const found = measure(camera, samples, spot);
      assert.ok(Math.hypot(found.x - spot.x, found.y - spot.y) < 0.1, JSON.stringify({ found, spot }));
    }
  }
});

test('2.5 magnitudes are ten times the light, and the light is what aperture and time collect', async () => {
  const { world } = await night(pleiades, { catalogue: sky([one(9.5, 0.3), one(12, -0.3)]) });
  const flux = (seconds: number, offset: number) => {
    const { samples } = world.main.expose({ ...exposure, seconds, gain: 0 });
    return measure(
      world.main,
      samples,
      world.main.pixelOf(one(0, offset), exposure.startUtc + seconds * 500)!,
      22,
    ).flux;
  };
  const bright = flux(4, 0.3);
  assert.ok(Math.abs(bright / flux(4, -0.3) / 10 - 1) < 0.05);
  assert.ok(Math.abs(flux(2, 0.3) / bright / 0.5 - 1) < 0.02);
  // 2.4e6 photons/s/cm² × 80.3 cm² × 0.7 × 4 s × 10^-3.8, 0.2 magnitudes of air, 0.8 e⁻/ADU.
  assert.ok(Math.abs(bright / 8.7e4 - 1) < 0.05, `${bright} ADU`);
});

test('clouds, a narrow filter and a low altitude dim the stars; a closed cover hides them', async () => {
  const { world } = await night(pleiades, { catalogue: sky([one(10)]) });
  const flux = () => {
    const { samples } = world.main.expose({ ...exposure, seconds: 10 });
    return measure(world.main, samples, world.main.pixelOf(pleiades, exposure.startUtc + 5000)!).flux;
  };
  const clear = flux();
  world.weather.clouds = 0.5;
  assert.ok(Math.abs(flux() / clear - 0.25) < 0.02);
  world.weather.clouds = 0;
  world.wheel.slot = 2;
  assert.ok(Math.abs(flux() / clear - 0.33) < 0.02);
  world.wheel.slot = 0;
  assert.ok(Math.abs(flux()) < clear / 100, 'between two filters it is dark');
  world.wheel.slot = 1;
  world.panel.closed = true;
  assert.ok(Math.abs(flux()) < clear / 100);
  const low = await night(
    { ra: pleiades.ra + 85, dec: -20 },
    { catalogue: sky([{ ra: pleiades.ra + 85, dec: -20, magnitude: 10 }]) },
  );
  assert.ok(low.world.mount.pointing().altitude < 15);
  const { samples } = low.world.main.expose({ ...exposure, seconds: 10 });
  const spot = low.world.main.pixelOf({ ra: pleiades.ra + 85, dec: -20 }, exposure.startUtc + 5000)!;
  assert.ok(measure(low.world.main, samples, spot).flux < clear * 0.7);
});

test('a region is the crop of the whole frame, noise included, binned too', async () => {
  const { world } = await night(pleiades);
  for (const binning of [1, 2]) {
    const whole = world.main.expose({ ...exposure, seconds: 2, binning });
    const region = { x: 600, y: 400, width: 256, height: 192 };
    const part = world.main.expose({ ...exposure, seconds: 2, binning, region });
    assert.deepEqual([part.width, part.height], [256 / binning, 192 / binning]);
    for (let row = 0; row < part.height; row++) {
      const from = (400 / binning + row) * whole.width + 600 / binning;
      assert.deepEqual(
        part.samples.slice(row * part.width, (row + 1) * part.width),
        whole.samples.slice(from, from + part.width),
      );
    }
  }
});

test('the same request gives the same samples in a like world; another instant other noise', async () => {
  const [a, b] = [await night(pleiades), await night(pleiades)];
  const request = { ...exposure, seconds: 5, region: { x: 800, y: 500, width: 300, height: 200 } };
  const first = a.world.main.expose(request).samples;
  assert.deepEqual(b.world.main.expose(request).samples, first);
  const later = a.world.main.expose({ ...request, startUtc: request.startUtc + 1 }).samples;
  const same = Array.from(first).filter((value, i) => value === later[i]).length;
  assert.ok(same < first.length / 10);
});

test('defocus widens a star step by step on both sides, and far out shows the hole of the obstruction', async () => {
  const { world } = await night(pleiades, { catalogue: sky([one(7)]) });
  const spot = world.main.pixelOf(pleiades, exposure.startUtc + 1000)!;
  const best = world.focus.best();
  const at = (steps: number) => {
    world.focus.axis.place(best + steps);
    return world.main.expose({ ...exposure, seconds: 2 }).samples;
  };
  const widths = [-160, -80, -40, 0, 40, 80, 160].map(
    (steps) => measure(world.main, at(steps), spot, 25).spreadX,
  );
  for (const i of [0, 1, 2]) assert.ok(widths[i]! > widths[i + 1]! * 1.02, `${widths}`);
  for (const i of [3, 4, 5]) assert.ok(widths[i + 1]! > widths[i]! * 1.02, `${widths}`);
  const ring = at(600);
  const { width } = world.main.sensor;
  const value = (dx: number) => ring[Math.floor(spot.y) * width + Math.floor(spot.x) + dx]!;
  // 600 steps of 4 µm at f/5: a ring of 41 px radius with a hole of 12 px.
  assert.ok(value(25) > value(0) + 50 && value(25) > value(55) + 50, `${[0, 25, 55].map(value)}`);
});

test('the filter and the cold move the focus', async () => {
  const { world } = await night(pleiades);
  const before = world.focus.best();
  world.wheel.slot = 5;
  assert.equal(world.focus.best(), before + 20);
  world.weather.override.temperatureCelsius = 5;
  assert.equal(world.focus.best(), before + 60);
});

test('without tracking the star trails along right ascension', async () => {
  const { world, clock } = await night(pleiades, { catalogue: sky([one(7)]) });
  world.mount.ra.drive(0);
  const startUtc = clock.now();
  await clock.drive(clock.sleep(4000));
  const { samples } = world.main.expose({ startUtc, seconds: 4 });
  const found = measure(world.main, samples, world.main.pixelOf(pleiades, startUtc + 2000)!, 25);
  // 4 s at 15″ and cos 24°: 24 px long.
  assert.ok(found.spreadX > 5 && found.spreadX < 9, `${found.spreadX}`);
  assert.ok(found.spreadY < 2.5, `${found.spreadY}`);
});
