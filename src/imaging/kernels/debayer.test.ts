import { test } from 'node:test';
import { assertEqualKernels } from './kernels.fixture.ts';

test('a row of a mosaic becomes the same colours, whatever its length and order', () => {
  for (const width of [2, 3, 4, 5, 8, 63, 1000]) {
    for (const first of [0, 1]) {
      assertEqualKernels(width, (kernels, room) => {
        const [raw, rows] = [room.take(12 * width), room.take(12 * width)];
        kernels.physical32(raw, rows, 3 * width, 0.25, 1e-3);
        const [own, green, other] = [room.take(4 * width), room.take(4 * width), room.take(4 * width)];
        kernels.debayerRow(rows, rows + 4 * width, rows + 8 * width, width, first, own, green, other);
        // The edge of an image is mirrored: the row above is the row below.
        kernels.debayerRow(rows, rows + 4 * width, rows, width, first, other, own, green);
      });
    }
  }
});
