#include "kernels.h"

static inline v128_t fitted(v128_t sums, float zero, float gain) {
  v128_t value = wasm_f32x4_sub(wasm_f32x4_convert_i32x4(sums), wasm_f32x4_splat(zero));
  value = wasm_f32x4_mul(value, wasm_f32x4_splat(gain));
  value = wasm_f32x4_pmin(wasm_f32x4_pmax(value, wasm_f32x4_splat(0)), wasm_f32x4_splat(65535));
  return wasm_i32x4_trunc_sat_f32x4(value);
}

// Sums of 2 x 2 samples, apart or overlapping, as u16 of a smaller range.
KERNEL(sumCells)
void sumCells(const uint16_t *upper, const uint16_t *lower, uint16_t *to, int32_t count, float zero,
              float gain) {
  int32_t i = 0;
  for (; i + 8 <= count; i += 8) {
    v128_t halves[2];
    for (int32_t half = 0; half < 2; half++) {
      v128_t above = wasm_u32x4_extadd_pairwise_u16x8(wasm_v128_load(upper + 2 * i + 8 * half));
      v128_t below = wasm_u32x4_extadd_pairwise_u16x8(wasm_v128_load(lower + 2 * i + 8 * half));
      halves[half] = fitted(wasm_i32x4_add(above, below), zero, gain);
    }
    wasm_v128_store(to + i, wasm_u16x8_narrow_i32x4(halves[0], halves[1]));
  }
  for (; i < count; i++) {
    int32_t sum = upper[2 * i] + upper[2 * i + 1] + lower[2 * i] + lower[2 * i + 1];
    to[i] = (uint16_t)wasm_i32x4_extract_lane(fitted(wasm_i32x4_splat(sum), zero, gain), 0);
  }
}

KERNEL(sumNeighbours)
void sumNeighbours(const uint16_t *upper, const uint16_t *lower, uint16_t *to, int32_t count, float zero,
                   float gain) {
  int32_t i = 0;
  for (; i + 4 <= count; i += 4) {
    v128_t above = wasm_i32x4_add(wasm_u32x4_load16x4(upper + i), wasm_u32x4_load16x4(upper + i + 1));
    v128_t below = wasm_i32x4_add(wasm_u32x4_load16x4(lower + i), wasm_u32x4_load16x4(lower + i + 1));
    v128_t value = fitted(wasm_i32x4_add(above, below), zero, gain);
    wasm_v128_store64_lane(to + i, wasm_u16x8_narrow_i32x4(value, value), 0);
  }
  for (; i < count; i++) {
    int32_t sum = upper[i] + upper[i + 1] + lower[i] + lower[i + 1];
    to[i] = (uint16_t)wasm_i32x4_extract_lane(fitted(wasm_i32x4_splat(sum), zero, gain), 0);
  }
}

static inline v128_t lessened(v128_t value, float start, float slope) {
  return wasm_f32x4_add(wasm_f32x4_splat(start), wasm_f32x4_mul(value, wasm_f32x4_splat(slope)));
}

// Four samples; after the addition of 1.5 * 2^23 the low bits of a float are its nearest integer.
static inline v128_t risen(v128_t samples, float x, float level, float levelStep, float gain, float gainStep) {
  v128_t place = wasm_f32x4_add(wasm_f32x4_splat(x), wasm_f32x4_make(0, 1, 2, 3));
  v128_t sky = wasm_f32x4_add(wasm_f32x4_splat(level), wasm_f32x4_mul(place, wasm_f32x4_splat(levelStep)));
  v128_t by = wasm_f32x4_add(wasm_f32x4_splat(gain), wasm_f32x4_mul(place, wasm_f32x4_splat(gainStep)));
  v128_t value = wasm_f32x4_mul(wasm_f32x4_sub(wasm_f32x4_convert_i32x4(samples), sky), by);
  if (wasm_v128_any_true(wasm_f32x4_gt(value, wasm_f32x4_splat(512)))) {
    v128_t least = wasm_f32x4_pmin(value, lessened(value, 448, 0.125f));
    least = wasm_f32x4_pmin(least, lessened(value, 952, 0.015625f));
    least = wasm_f32x4_pmin(least, lessened(value, 1463, 0.001953125f));
    value = wasm_f32x4_pmin(least, wasm_f32x4_splat(2047));
  }
  return wasm_f32x4_add(wasm_f32x4_pmax(value, wasm_f32x4_splat(-2047)), wasm_f32x4_splat(12582912));
}

