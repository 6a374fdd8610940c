#include "kernels.h"

// Samples apart at which neither a Bayer pattern nor interpolation ties the noise together.
#define LAG 4

// The bin that holds the sample of a rank; the rank becomes that within the bin.
static int32_t binOf(const uint32_t *counters, int32_t *rank) {
  int32_t bin = 0;
  while ((int32_t)counters[bin] <= *rank) *rank -= (int32_t)counters[bin++];
  return bin;
}

static int32_t lowByte(const uint16_t *samples, int32_t count, int32_t high, int32_t rank, uint32_t *counters) {
  for (int32_t i = 0; i < 256; i++) counters[i] = 0;
  for (int32_t i = 0; i < count; i++) counters[samples[i] & 255] += samples[i] >> 8 == high;
  return high << 8 | binOf(counters, &rank);
}

static inline v128_t widened(v128_t sums, v128_t squares) {
  sums = wasm_i64x2_add(sums, wasm_u64x2_extend_low_u32x4(squares));
  return wasm_i64x2_add(sums, wasm_u64x2_extend_high_u32x4(squares));
}

static inline int64_t total(v128_t sums) {
  return wasm_i64x2_extract_lane(sums, 0) + wasm_i64x2_extract_lane(sums, 1);
}

typedef struct {
  int32_t used;
  int64_t sum;
  int64_t squares;
} Moments;

static inline v128_t squared(v128_t squares, v128_t amounts) {
  squares = widened(squares, wasm_u32x4_extmul_low_u16x8(amounts, amounts));
  return widened(squares, wasm_u32x4_extmul_high_u16x8(amounts, amounts));
}

// Of sample - middle where low <= sample <= high.
static Moments within(const uint16_t *samples, int32_t count, int32_t middle, int32_t low, int32_t high) {
  v128_t used = wasm_i64x2_splat(0), above = used, below = used, squares = used;
  int32_t i = 0;
  for (; i + 8 <= count; i += 8) {
    v128_t sample = wasm_v128_load(samples + i);
    v128_t inside = wasm_v128_and(wasm_u16x8_ge(sample, wasm_u16x8_splat((uint16_t)low)),
                                  wasm_u16x8_le(sample, wasm_u16x8_splat((uint16_t)high)));
    v128_t up = wasm_v128_and(wasm_u16x8_sub_sat(sample, wasm_u16x8_splat((uint16_t)middle)), inside);
    v128_t down = wasm_v128_and(wasm_u16x8_sub_sat(wasm_u16x8_splat((uint16_t)middle), sample), inside);
    used = wasm_i16x8_sub(used, inside);
    above = wasm_i32x4_add(above, wasm_u32x4_extadd_pairwise_u16x8(up));
    below = wasm_i32x4_add(below, wasm_u32x4_extadd_pairwise_u16x8(down));
    squares = squared(squares, wasm_v128_or(up, down));
  }
  v128_t none = wasm_i64x2_splat(0);
  Moments moments = {
    (int32_t)total(widened(none, wasm_u32x4_extadd_pairwise_u16x8(used))),
    total(widened(none, above)) - total(widened(none, below)),
    total(squares),
  };
  for (; i < count; i++) {
    int32_t offset = samples[i] - middle;
    if (samples[i] < low || samples[i] > high) continue;
    moments.used++;
    moments.sum += offset;
    moments.squares += (int64_t)offset * offset;
  }
  return moments;
}

// Of sample - the one before by the lag, where at most so much.
static Moments differences(const uint16_t *samples, int32_t count, int32_t most) {
  v128_t used = wasm_i64x2_splat(0), squares = used;
  int32_t i = LAG;
  for (; i + 8 <= count; i += 8) {
    v128_t sample = wasm_v128_load(samples + i);
    v128_t before = wasm_v128_load(samples + i - LAG);
    v128_t step = wasm_v128_or(wasm_u16x8_sub_sat(sample, before), wasm_u16x8_sub_sat(before, sample));
    v128_t inside = wasm_u16x8_le(step, wasm_u16x8_splat((uint16_t)most));
    used = wasm_i16x8_sub(used, inside);
    squares = squared(squares, wasm_v128_and(step, inside));
  }
  v128_t none = wasm_i64x2_splat(0);
  Moments moments = {
    (int32_t)total(widened(none, wasm_u32x4_extadd_pairwise_u16x8(used))), 0, total(squares)};
  for (; i < count; i++) {
    int32_t step = samples[i] - samples[i - LAG];
    if (step < -most || step > most) continue;
    moments.used++;
    moments.squares += (int64_t)step * step;
  }
  return moments;
}

static inline double deviation(double variance) { return variance > 0.25 ? __builtin_sqrt(variance) : 0.5; }

static inline int32_t atMost(double value) { return value < 65535 ? (int32_t)value : 65535; }

KERNEL(skyOfTile)
void skyOfTile(const uint16_t *from, int32_t stride, int32_t width, int32_t height, uint16_t *scratch,
               uint32_t *counters, double *sky) {
  int32_t count = 0;
  for (int32_t y = 0; y < height; y++) {
    for (int32_t x = 0; x < width; x++) scratch[count++] = from[y * stride + x];
  }
  for (int32_t i = 0; i < 256; i++) counters[i] = 0;
  for (int32_t i = 0; i < count; i++) counters[scratch[i] >> 8]++;
  int32_t half = count >> 1;
  int32_t fourth = count >> 2;
  int32_t halfBin = binOf(counters, &half);
  int32_t fourthBin = binOf(counters, &fourth);
  int32_t median = lowByte(scratch, count, halfBin, half, counters);
  int32_t quartile = fourthBin == halfBin ? fourthBin << 8 | binOf(counters, &fourth)
                                          : lowByte(scratch, count, fourthBin, fourth, counters);
  double level = median;
  double spread = deviation((median - quartile) * (median - quartile) * 2.2);
  for (int32_t round = 0; round < 2; round++) {
    double low = level - 3 * spread;
    Moments moments =
      within(scratch, count, median, low > 0 ? atMost(low) : 0, atMost(level + 3 * spread + 1));
    if (moments.used < 2) break;
    double mean = (double)moments.sum / moments.used;
    level = median + mean;
    spread = deviation((double)moments.squares / moments.used - mean * mean);
  }
  Moments steps = differences(scratch, count, atMost(4.2 * spread + 1));
  if (steps.used > 8) spread = deviation((double)steps.squares / (2 * steps.used));
  sky[0] = level;
  sky[1] = spread;
}
