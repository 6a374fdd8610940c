import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { BadInput } from '../core/errors.ts';
import { unitVector } from '../sky/vector.ts';
import { BrightTree } from './bright-tree.ts';
import { describeQuad, emptyQuad } from './quad.ts';
import { FEW, indexQuads, MANY } from './quad-bake.ts';
import { encodeQuads, openQuads } from './quad-file.ts';
import { placeQuad, similarQuads } from './quad-index.ts';
import { emptyFolder, placeFrom, randomFrom } from './sky.fixture.ts';
import { tabulate } from './star-table.ts';

const coordinate = fc.integer({ min: -1000, max: 1000 });
const fourPoints = fc.array(fc.tuple(coordinate, coordinate), { minLength: 4, maxLength: 4 });
const all = [0, 1, 2, 3];

/** Shapes at whose edges the canonical order tips over are left out. */
function clear(code: Float64Array): boolean {
  const [x1, y1, x2, y2] = code as unknown as [number, number, number, number];
  const lengths = [Math.hypot(x1, y1), Math.hypot(x1 - 1, y1), Math.hypot(x2, y2), Math.hypot(x2 - 1, y2)];
  lengths.push(Math.hypot(x1 - x2, y1 - y2));
  const edge = 1e-3;
  return Math.max(...lengths) < 1 - edge && x1 + x2 < 1 - edge && x2 - x1 > edge && y1 > edge;
}

test('a shape is the same moved, turned, grown and in any order; mirrored it says so', () => {
  fc.assert(
    fc.property(
      fourPoints,
      fc.double({ min: 0.1, max: 10, noNaN: true }),
      fc.double({ min: 0, max: 6.3, noNaN: true }),
      fc.boolean(),
      fc.shuffledSubarray(all, { minLength: 4 }),
      (points, size, angle, mirror, order) => {
        const [quad, other] = [emptyQuad(), emptyQuad()];
        const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
        fc.pre(describeQuad(quad, xs, ys, all) && clear(quad.code));
        const side = mirror ? -1 : 1;
        const [c, s] = [size * Math.cos(angle), size * Math.sin(angle)];
        const us = xs.map((x, i) => c * x - s * side * ys[i]! + 5);
        const vs = xs.map((x, i) => s * x + c * side * ys[i]! - 9);
        assert.ok(describeQuad(other, us, vs, order));
        quad.code.forEach((value, n) => {
          assert.ok(Math.abs(value - other.code[n]!) < 1e-6);
        });
        assert.deepEqual([other.a, other.b], [quad.a, quad.b]);
        assert.equal(other.mirrored, quad.mirrored !== mirror);
      },
    ),
    { seed: 1 },
  );
  assert.equal(describeQuad(emptyQuad(), [1, 1, 1, 1], [2, 2, 2, 2], all), false);
});

/** Brightest first, all over the sky, some together. */
function starsOf(seed: number, count: number): Float64Array {
  const random = randomFrom(seed);
  const vectors = new Float64Array(3 * count);
  for (let i = 0; i < count; i++) {
    const { ra, dec } = placeFrom(random);
    vectors.set(random() < 0.2 ? unitVector(10 + 3 * random(), 89 + random()) : unitVector(ra, dec), 3 * i);
  }
  return vectors;
}

test('the tree finds the nearest of the brighter stars as a look at all does', () => {
  for (const count of [1, 2, 5, 300]) {
    const vectors = starsOf(count, count);
    const tree = new BrightTree(vectors);
    const apart = (i: number, j: number) =>
      Math.hypot(...[0, 1, 2].map((axis) => vectors[3 * i + axis]! - vectors[3 * j + axis]!));
    for (let star = 0; star < count; star++) {
      const found = new Uint32Array(4);
      const there = tree.nearestBrighter(star, found);
      const expected = Array.from({ length: star }, (_, i) => i).sort(
        (i, j) => apart(i, star) - apart(j, star),
      );
      assert.deepEqual([...found.subarray(0, there)], expected.slice(0, 4));
    }
  }
});

const vectors = starsOf(3, 3000);
const magnitudes = Float32Array.from({ length: 3000 }, (_, i) => 1 + i / 300);
const { table, numbers } = tabulate(vectors, magnitudes);

