import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openCatalogue } from '../../hil/sky/catalogue.ts';
import { cameraOf } from './camera.ts';
import { LIST_KINDS, makeList } from './star-lists.ts';

const catalogue = openCatalogue();

test('a list is the same at every call, brightest first and within its frame', () => {
  for (let index = 0; index < 24; index++) {
    const { list, kind, strangers, real } = makeList(catalogue, index);
    assert.deepEqual(makeList(catalogue, index).list, list);
    assert.ok(LIST_KINDS.includes(kind));
    assert.equal(list.stars.length, strangers + real);
    for (const [i, { x, y, flux }] of list.stars.entries()) {
      assert.ok(x >= -2 && y >= -2 && x <= list.width + 2 && y <= list.height + 2, `${kind} ${index}`);
      if (i > 0) assert.ok(flux <= list.stars[i - 1]!.flux);
    }
  }
});

test('half of the lists are real fields: their stars lie where the catalogue has some', () => {
  const fields = Array.from({ length: 16 }, (_, index) => makeList(catalogue, index)).filter(
    ({ framing }) => framing,
  );
  assert.equal(fields.length, 8);
  const { framing, list, real, strangers } = fields.find((field) => field.real > 20)!;
  const camera = cameraOf(framing!);
  const radius = (Math.hypot(list.width, list.height) * framing!.scale) / 7200 + 0.1;
  const spots = catalogue.near(framing!, radius).flatMap((star) => camera.spotOf(star) ?? []);
  const matched = list.stars.filter(({ x, y }) =>
    spots.some((spot) => Math.hypot(spot.x - 0.5 - x, spot.y - 0.5 - y) < 2),
  );
  assert.ok(matched.length >= real, `${matched.length} of ${real}, ${strangers} strangers`);
});
