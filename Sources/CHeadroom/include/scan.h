// Byte scanning that Swift's SIMD types cannot express without a movemask: SSE2 on x86-64, NEON on arm64, plain C
// elsewhere. `static inline`, so that Swift inlines the calls.
#ifndef CHEADROOM_SCAN_H
#define CHEADROOM_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

/// The offset of the first `"`, `\` or control byte (< 0x20) in `p[0..<n]`, or `n`.
static inline size_t headroom_json_string_stop(const uint8_t *p, size_t n) {
  size_t i = 0;
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1f);
  for (; i + 16 <= n; i += 16) {
    __m128i v = _mm_loadu_si128((const __m128i *)(p + i));
    __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, backslash)),
                               _mm_cmpeq_epi8(_mm_min_epu8(v, control), v));
    int mask = _mm_movemask_epi8(hit);
    if (mask) return i + (size_t)__builtin_ctz((unsigned)mask);
  }
#elif defined(__ARM_NEON)
  for (; i + 16 <= n; i += 16) {
    uint8x16_t v = vld1q_u8(p + i);
    uint8x16_t hit = vorrq_u8(vorrq_u8(vceqq_u8(v, vdupq_n_u8('"')), vceqq_u8(v, vdupq_n_u8('\\'))),
                              vcltq_u8(v, vdupq_n_u8(0x20)));
    uint64_t mask = vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(hit), 4)), 0);
    if (mask) return i + ((size_t)__builtin_ctzll(mask) >> 2);
  }
#endif
  for (; i < n; i++)
    if (p[i] == '"' || p[i] == '\\' || p[i] < 0x20) return i;
  return n;
}

/// As `headroom_json_string_stop`, and whether all bytes before it are ASCII.
static inline size_t headroom_json_string_scan(const uint8_t *p, size_t n, bool *ascii) {
  size_t i = 0;
  uint32_t high = 0;
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1f);
  for (; i + 16 <= n; i += 16) {
    __m128i v = _mm_loadu_si128((const __m128i *)(p + i));
    __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, backslash)),
                               _mm_cmpeq_epi8(_mm_min_epu8(v, control), v));
    uint32_t mask = (uint32_t)_mm_movemask_epi8(hit), own = (uint32_t)_mm_movemask_epi8(v);
    if (mask) {
      // The bits below the lowest of the mask.
      *ascii = !(high | (own & (mask - 1) & ~mask));
      return i + (size_t)__builtin_ctz(mask);
    }
    high |= own;
  }
#else
  size_t stop = headroom_json_string_stop(p, n);
  for (; i < stop; i++) high |= p[i] & 0x80;
  *ascii = !high;
  return stop;
#endif
  for (; i < n && p[i] != '"' && p[i] != '\\' && p[i] >= 0x20; i++) high |= p[i] & 0x80;
  *ascii = !high;
  return i;
}

/// The offset of the first byte of `p[0..<n]` that is `a` or `b`, or `n`.
static inline size_t headroom_find_either(const uint8_t *p, size_t n, uint8_t a, uint8_t b) {
  size_t i = 0;
#if defined(__SSE2__)
  const __m128i first = _mm_set1_epi8((char)a), second = _mm_set1_epi8((char)b);
  for (; i + 16 <= n; i += 16) {
    __m128i v = _mm_loadu_si128((const __m128i *)(p + i));
    int mask = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(v, first), _mm_cmpeq_epi8(v, second)));
    if (mask) return i + (size_t)__builtin_ctz((unsigned)mask);
  }
#elif defined(__ARM_NEON)
  for (; i + 16 <= n; i += 16) {
    uint8x16_t v = vld1q_u8(p + i);
    uint8x16_t hit = vorrq_u8(vceqq_u8(v, vdupq_n_u8(a)), vceqq_u8(v, vdupq_n_u8(b)));
    uint64_t mask = vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(hit), 4)), 0);
    if (mask) return i + ((size_t)__builtin_ctzll(mask) >> 2);
  }
#endif
  for (; i < n; i++)
    if (p[i] == a || p[i] == b) return i;
  return n;
}

/// The offset of the first `a` in `p[0..<n]` that `b` stands behind, or `n`.
static inline size_t headroom_find_pair(const uint8_t *p, size_t n, uint8_t a, uint8_t b) {
  size_t i = 0;
#if defined(__SSE2__)
  const __m128i first = _mm_set1_epi8((char)a), second = _mm_set1_epi8((char)b);
  for (; i + 17 <= n; i += 16) {
    __m128i v = _mm_loadu_si128((const __m128i *)(p + i)), w = _mm_loadu_si128((const __m128i *)(p + i + 1));
    int mask = _mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(v, first), _mm_cmpeq_epi8(w, second)));
    if (mask) return i + (size_t)__builtin_ctz((unsigned)mask);
  }
#elif defined(__ARM_NEON)
  for (; i + 17 <= n; i += 16) {
    uint8x16_t hit = vandq_u8(vceqq_u8(vld1q_u8(p + i), vdupq_n_u8(a)), vceqq_u8(vld1q_u8(p + i + 1), vdupq_n_u8(b)));
    uint64_t mask = vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(hit), 4)), 0);
    if (mask) return i + ((size_t)__builtin_ctzll(mask) >> 2);
  }
#endif
  for (; i + 1 < n; i++)
    if (p[i] == a && p[i + 1] == b) return i;
  return n;
}

/// The offset of the first byte of `p[0..<n]` that is not ASCII (>= 0x80), or `n`.
static inline size_t headroom_ascii_prefix(const uint8_t *p, size_t n) {
  size_t i = 0;
#if defined(__SSE2__)
  for (; i + 16 <= n; i += 16) {
    int mask = _mm_movemask_epi8(_mm_loadu_si128((const __m128i *)(p + i)));
    if (mask) return i + (size_t)__builtin_ctz((unsigned)mask);
  }
#endif
  for (; i < n; i++)
    if (p[i] >= 0x80) return i;
  return n;
}

#endif
