#include "kernels.h"

// Averages of square blocks in two steps, so that the wide one is down the columns, where lanes need no order.

// The bytes are added apart, in lanes of 16 bits: 256 rows fill them.
KERNEL(addRows16)
void addRows16(const uint16_t *restrict from, int32_t stride, int32_t rows, int32_t count,
               uint32_t *restrict sums) {
  const v128_t sign = wasm_i16x8_const_splat(0x80), high_byte = wasm_i16x8_const_splat(0xff);
  int32_t x = 0;
  for (; x + 8 <= count; x += 8) {
    v128_t high = wasm_i16x8_const_splat(0), low = high;
    const uint16_t *at = from + x;
    for (int32_t row = 0; row < rows; row++, at += stride) {
      v128_t words = wasm_v128_xor(wasm_v128_load(at), sign);
      high = wasm_i16x8_add(high, wasm_v128_and(words, high_byte));
      low = wasm_i16x8_add(low, wasm_u16x8_shr(words, 8));
    }
    for (int32_t half = 0; half < 2; half++) {
      v128_t whole = wasm_i32x4_add(wasm_i32x4_shl(wasm_u32x4_extend_low_u16x8(high), 8),
                                    wasm_u32x4_extend_low_u16x8(low));
      uint32_t *to = sums + x + 4 * half;
      wasm_v128_store(to, wasm_i32x4_add(wasm_v128_load(to), whole));
      high = wasm_i64x2_shuffle(high, high, 1, 1);
      low = wasm_i64x2_shuffle(low, low, 1, 1);
    }
  }
  for (; x < count; x++) {
    for (int32_t row = 0; row < rows; row++) sums[x] += __builtin_bswap16(from[row * stride + x]) ^ 0x8000;
  }
}

KERNEL(addRowsF32)
void addRowsF32(const float *restrict from, int32_t stride, int32_t rows, int32_t count,
                float *restrict sums, uint32_t *restrict counts) {
  for (int32_t row = 0; row < rows; row++, from += stride) {
    for (int32_t x = 0; x < count; x++) {
      int there = from[x] == from[x];
      sums[x] += there ? from[x] : 0.0f;
      counts[x] += there;
    }
  }
}

static inline __attribute__((always_inline)) void mean_blocks(const uint32_t *restrict sums, int32_t factor,
                                                              int32_t step, double weight, int32_t blocks,
                                                              float *restrict to) {
  for (int32_t block = 0; block < blocks; block++) {
    uint32_t sum = 0;
    for (int32_t x = 0; x < factor; x += step) sum += sums[block * factor + x];
    to[block] = (float)(sum * weight);
  }
}

// The usual sizes are compiled apart: a loop of two turns costs more than its sum.
#define USUAL(usual_factor, usual_step)                                                                       \
  if (factor == usual_factor && step == usual_step)                                                           \
    return mean_blocks(sums, usual_factor, usual_step, weight, blocks, to);

KERNEL(meanBlocks16)
void meanBlocks16(const uint32_t *restrict sums, int32_t factor, int32_t step, double weight, int32_t blocks,
                  float *restrict to) {
  USUAL(2, 1) USUAL(3, 1) USUAL(4, 1) USUAL(5, 1) USUAL(6, 1) USUAL(2, 2) USUAL(4, 2) USUAL(6, 2)
  mean_blocks(sums, factor, step, weight, blocks, to);
}

KERNEL(meanBlocksF32)
void meanBlocksF32(const float *restrict sums, const uint32_t *restrict counts, int32_t factor, int32_t step,
                   int32_t blocks, float *restrict to) {
  for (int32_t block = 0; block < blocks; block++, sums += factor, counts += factor) {
    double sum = 0;
    uint32_t count = 0;
    for (int32_t x = 0; x < factor; x += step) {
      sum += sums[x];
      count += counts[x];
    }
    to[block] = count ? (float)(sum / count) : __builtin_nanf("");
  }
}
