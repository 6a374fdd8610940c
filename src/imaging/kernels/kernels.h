// What every kernel includes. A kernel works on the one linear memory that its caller lays out: it allocates nothing,
// keeps nothing, and its TypeScript reference leaves every byte of that memory the same.
#pragma once
#include <stdint.h>
#include <wasm_simd128.h>

#define KERNEL(name) __attribute__((export_name(#name)))
