import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PixelView } from '../fits-read.ts';
import { sharedKernels } from '../kernels/kernels.ts';
import { deblend, wholeBlob } from './deblend.ts';
import { defectsOf, repaired } from './defects.ts';
import { darkField, exposed, moffat, paint } from './field.fixture.ts';
import { findStars } from './find.ts';
import { fullFrom } from './full.ts';
import { completed, growthOf, MOFFAT_WINGS, meanRadiusOf, radiusOf, stacked, wingsOf } from './growth.ts';
import { neighboursAmong } from './neighbours.ts';
import type { PatchReader } from './patch.ts';
import { openPlane } from './plane.ts';
import { patchesOf, type Runs, runsAbove } from './runs.ts';
import { meshAt, skyOf } from './sky.ts';
import { spanReader } from './span.ts';
import type { Star } from './star.ts';
import { ninthsOf, statisticsOf, tiltOf } from './summary.ts';

const kernels = sharedKernels();

/** Runs of a small picture of heights. */
function runsOf(rows: readonly (readonly number[])[], threshold: number): Runs {
  const [width, height] = [rows[0]!.length, rows.length];
  return kernels.within((room) => {
    const at = room.take(2 * width);
    const smoothed = (row: number) => {
      new Int16Array(kernels.memory, at, width).set(rows[row]!);
      return at;
    };
    return runsAbove({ width, height }, smoothed, threshold, kernels, () => {})!;
  });
}

/** Patches by flooding, as sets of places. */
function flooded(rows: readonly (readonly number[])[], threshold: number): string[] {
  const seen = new Set<string>();
  const patches: string[] = [];
  const isHigh = (x: number, y: number) => (rows[y]?.[x] ?? -1) > threshold;
  rows.forEach((row, y) => {
    row.forEach((_, x) => {
      if (!isHigh(x, y) || seen.has(`${x},${y}`)) return;
      const [patch, queue]: [string[], [number, number][]] = [[], [[x, y]]];
      seen.add(`${x},${y}`);
      for (const [px, py] of queue) {
        patch.push(`${px},${py}`);
        for (const dy of [-1, 0, 1]) {
          for (const dx of [-1, 0, 1]) {
            const key = `${px + dx},${py + dy}`;
            if (!isHigh(px + dx, py + dy) || seen.has(key)) continue;
            seen.add(key);
            queue.push([px + dx, py + dy]);
          }
        }
      }
      patches.push(patch.sort().join(' '));
    });
  });
  return patches.sort();
}

const pictures = fc
  .tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 18 }))
  .chain(([width, height]) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: width, maxLength: width }), {
      minLength: height,
      maxLength: height,
    }),
  );

test('patches are what flooding finds, whatever the picture', () => {
  fc.assert(
    fc.property(pictures, fc.integer({ min: 0, max: 55 }), (rows, threshold) => {
      const runs = runsOf(rows, threshold);
      const places = patchesOf(runs).map((patch) =>
        [...patch]
          .flatMap((run) =>
            Array.from(
              { length: runs.end[run]! - runs.start[run]! },
              (_, i) => `${runs.start[run]! + i},${runs.row[run]!}`,
            ),
          )
          .sort()
          .join(' '),
      );
      assert.deepEqual(places.sort(), flooded(rows, threshold));
    }),
    { numRuns: 300, seed: 4 },
  );
});

test('parting keeps all light and area; summits stand out; a rise of nothing parts at every saddle', () => {
  fc.assert(
    fc.property(pictures, fc.integer({ min: 1, max: 40 }), (rows, rise) => {
      const runs = runsOf(rows, 10);
      for (const patch of patchesOf(runs)) {
        const whole = wholeBlob(runs, patch);
        const blobs = deblend(runs, patch, whole, 10, rise);
        const total = (of: (blob: (typeof blobs)[number]) => number) =>
          blobs.reduce((sum, blob) => sum + of(blob), 0);
        assert.equal(
          total(({ area }) => area),
          whole.area,
        );
        assert.equal(
          total(({ light }) => light),
          whole.light,
        );
        assert.equal(Math.max(...blobs.map(({ height }) => height)), whole.height);
        for (const { x, y, height } of blobs) assert.equal(rows[y]![x], height);
        if (blobs.length > 1)
          assert.ok(blobs.every(({ height, blended }) => blended && height > 10 + rise - 1));
      }
    }),
    { numRuns: 300, seed: 5 },
  );
});

test('two hills part where the lower rises enough above their saddle', () => {
  const ridge = [[0, 20, 50, 30, 45, 20, 0]];
  const parted = (rise: number) => {
    const runs = runsOf(ridge, 5);
    const patch = patchesOf(runs)[0]!;
    return deblend(runs, patch, wholeBlob(runs, patch), 5, rise).map(({ x }) => x);
  };
  assert.deepEqual(parted(15), [2, 4]);
  assert.deepEqual(parted(16), [2]);
});

