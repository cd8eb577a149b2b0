// What a text holds, as far as it matters to how a cell is written: sixteen bytes at a time, in clang's portable vectors.
#ifndef CHEADROOM_TRAITS_H
#define CHEADROOM_TRAITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
  HEADROOM_COMMA = 1,
  HEADROOM_TAB = 2,
  HEADROOM_SPACE = 4,
  HEADROOM_SEMICOLON = 8,
  HEADROOM_NEWLINE = 16,
  /// Control characters other than tab and newline.
  HEADROOM_CONTROL = 32,
};

typedef uint8_t headroom_vector16 __attribute__((vector_size(16)));

static inline headroom_vector16 headroom_traits16(headroom_vector16 v) {
  headroom_vector16 tab = (headroom_vector16)(v == '\t'), newline = (headroom_vector16)(v == '\n');
  headroom_vector16 control = ((headroom_vector16)(v < 0x20) & ~(tab | newline)) | (headroom_vector16)(v == 0x7f);
  return ((headroom_vector16)(v == ',') & HEADROOM_COMMA) | (tab & HEADROOM_TAB) |
         ((headroom_vector16)(v == ' ') & HEADROOM_SPACE) | ((headroom_vector16)(v == ';') & HEADROOM_SEMICOLON) |
         (newline & HEADROOM_NEWLINE) | (control & HEADROOM_CONTROL);
}

/// Which of the above occur in `p[0..<n]`.
static inline uint32_t headroom_text_traits(const uint8_t *_Nonnull p, size_t n) {
  headroom_vector16 v, traits = {0};
  if (n >= 16) {
    for (size_t i = 0; i + 16 < n; i += 16) {
      memcpy(&v, p + i, 16);
      traits |= headroom_traits16(v);
    }
    // The last sixteen bytes may overlap those before.
    memcpy(&v, p + n - 16, 16);
  } else if (n >= 8) {
    memcpy(&v, p, 8);
    memcpy((uint8_t *)&v + 8, p + n - 8, 8);
  } else {
    // A byte that is there fills the rest.
    if (n == 0) return 0;
    memset(&v, p[0], 16);
    for (size_t i = 0; i < n; i++) ((uint8_t *)&v)[i] = p[i];
  }
  traits |= headroom_traits16(v);
  return __builtin_reduce_or(traits);
}

#endif
