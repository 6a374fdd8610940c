import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { signedDegrees } from '../../src/core/units.ts';
import type { Place } from './geometry.ts';
import { mainSensor, mainTelescope, projection } from './optics.ts';
import { night, pleiades, sky } from './steady-night.ts';
import { cross, fromPlace, plus, scaled, unit } from './vector.ts';
import { createWorld } from './world.ts';

test('the tangent plane agrees with astropy: up at the position angle of up, east left of north', () => {
  const file = readFileSync(new URL('data/vectors.json', import.meta.url), 'utf8');
  const { ways } = JSON.parse(file) as {
    ways: { centre: Place; angle: number; degrees: number; place: Place }[];
  };
  for (const { centre, angle, degrees, place } of ways) {
    const axis = fromPlace(centre);
    const east = unit(cross([0, 0, 1], axis));
    const north = cross(axis, east);
    const turn = (angle * Math.PI) / 180;
    const toward = (a: number) => plus(scaled(north, Math.cos(a)), scaled(east, Math.sin(a)));
    const length = (Math.tan((degrees * Math.PI) / 180) * 530_000) / 5.86;
    const up = projection({ axis, up: toward(turn) }, mainTelescope, mainSensor)(fromPlace(place))!;
    assert.ok(Math.hypot(up.x - 968, up.y - (608 - length)) < 0.01);
    const left = projection(
      { axis, up: toward(turn - Math.PI / 2) },
      mainTelescope,
      mainSensor,
    )(fromPlace(place))!;
    assert.ok(Math.hypot(left.x - (968 - length), left.y - 608) < 0.01);
    const camera = projection({ axis, up: north }, mainTelescope, mainSensor, angle)(fromPlace(place))!;
    assert.ok(Math.hypot(camera.x - 968, camera.y - (608 - length)) < 0.01);
  }
});

test('north is up and east left on pier side west, on both hemispheres; the flip turns it, a mirror swaps sides', async () => {
  const south = { latitude: -24.6, longitude: 8.7, elevationMetres: 2000 };
  for (const site of [undefined, south]) {
    const { world } = await night(pleiades, { catalogue: sky([]), ...(site ? { site } : {}) }, 1);
    const mirrored = createWorld({
      clock: world.clock,
      main: { sensor: { mirrored: true } },
      ...(site ? { site } : {}),
    });
    const north = { ra: pleiades.ra, dec: pleiades.dec + 0.2 };
    const east = { ra: pleiades.ra + 0.2, dec: pleiades.dec };
    for (const [side, sign] of [
      ['west', 1],
      ['east', -1],
    ] as const) {
      world.mount.aim(pleiades, side);
      mirrored.mount.aim(pleiades, side);
      const { width, height } = world.main.sensor;
      assert.ok(sign * (height / 2 - world.main.pixelOf(north)!.y) > 250);
      assert.ok(sign * (width / 2 - world.main.pixelOf(east)!.x) > 250);
      assert.ok(sign * (mirrored.main.pixelOf(east)!.x - width / 2) > 250);
      assert.ok(Math.abs(signedDegrees(world.mount.pointing().rotation - (sign > 0 ? 0 : 180))) < 1);
    }
  }
});
