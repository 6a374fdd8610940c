import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AlignStar, alignStars } from './align.ts';
import { fitSimilarity, inverse, moved, reducedBy, type Similarity } from './similarity.ts';
import { chance, lightsOver, normal, turn } from './sky.fixture.ts';

const size = { width: 3000, height: 2000 };

interface Seen {
  transform?: Similarity;
  /** Share of the stars that are not found, and of others that are none. */
  missing?: number;
  spurious?: number;
  seed: number;
}

/** A star list as detection would give it, with the errors of its centroids. */
function listOf(
  sky: number,
  { transform = turn(0, 0, 0), missing = 0.1, spurious = 0.1, seed }: Seen,
): AlignStar[] {
  const random = chance(seed);
  const toFrame = inverse(transform);
  const star = (x: number, y: number, flux: number): AlignStar => {
    const snr = Math.sqrt(flux) / 3;
    const error = Math.hypot(0.03, 2.1 / snr);
    return { x: x + error * normal(random), y: y + error * normal(random), flux, snr, hfr: 2.5 };
  };
  const stars = lightsOver(size.width, size.height, 150, sky).flatMap((light) => {
    const { x, y } = moved(toFrame, light);
    const inside = x >= 0 && y >= 0 && x < size.width && y < size.height;
    return inside && random() >= missing ? [star(x, y, light.flux)] : [];
  });
  const extra = Array.from({ length: Math.round(spurious * stars.length) }, () =>
    star(random() * size.width, random() * size.height, 4000 * (1 - random()) ** -1.2),
  );
  return [...stars, ...extra].sort((a, b) => b.flux - a.flux);
}

/** The largest difference at the corners, pixels. */
function apart(found: Similarity, truth: Similarity): number {
  const corners = [0, size.width].flatMap((x) => [0, size.height].map((y) => ({ x, y })));
  return Math.max(
    ...corners.map((corner) => {
      const [a, b] = [moved(found, corner), moved(truth, corner)];
      return Math.hypot(a.x - b.x, a.y - b.y);
    }),
  );
}

for (const { name, degrees, dx, dy, missing, spurious, within } of [
  { name: 'dithered', degrees: 0.02, dx: 12.4, dy: -7.7, missing: 0.1, spurious: 0.1, within: 0.15 },
  {
    name: 'after a meridian flip',
    degrees: 180.3,
    dx: 40,
    dy: 25,
    missing: 0.1,
    spurious: 0.1,
    within: 0.15,
  },
  {
    name: 'turned by an alt-azimuth mount',
    degrees: 37,
    dx: 5,
    dy: 9,
    missing: 0.1,
    spurious: 0.1,
    within: 0.15,
  },
  { name: 'half a field away', degrees: 0.4, dx: 1400, dy: -200, missing: 0.2, spurious: 0.2, within: 0.3 },
  {
    name: 'through haze, with false stars',
    degrees: -0.1,
    dx: 30,
    dy: 3,
    missing: 0.4,
    spurious: 0.4,
    within: 0.25,
  },
]) {
  test(`two images of a field are aligned: ${name}`, () => {
    for (let seed = 1; seed <= 10; seed++) {
      const transform = turn(size.width, size.height, degrees, dx, dy);
      const [reference, frame] = [
        listOf(seed, { seed, missing, spurious }),
        listOf(seed, { seed: seed + 100, transform, missing, spurious }),
      ];
      const found = alignStars(reference, frame, size);
      assert.ok(found, `seed ${seed}`);
      assert.ok(apart(found.transform, transform) < within, `${apart(found.transform, transform)} px`);
      assert.ok(found.rms < 0.4 && Math.abs(found.brighter - 1) < 0.05);
    }
  });
}

test('no two fields of different stars are aligned', () => {
  for (let seed = 1; seed <= 25; seed++) {
    const [one, other] = [listOf(seed, { seed }), listOf(seed + 1000, { seed: seed + 2000 })];
    assert.equal(alignStars(one, other, size), undefined, `seed ${seed}`);
  }
});

test('a mirrored image is not aligned, for a turn cannot make it', () => {
  const stars = listOf(4, { seed: 1 });
  const mirrored = stars.map((star) => ({ ...star, x: size.width - 1 - star.x }));
  assert.equal(alignStars(stars, mirrored, size), undefined);
});

test('few stars and no stars are no error', () => {
  const stars = listOf(4, { seed: 1 });
  assert.equal(alignStars(stars, [], size), undefined);
  assert.equal(alignStars(stars, stars.slice(0, 5), size), undefined);
  assert.ok(alignStars(stars, stars.slice(0, 9), size));
});

test('thinner light is measured by the stars', () => {
  const stars = listOf(4, { seed: 1 });
  const dimmed = stars.map((star) => ({ ...star, flux: star.flux * 0.7 }));
  assert.ok(Math.abs(alignStars(stars, dimmed, size)!.brighter - 1 / 0.7) < 1e-9);
});

test('similarities: the inverse undoes, a fit finds, a reduced one moves the centres of blocks alike', () => {
  const transform = turn(300, 200, 31, 4, -9);
  const point = { x: 17, y: 140 };
  const back = moved(inverse(transform), moved(transform, point));
  assert.ok(Math.hypot(back.x - point.x, back.y - point.y) < 1e-9);
  const from = [point, { x: 3, y: 8 }, { x: 250, y: 90 }];
  const fitted = fitSimilarity(
    from,
    from.map((p) => moved(transform, p)),
    [1, 2, 5],
  );
  assert.ok(apart(fitted, transform) < 1e-9);
  // The block (10, 7) of 4 × 4 pixels has its centre at 41.5, 29.5.
  const small = moved(reducedBy(transform, 4), { x: 10, y: 7 });
  const large = moved(transform, { x: 41.5, y: 29.5 });
  assert.ok(Math.hypot(4 * small.x + 1.5 - large.x, 4 * small.y + 1.5 - large.y) < 1e-9);
});
