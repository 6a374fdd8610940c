#include "kernels.h"

// Bilinear, mirrored at the sides. The order of additions is the reference's.

struct rows {
  const float *above, *row, *below;
  float *own, *green, *other;
  int32_t width, first;
};

static void scalar(struct rows at, int32_t begin, int32_t end) {
  for (int32_t x = begin; x < end; x++) {
    int32_t left = x > 0 ? x - 1 : 1, right = x < at.width - 1 ? x + 1 : at.width - 2;
    float across = at.row[left] + at.row[right];
    float along = at.above[x] + at.below[x];
    float corners = (at.above[left] + at.above[right]) + (at.below[left] + at.below[right]);
    int is_green = (x ^ at.first) & 1;
    at.own[x] = is_green ? across * 0.5f : at.row[x];
    at.green[x] = is_green ? at.row[x] : (across + along) * 0.25f;
    at.other[x] = is_green ? along * 0.5f : corners * 0.25f;
  }
}

KERNEL(debayerRow)
void debayerRow(const float *above, const float *row, const float *below, int32_t width, int32_t first, float *own,
                float *green, float *other) {
  const struct rows all = {above, row, below, own, green, other, width, first};
  const v128_t half = wasm_f32x4_splat(0.5f), quarter = wasm_f32x4_splat(0.25f);
  // From an odd column on; four are even, so that the greens of the next four are at the same places.
  const v128_t is_green = first ? wasm_i32x4_const(0, -1, 0, -1) : wasm_i32x4_const(-1, 0, -1, 0);
  int32_t x = 1;
  for (; x + 4 < width; x += 4) {
    v128_t here = wasm_v128_load(row + x);
    v128_t across = wasm_f32x4_add(wasm_v128_load(row + x - 1), wasm_v128_load(row + x + 1));
    v128_t along = wasm_f32x4_add(wasm_v128_load(above + x), wasm_v128_load(below + x));
    v128_t corners =
        wasm_f32x4_add(wasm_f32x4_add(wasm_v128_load(above + x - 1), wasm_v128_load(above + x + 1)),
                       wasm_f32x4_add(wasm_v128_load(below + x - 1), wasm_v128_load(below + x + 1)));
    v128_t two_across = wasm_f32x4_mul(across, half), two_along = wasm_f32x4_mul(along, half);
    v128_t four_beside = wasm_f32x4_mul(wasm_f32x4_add(across, along), quarter);
    v128_t four_corners = wasm_f32x4_mul(corners, quarter);
    wasm_v128_store(own + x, wasm_v128_bitselect(two_across, here, is_green));
    wasm_v128_store(green + x, wasm_v128_bitselect(here, four_beside, is_green));
    wasm_v128_store(other + x, wasm_v128_bitselect(two_along, four_corners, is_green));
  }
  scalar(all, 0, 1);
  scalar(all, x, width);
}