KERNEL(aboveSky)
void aboveSky(const uint16_t *from, int16_t *to, int32_t count, float level, float levelStep, float gain,
              float gainStep) {
  int32_t i = 0;
  for (; i + 8 <= count; i += 8) {
    v128_t low = risen(wasm_u32x4_load16x4(from + i), (float)i, level, levelStep, gain, gainStep);
    v128_t high = risen(wasm_u32x4_load16x4(from + i + 4), (float)(i + 4), level, levelStep, gain, gainStep);
    wasm_v128_store(to + i, wasm_i16x8_shuffle(low, high, 0, 2, 4, 6, 8, 10, 12, 14));
  }
  for (; i < count; i++) {
    v128_t value = risen(wasm_i32x4_splat(from[i]), (float)i, level, levelStep, gain, gainStep);
    to[i] = wasm_i16x8_extract_lane(value, 0);
  }
}

// (outer + 4 inner + 6 middle + 8) / 16; of samples within 2047 no sum leaves 16 bits.
static inline v128_t binomial(v128_t outer, v128_t inner, v128_t middle) {
  v128_t sum = wasm_i16x8_add(wasm_i16x8_add(outer, wasm_i16x8_shl(inner, 2)), wasm_i16x8_splat(8));
  v128_t sixfold = wasm_i16x8_add(wasm_i16x8_shl(middle, 2), wasm_i16x8_shl(middle, 1));
  return wasm_i16x8_shr(wasm_i16x8_add(sum, sixfold), 4);
}

KERNEL(smoothRow)
void smoothRow(const int16_t *a, const int16_t *b, const int16_t *c, const int16_t *d, const int16_t *e,
               int16_t *between, int16_t *to, int32_t count) {
  int16_t *middle = between + 2;
  int32_t x = 0;
  for (; x + 8 <= count; x += 8) {
    v128_t outer = wasm_i16x8_add(wasm_v128_load(a + x), wasm_v128_load(e + x));
    v128_t inner = wasm_i16x8_add(wasm_v128_load(b + x), wasm_v128_load(d + x));
    wasm_v128_store(middle + x, binomial(outer, inner, wasm_v128_load(c + x)));
  }
  for (; x < count; x++) middle[x] = (int16_t)((a[x] + e[x] + 4 * (b[x] + d[x]) + 6 * c[x] + 8) >> 4);
  between[0] = between[1] = middle[0];
  middle[count] = middle[count + 1] = middle[count - 1];
  for (x = 0; x + 8 <= count; x += 8) {
    const int16_t *p = between + x;
    v128_t outer = wasm_i16x8_add(wasm_v128_load(p), wasm_v128_load(p + 4));
    v128_t inner = wasm_i16x8_add(wasm_v128_load(p + 1), wasm_v128_load(p + 3));
    wasm_v128_store(to + x, binomial(outer, inner, wasm_v128_load(p + 2)));
  }
  for (; x < count; x++) {
    const int16_t *p = between + x;
    to[x] = (int16_t)((p[0] + p[4] + 4 * (p[1] + p[3]) + 6 * p[2] + 8) >> 4);
  }
}

KERNEL(runsAbove)
int32_t runsAbove(const int16_t *from, int32_t count, int32_t threshold, uint16_t *runs, int32_t most) {
  const v128_t limit = wasm_i16x8_splat((int16_t)threshold);
  int32_t found = 0;
  int32_t x = 0;
  while (x < count) {
    while (x + 16 <= count) {
      v128_t high = wasm_v128_or(wasm_i16x8_gt(wasm_v128_load(from + x), limit),
                                 wasm_i16x8_gt(wasm_v128_load(from + x + 8), limit));
      if (wasm_v128_any_true(high)) break;
      x += 16;
    }
    while (x < count && from[x] <= threshold) {
      x++;
      if ((x & 15) == 0) break;
    }
    if (x >= count) break;
    if (from[x] <= threshold) continue;
    if (found == most) return -1;
    runs[2 * found] = (uint16_t)x;
    while (x < count && from[x] > threshold) x++;
    runs[2 * found + 1] = (uint16_t)x;
    found++;
  }
  return found;
}
