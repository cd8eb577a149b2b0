// Runs of one class in 16 bytes of text, for cutting it into pieces: SSE2 on x86-64, NEON on arm64, plain C elsewhere.
// `static inline`, so that Swift inlines the calls. Each function reads exactly 16 bytes.
#ifndef CHEADROOM_VOCABULARY_SCAN_H
#define CHEADROOM_VOCABULARY_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// A mask has HEADROOM_MASK_BITS equal bits for each byte, the first byte lowest.
#if defined(__SSE2__)
#include <emmintrin.h>
#define HEADROOM_MASK_BITS 1
typedef __m128i headroom_bytes16;
static inline headroom_bytes16 headroom_load16(const uint8_t *_Nonnull p) {
  return _mm_loadu_si128((const __m128i *)p);
}
static inline headroom_bytes16 headroom_lower_case16(headroom_bytes16 v) {
  return _mm_or_si128(v, _mm_set1_epi8(0x20));
}
static inline uint64_t headroom_between16(headroom_bytes16 v, char low, char high) {
  // Signed: bytes from 0x80 on are negative and in no range of ASCII.
  return (uint64_t)(uint32_t)_mm_movemask_epi8(
      _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8(low - 1)), _mm_cmplt_epi8(v, _mm_set1_epi8(high + 1))));
}
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#define HEADROOM_MASK_BITS 4
typedef uint8x16_t headroom_bytes16;
static inline headroom_bytes16 headroom_load16(const uint8_t *_Nonnull p) { return vld1q_u8(p); }
static inline headroom_bytes16 headroom_lower_case16(headroom_bytes16 v) { return vorrq_u8(v, vdupq_n_u8(0x20)); }
static inline uint64_t headroom_between16(headroom_bytes16 v, char low, char high) {
  uint8x16_t hit = vandq_u8(vcgeq_u8(v, vdupq_n_u8((uint8_t)low)), vcleq_u8(v, vdupq_n_u8((uint8_t)high)));
  return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(hit), 4)), 0);
}
#else
#define HEADROOM_MASK_BITS 1
typedef struct {
  uint8_t bytes[16];
} headroom_bytes16;
static inline headroom_bytes16 headroom_load16(const uint8_t *_Nonnull p) {
  headroom_bytes16 v;
  for (int i = 0; i < 16; i++) v.bytes[i] = p[i];
  return v;
}
static inline headroom_bytes16 headroom_lower_case16(headroom_bytes16 v) {
  for (int i = 0; i < 16; i++) v.bytes[i] |= 0x20;
  return v;
}
static inline uint64_t headroom_between16(headroom_bytes16 v, char low, char high) {
  uint64_t mask = 0;
  for (int i = 0; i < 16; i++) mask |= (uint64_t)(v.bytes[i] >= (uint8_t)low && v.bytes[i] <= (uint8_t)high) << i;
  return mask;
}
#endif

// The number of bytes from the first one on that a mask has, 0...16.
static inline size_t headroom_run16(uint64_t mask) {
  return ~mask ? (size_t)__builtin_ctzll(~mask) / HEADROOM_MASK_BITS : 16;
}

/// The length of `[A-Z]*[a-z]*` at `p`, at most 16.
static inline size_t headroom_word16(const uint8_t *_Nonnull p) {
  headroom_bytes16 v = headroom_load16(p);
  size_t upper = headroom_run16(headroom_between16(v, 'A', 'Z'));
  if (upper == 16) return 16;
  return upper + headroom_run16(headroom_between16(v, 'a', 'z') >> (upper * HEADROOM_MASK_BITS));
}

/// The length of `[A-Za-z]*` at `p`, at most 16.
static inline size_t headroom_letters16(const uint8_t *_Nonnull p) {
  return headroom_run16(headroom_between16(headroom_lower_case16(headroom_load16(p)), 'a', 'z'));
}

/// The length of the ASCII scalars at `p` that are neither letters, digits, white space nor DEL, at most 16.
static inline size_t headroom_punctuation16(const uint8_t *_Nonnull p) {
  headroom_bytes16 v = headroom_load16(p);
  uint64_t other = headroom_between16(headroom_lower_case16(v), 'a', 'z') | headroom_between16(v, '0', '9') |
                   headroom_between16(v, '\t', '\r') | headroom_between16(v, ' ', ' ');
  return headroom_run16(headroom_between16(v, 0, 0x7e) & ~other);
}

/// The length of the ASCII white space at `p`, at most 16; `after_newline` is the part of it up to the last CR or LF.
static inline size_t headroom_spaces16(const uint8_t *_Nonnull p, size_t *_Nonnull after_newline) {
  headroom_bytes16 v = headroom_load16(p);
  size_t run = headroom_run16(headroom_between16(v, '\t', '\r') | headroom_between16(v, ' ', ' '));
  uint64_t newlines = headroom_between16(v, '\n', '\n') | headroom_between16(v, '\r', '\r');
  if (run < 16) newlines &= ((uint64_t)1 << (run * HEADROOM_MASK_BITS)) - 1;
  *after_newline = newlines ? (size_t)(63 - __builtin_clzll(newlines)) / HEADROOM_MASK_BITS + 1 : 0;
  return run;
}

/// Whether the bytes at `a` and `b` are the same.
static inline bool headroom_equal(const uint8_t *_Nonnull a, const uint8_t *_Nonnull b, size_t count) {
  return memcmp(a, b, count) == 0;
}

/// The smallest of 16 numbers. Compilers make vector code of it.
static inline int32_t headroom_least16(const int32_t *_Nonnull p) {
  int32_t least = p[0];
  for (int i = 1; i < 16; i++) least = p[i] < least ? p[i] : least;
  return least;
}

#endif
