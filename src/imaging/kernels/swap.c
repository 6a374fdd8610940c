#include "kernels.h"

// Big-endian int16 with BZERO 32768 (FITS 4.0, section 4.4.2.5) to native uint16; in place where `to` is `from`.
KERNEL(swap16) void swap16(const uint16_t *from, uint16_t *to, int32_t count) {
  for (int32_t i = 0; i < count; i++) to[i] = __builtin_bswap16(from[i]) ^ 0x8000;
}
