import type { RowSource } from '../reduce.ts';

/** What an image is where no star is. */
export interface Sky {
  /** Median of each channel, ADU. */
  readonly levels: readonly number[];
  /** Standard deviation of a pixel, of the mean of its channels, ADU. */
  readonly noise: number;
}

const SAMPLED_ROWS = 64;
const SAMPLES_A_ROW = 512;
/** Columns between two pixels whose difference is noise: beyond a star's core and what debayering smears. */
const APART = 4;

/** Levels and noise by a sample of some rows; noise from differences, so that gradients and nebulae do not count. */
export function skyOf(source: RowSource, check?: () => void): Sky {
  const { width, height, channels } = source;
  const samples: number[][] = Array.from({ length: channels }, () => []);
  const differences: number[] = [];
  const stride = Math.max(1, Math.floor(width / SAMPLES_A_ROW));
  const step = Math.max(1, Math.floor(height / SAMPLED_ROWS));
  for (let y = step >> 1; y < height; y += step) {
    check?.();
    const rows = source.row(y);
    const meanAt = (x: number) => rows.reduce((sum, row) => sum + row[x]!, 0) / channels;
    for (let x = 0; x < width; x += stride) {
      rows.forEach((row, channel) => {
        if (!Number.isNaN(row[x]!)) samples[channel]!.push(row[x]!);
      });
      const difference = x + APART < width ? meanAt(x + APART) - meanAt(x) : Number.NaN;
      if (!Number.isNaN(difference)) differences.push(Math.abs(difference));
    }
  }
  return { levels: samples.map(median), noise: Math.max(1e-6, (1.4826 / Math.SQRT2) * median(differences)) };
}

/** 0 where there is nothing. */
function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
}