test('a long thin patch is a line, a round one is none', () => {
  const rows = Array.from({ length: 90 }, (_, y) =>
    Array.from({ length: 90 }, (_, x) => (Math.abs(x - y) < 2 || Math.hypot(x - 70, y - 15) < 12 ? 40 : 0)),
  );
  const runs = runsOf(rows, 5);
  const lines = patchesOf(runs).map(
    (patch) => deblend(runs, patch, wholeBlob(runs, patch), 5, 10)[0]!.onLine,
  );
  assert.deepEqual(lines, [true, false]);
});

test('defective columns are found exactly, singly and in pairs, mono and Bayer, and replaced by good ones', () => {
  for (const bayer of [undefined, 'RGGB' as const]) {
    const field = darkField(300, 200, 31);
    const columns = [40, 41, 150, 260];
    for (const column of columns) {
      for (let y = column === 260 ? 100 : 0; y < 200; y++)
        field.pixels[y * 300 + column]! += column === 150 ? -90 : 400;
    }
    paint(field, moffat(4), { x: 100, y: 60, flux: 90_000 }, 30);
    const view = exposed(field, 20, bayer);
    const defects = defectsOf(view);
    assert.deepEqual(
      defects.columnsOf(180).map(({ column }) => column),
      columns,
    );
    assert.deepEqual(
      defects.columnsOf(20).map(({ column }) => column),
      columns.slice(0, 3),
    );
    const row = new Float32Array(300);
    repaired(spanReader(view), defects)(0, 180, 0, 300, row, 0);
    const raw = new Float32Array(300);
    spanReader(view)(0, 180, 0, 300, raw, 0);
    for (const column of columns) assert.ok(Math.abs(row[column]! - raw[column - 4]!) < 150);
    assert.deepEqual([...row.subarray(42, 150)], [...raw.subarray(42, 150)]);
  }
});

test('the mesh follows a gradient up to the edges and leaves out a galaxy', () => {
  const field = darkField(500, 400, 32);
  const sky = (x: number, y: number) => 1000 + 0.8 * x - 0.5 * y;
  field.pixels.forEach((_, i) => {
    field.pixels[i] = sky(i % 500, Math.floor(i / 500));
  });
  paint(field, (r) => Math.exp(-(r ** 2) / 1200) / (1200 * Math.PI), { x: 250, y: 200, flux: 2e6 }, 110);
  const view = exposed(field, 20);
  const mesh = kernels.within((room) =>
    skyOf(openPlane(view, 1, defectsOf(view), kernels, room), kernels, () => {}),
  );
  for (const [x, y] of [
    [0, 0],
    [499, 0],
    [0, 399],
    [499, 399],
    [100, 330],
  ] as const) {
    const level = meshAt(mesh.level, mesh, x, y);
    assert.ok(Math.abs(level - sky(x, y)) < 6, `${level} at ${x}, ${y}`);
  }
  assert.ok(meshAt(mesh.level, mesh, 250, 200) < 975 + 250);
});

test('the growth of a disc: half its light within 1/√2 of it, the mean at two thirds', () => {
  const [side, middle, radius] = [41, 20.3, 12];
  const pixels = new Float32Array(side * side).map((_, i) =>
    Math.min(1, Math.max(0, radius + 0.5 - Math.hypot((i % side) - middle, Math.floor(i / side) - middle))),
  );
  const growth = growthOf({ side, pixels, x: middle, y: middle }, 16);
  assert.ok(Math.abs(growth.flux / (Math.PI * radius ** 2) - 1) < 0.01);
  assert.ok(Math.abs(radiusOf(growth, growth.flux / 2) - radius / Math.SQRT2) < 0.1);
  assert.ok(Math.abs(meanRadiusOf(growth) - (2 * radius) / 3) < 0.1);
  assert.equal(radiusOf(growth, 2 * growth.flux), 16);
  // A quarter masked is replaced by the rest of each ring.
  const masked = pixels.map((value, i) => (i % side > middle && i / side > middle ? Number.NaN : value));
  assert.ok(
    Math.abs(growthOf({ side, pixels: masked, x: middle, y: middle }, 16).flux / growth.flux - 1) < 0.02,
  );
});

