#include "kernels.h"

// Physical value = zero + scale × stored (FITS 4.0, section 4.4.2.5) as float32; NaN where that is no finite number.

static float finite(float value) {
  return __builtin_fabsf(value) < __builtin_inff() ? value : __builtin_nanf("");
}

static float float_of(uint32_t bits) {
  float value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

static double double_of(uint64_t bits) {
  double value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

// The usual zero and scale need no double precision to come to the same: up to 16 bits, sums of whole numbers are exact
// in 24; more bits are rounded once either way, and −0 becomes 0.
#define WHOLE (scale == 1 && zero >= -8388608 && zero <= 8388608 && zero == (int32_t)zero)
#define NONE (scale == 1 && zero == 0)

#define PHYSICAL(name, stored_type, usual, stored, offset)                                                    \
  KERNEL(name)                                                                                                \
  void name(const stored_type *restrict from, float *restrict to, int32_t count, double zero, double scale) { \
    if (usual) {                                                                                              \
      for (int32_t i = 0; i < count; i++) to[i] = finite((float)(stored + offset));                           \
    } else {                                                                                                  \
      for (int32_t i = 0; i < count; i++) to[i] = finite((float)(zero + scale * stored));                     \
    }                                                                                                         \
  }

PHYSICAL(physical8, uint8_t, WHOLE, from[i], (int32_t)zero)
PHYSICAL(physical16, uint16_t, WHOLE, (int16_t)__builtin_bswap16(from[i]), (int32_t)zero)
PHYSICAL(physical32, uint32_t, NONE, (int32_t)__builtin_bswap32(from[i]), 0)
PHYSICAL(physicalF32, uint32_t, NONE, float_of(__builtin_bswap32(from[i])), 0.0f)
PHYSICAL(physicalF64, uint64_t, NONE, double_of(__builtin_bswap64(from[i])), 0.0)
