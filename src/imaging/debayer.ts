import type { Kernels } from './kernels/kernels.ts';
import type { Room } from './kernels/room.ts';
import { bandReader, type Pixels, rowBytes } from './pixels.ts';
import type { RowSource } from './reduce.ts';

/**
 * A Bayer image in its full size, each missing colour the mean of its two or four nearest neighbours (bilinear).
 * Rows are cheapest one after the other.
 * @param view with a Bayer pattern, at least 2 × 2 pixels
 */
export function debayeredRows(view: Pixels, kernels: Kernels, room: Room): RowSource {
  const { width, height, bayer = 'RGGB' } = view;
  const read = bandReader(view, kernels);
  const raw = room.take(rowBytes(view));
  // Each row is read once and kept for the two after it.
  const kept = [0, 1, 2].map(() => ({ row: -1, at: room.take(4 * width) }));
  const at = (row: number): number => {
    const slot = kept[row % 3]!;
    if (slot.row !== row) read(0, row, 1, raw, slot.at);
    slot.row = row;
    return slot.at;
  };
  const [red, green, blue] = [0, 1, 2].map(() => room.take(4 * width)) as [number, number, number];
  const rows = [red, green, blue].map((offset) => new Float32Array(kernels.memory, offset, width));
  return {
    width,
    height,
    channels: 3,
    row(y) {
      const pair = bayer.slice(2 * (y & 1), 2 * (y & 1) + 2);
      const [own, other] = pair.includes('R') ? [red, blue] : [blue, red];
      const above = at(y > 0 ? y - 1 : 1);
      const below = at(y < height - 1 ? y + 1 : height - 2);
      kernels.debayerRow(above, at(y), below, width, pair.indexOf('G') ^ 1, own, green, other);
      return rows;
    },
  };
}