test('the table keeps places to 0.1″ and finds the brightest of a cap', () => {
  const place = new Float64Array(3);
  for (let star = 0; star < 3000; star++) {
    table.vector(numbers[star]!, place);
    const off = Math.hypot(...[0, 1, 2].map((axis) => place[axis]! - vectors[3 * star + axis]!));
    assert.ok(off < 0.1 / 206265);
  }
  const into = new Float64Array(3 * 3000);
  for (const [ra, dec, radius] of [
    [12, 89.7, 0.02],
    [200, -50, 0.5],
    [0, 90, 1.7],
    [30, 0, Math.PI],
  ] as const) {
    const centre = unitVector(ra, dec);
    const within = (at: number, from: Float64Array) =>
      from[at]! * centre[0] + from[at + 1]! * centre[1] + from[at + 2]! * centre[2] >=
      Math.cos(radius) - 1e-9;
    const expected = Array.from({ length: 3000 }, (_, i) => i).filter((i) => within(3 * i, vectors)).length;
    assert.equal(table.brightest(centre, radius, 1e9, into), expected);
    const few = table.brightest(centre, radius, 20, into);
    assert.ok(few <= expected && (expected < 20 || few >= 5), `${few} of ${expected}`);
    for (let i = 0; i < few; i++) assert.ok(within(3 * i, into));
  }
  assert.equal(table.brightest(unitVector(30, 0), Math.PI, 1e9, new Float64Array(30)), 10);
});

const index = { ...indexQuads(vectors, FEW, 8, table, numbers), stars: table };

test('a quad is found by its shape as it was put in, and not by another', () => {
  const quad = emptyQuad();
  for (const mirrored of [false, true]) {
    quad.mirrored = mirrored;
    for (const bins of [8, 12, 32]) {
      quad.code.set([0.31, 0.7, 0.62, -0.55]);
      const { bin, low, high } = placeQuad(quad, 2_000_001, 1_999_999, bins);
      const firsts = new Uint32Array(bins ** 4 + 1).fill(1, bin + 1);
      const one = { bins, firsts, words: Uint32Array.of(low, high), stars: table };
      const seen: unknown[] = [];
      similarQuads(one, quad, 0.03, (...words) => seen.push(words));
      quad.code[3]! += 0.1;
      similarQuads(one, quad, 0.03, (...words) => seen.push(words));
      assert.deepEqual(seen, [[2_000_001, 1_999_999, mirrored]]);
    }
  }
});

test('the same stars give the same bytes, and read back they are the same index', () => {
  const bytes = encodeQuads(index);
  const again = tabulate(vectors, magnitudes);
  const second = indexQuads(vectors, FEW, 8, again.table, again.numbers);
  assert.deepEqual(encodeQuads({ ...second, stars: again.table }), bytes);
  const file = join(emptyFolder(), 'quads.bin');
  writeFileSync(file, bytes);
  const read = openQuads(file);
  assert.deepEqual(
    [read.bins, read.firsts, read.words, read.stars.stars, read.stars.firsts],
    [8, index.firsts, index.words, table.stars, table.firsts],
  );
  assert.equal(index.words.length / 2, 2 * (3000 - 3) - 1);
  assert.equal(indexQuads(vectors.subarray(0, 15), MANY, 8, table).words.length / 2, 1 + 10 - 6);
});

test('a damaged index is refused, whatever the damage', () => {
  const bytes = encodeQuads(index);
  const file = join(emptyFolder(), 'quads.bin');
  const refused = (damaged: Uint8Array) => {
    writeFileSync(file, damaged);
    assert.throws(
      () => openQuads(file),
      (error) => error instanceof BadInput && error.message.includes(file),
    );
  };
  refused(new Uint8Array());
  refused(bytes.subarray(0, 20));
  refused(bytes.subarray(0, bytes.length - 1));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const damaged = bytes.slice();
      damaged[at]! ^= flip;
      refused(damaged);
    }),
    { seed: 1 },
  );
  const damaged = bytes.slice();
  new Uint32Array(damaged.buffer)[2000] = 0xffffffff;
  refused(damaged);
});