test('a narrow aperture is completed by the wings of the others, to the wide one', () => {
  const side = 121;
  const profile = moffat(6);
  const pixels = new Float32Array(side * side).map(
    (_, i) => 1000 * profile(Math.hypot((i % side) - 60, Math.floor(i / side) - 60)),
  );
  const narrow = completed(growthOf({ side, pixels, x: 60, y: 60 }, 8), MOFFAT_WINGS)!;
  assert.ok(Math.abs(narrow.flux - 1000) < 15, `${narrow.flux}`);
  const wide = growthOf({ side, pixels, x: 60, y: 60 }, 40);
  const seen = wingsOf(stacked([{ growth: wide, snr: 1000 }]), 1000);
  seen.forEach((share, index) => {
    assert.ok(Math.abs(share - MOFFAT_WINGS[index]!) < 0.02, `${index}: ${share}`);
  });
  assert.deepEqual(wingsOf(stacked([{ growth: wide, snr: 1 }]), 0), MOFFAT_WINGS);
  assert.equal(
    completed({ aperture: 5, rings: 1, light: Float64Array.of(-3), flux: -3 }, MOFFAT_WINGS),
    undefined,
  );
});

test('a neighbour is taken out of a patch, the star itself is not', () => {
  const blob = { x: 10, y: 10, height: 500, light: 9000, area: 30, onLine: false, blended: true };
  const { near, maskOf } = neighboursAmong([blob, { ...blob, x: 16 }, { ...blob, x: 90 }]);
  assert.equal(near(10, 10, 8).length, 2);
  const pixels = new Float32Array(21 * 21);
  maskOf(blob, 1)(0, 0, 21, pixels);
  const at = (x: number, y: number) => pixels[y * 21 + x]!;
  assert.ok(Number.isNaN(at(16, 10)) && Number.isNaN(at(14, 11)));
  assert.ok(at(10, 10) === 0 && at(12, 10) === 0 && at(4, 4) === 0);
});

test('medians, the common direction and tilt', () => {
  const star = (x: number, y: number, hfr: number, elongationDegrees: number): Star => ({
    x,
    y,
    hfr,
    elongationDegrees,
    flux: 1,
    peak: 1,
    snr: 20,
    meanRadius: hfr,
    fwhm: 2 * hfr,
    eccentricity: 0.5,
    saturated: false,
  });
  const stars = Array.from({ length: 90 }, (_, i) => {
    const [x, y] = [(i % 10) * 10 + 5, Math.floor(i / 10) * 11];
    return star(x, y, x > 66 && y > 66 ? 3 : 2, i % 2 ? 179 : 3);
  });
  const whole = statisticsOf(stars);
  assert.equal(whole.hfr, 2);
  assert.ok(Math.abs(whole.elongationDegrees - 1) < 1e-6, `${whole.elongationDegrees}`);
  const ninths = ninthsOf(stars, 100, 99);
  assert.equal(ninths[8]!.hfr, 3);
  assert.equal(tiltOf(ninths), 0.5);
  assert.ok(Number.isNaN(tiltOf(ninthsOf(stars.slice(0, 30), 100, 99))));
  assert.ok(
    Number.isNaN(
      statisticsOf([star(0, 0, 1, 0), star(1, 1, 1, 90), star(2, 2, 1, 0), star(3, 3, 1, 90)])
        .elongationDegrees,
    ),
  );
  assert.ok(Number.isNaN(statisticsOf([]).hfr));
});

test('in a small picture a bright star is no defective column', () => {
  for (const side of [20, 32, 48, 64, 100, 128]) {
    const field = darkField(side, side, side);
    const star = { x: side / 2 + 0.3, y: side / 2 - 0.2, flux: 120_000 };
    paint(field, moffat(2.5), star, side);
    const view = exposed(field, 8);
    assert.ok(defectsOf(view).none, `${side} pixels`);
    const [found, ...others] = findStars(view).stars;
    assert.deepEqual(others, []);
    assert.ok(Math.hypot(found!.x - star.x, found!.y - star.y) < 0.03, `${side}: ${found!.x}, ${found!.y}`);
    assert.ok(Math.abs(found!.fwhm / 2.5 - 1) < 0.06, `${side}: ${found!.fwhm}`);
  }
});

test('where pixels are full whichever way the stored numbers grow', () => {
  const reader = { read: (_left: number, _top: number, _side: number, into: Float32Array) => into.fill(0) };
  const fullOf = (view: Pick<PixelView, 'bitpix' | 'zero' | 'scale'>) =>
    fullFrom(view as PixelView, reader as unknown as PatchReader, [], 3);
  assert.equal(fullOf({ bitpix: 16, zero: 32_768, scale: 1 }), 64_768);
  assert.equal(fullOf({ bitpix: 16, zero: 32_767, scale: -1 }), 64_767);
  assert.equal(fullOf({ bitpix: 8, zero: 255, scale: -1 }), 250);
  assert.equal(fullOf({ bitpix: -32, zero: 0, scale: 1 }), Number.POSITIVE_INFINITY);
});
