#include "kernels.h"

KERNEL(histogram16) void histogram16(const uint16_t *restrict from, int32_t count, uint32_t *restrict bins) {
  for (int32_t i = 0; i < count; i++) bins[from[i]]++;
}
