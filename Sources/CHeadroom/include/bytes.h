// Searching and comparing bytes, as inline calls of the C library.
#ifndef CHEADROOM_BYTES_H
#define CHEADROOM_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// The offset of the first `byte` in `p[0..<n]`, or `n`.
static inline size_t headroom_find_byte(const uint8_t *_Nonnull p, size_t n, uint8_t byte) {
  const void *found = memchr(p, byte, n);
  return found ? (size_t)((const uint8_t *)found - p) : n;
}

/// Whether `a[0..<n]` and `b[0..<n]` are the same.
static inline bool headroom_equal_bytes(const uint8_t *_Nonnull a, const uint8_t *_Nonnull b, size_t n) {
  return memcmp(a, b, n) == 0;
}

#endif
