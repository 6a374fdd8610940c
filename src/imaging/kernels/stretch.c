#include "kernels.h"

// Four values to 0…255, rounded down from half a step above: the midtones transfer function of d = value − black,
// (m − 1) d ÷ ((2m − 1) d − m span), which needs no value scaled to 0…1 and so loses none to a far white.
static v128_t levels(v128_t values, float black, float span, float top, float slope, float foot) {
  v128_t above = wasm_f32x4_sub(values, wasm_f32x4_splat(black));
  v128_t below = wasm_f32x4_add(wasm_f32x4_mul(wasm_f32x4_splat(slope), above), wasm_f32x4_splat(foot));
  v128_t level = wasm_f32x4_div(wasm_f32x4_mul(wasm_f32x4_splat(top), above), below);
  level = wasm_f32x4_add(level, wasm_f32x4_splat(0.5f));
  level = wasm_v128_bitselect(wasm_f32x4_splat(255), level, wasm_f32x4_ge(above, wasm_f32x4_splat(span)));
  // Also where it is NaN.
  level = wasm_v128_and(level, wasm_f32x4_gt(above, wasm_f32x4_splat(0)));
  return wasm_i32x4_trunc_sat_f32x4(level);
}

KERNEL(stretchRow)
void stretchRow(const float *from, int32_t count, double black, double white, double midtones, uint8_t *to,
                int32_t stride) {
  const double span = white - black;
  const float top = 255 * (midtones - 1), slope = 2 * midtones - 1, foot = -midtones * span;
  for (int32_t x = 0; x < count; x += 4) {
    float values[4] = {0, 0, 0, 0};
    int32_t some = count - x < 4 ? count - x : 4;
    for (int32_t lane = 0; lane < some; lane++) values[lane] = from[x + lane];
    v128_t level = some == 4 ? wasm_v128_load(from + x) : wasm_v128_load(values);
    int32_t bytes[4];
    wasm_v128_store(bytes, levels(level, black, span, top, slope, foot));
    for (int32_t lane = 0; lane < some; lane++, to += stride) *to = bytes[lane];
  }
}
