// Pieces by arithmetic on masks that have a bit for each byte. A loop over bytes would have to guess at each of them whether the piece goes
// on, and guess wrong about once a piece. The rules are those of O200KRules.swift.
#include "include/vocabulary_pieces.h"

#include <string.h>

// Clang's portable vectors: whatever the target has.
typedef uint8_t bytes64 __attribute__((vector_size(64)));
typedef int8_t lanes64 __attribute__((vector_size(64)));
typedef bool bools64 __attribute__((ext_vector_type(64)));

// The lanes that are not zero. A macro, as passing such vectors depends on the target.
#define BITS(lanes)                                                 \
  ({                                                                \
    bools64 bools = __builtin_convertvector((lanes64)(lanes), bools64); \
    uint64_t bits;                                                  \
    memcpy(&bits, &bools, 8);                                       \
    bits;                                                           \
  })

#define INLINE static inline __attribute__((always_inline))

INLINE uint64_t bit(size_t n) { return (uint64_t)1 << n; }
INLINE uint64_t below(size_t n) { return n < 64 ? bit(n) - 1 : ~(uint64_t)0; }
INLINE uint64_t lowest(uint64_t mask) { return mask & -mask; }

// The length of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll`, `'d` in any case, or 0.
INLINE size_t contraction(const uint8_t *p) {
  uint8_t first = p[1] | 0x20, second = p[2] | 0x20;
  if (first == 's' || first == 't' || first == 'm' || first == 'd') return 2;
  return ((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l') ? 3 : 0;
}

INLINE uint64_t ends(const uint8_t *p, size_t count, bool is_end) {
  bytes64 v;
  memcpy(&v, p, 64);
  uint64_t above = BITS((lanes64)v < 0) & below(count);
  if (above) {
    count = (size_t)__builtin_ctzll(above);
    is_end = false;
  }
  const uint64_t text = below(count);
  const uint64_t letter = BITS(((v | 0x20) - 'a') < 26) & text;
  const uint64_t lower = BITS((v & 0x20) != 0) & letter;
  const uint64_t digit = BITS((v - '0') < 10) & text;
  const uint64_t blank = BITS(v == ' ') & text;
  uint64_t newline = BITS((v == '\n') | (v == '\r')) & text;
  uint64_t space = (BITS((v - '\t') < 5) & text) | blank;
  uint64_t sign = text & ~(letter | digit | space);

  // `[^\s\p{L}\p{N}]+[\r\n/]*`: line ends behind signs belong to them, and slashes behind those.
  const uint64_t tails = newline & ~(newline << 1) & (sign << 1);
  if (tails) {
    const uint64_t behind = newline + tails;
    uint64_t tail = newline & ~behind;
    uint64_t slashes = BITS(v == '/') & behind & sign;
    if (slashes) {
      const uint64_t either = newline | (BITS(v == '/') & sign);
      for (; slashes; slashes &= ~tail) tail |= either & ~(either + lowest(slashes));
    }
    sign &= ~tail;
    space &= ~tail;
    newline &= ~tail;
  }
  const uint64_t gap = space & ~newline;

  // Words: upper case, then lower case, with the space or sign before them that no other piece has taken.
  const uint64_t words = (letter & ~(letter << 1)) | (letter & ~lower & (lower << 1));
  const uint64_t leads = (words >> 1) & (gap | (sign & ~(sign << 1) & ~(blank << 1)));
  uint64_t starts = leads | (words & ~(leads << 1));

  // Signs, with the blank before them.
  const uint64_t signs = sign & ~(sign << 1), blanks = (signs >> 1) & blank;
  starts |= blanks | (signs & ~(blanks << 1));

  // Numbers, three digits at a time.
  uint64_t thirds = digit & ~(digit << 1), all = digit & (digit << 1) & (digit << 2);
  thirds |= (thirds << 3) & all;
  all &= all << 3;
  if (all) {
    thirds |= (thirds << 6) & all;
    all &= all << 6;
    thirds |= (thirds << 12) & all;
    all &= all << 12;
    thirds |= (thirds << 24) & all;
    all &= all << 24;
    thirds |= (thirds << 48) & all;
  }
  starts |= thirds;

  // White space: up to the last line end of a run, then all but its last byte, which goes to what follows.
  uint64_t after = (newline << 1) & ~newline;
  uint64_t again = (gap + after) & ~gap & newline;
  for (; again; again &= again - 1) {
    // Between two line ends there are only blanks, so the first is not the last.
    const uint64_t before = after & (lowest(again) - 1);
    after &= ~bit(63 - (size_t)__builtin_clzll(before));
  }
  uint64_t last = gap & ~(space >> 1);
  if (is_end && count > 0) last &= ~bit(count - 1);
  starts |= (space & ~(space << 1)) | last | after;

  // A contraction is part of the word before it.
  uint64_t quotes = (letter << 1) & (letter >> 1) & sign & below(62);
  if (quotes) {
    quotes &= BITS(v == '\'');
    size_t end = 0;
    for (; quotes; quotes &= quotes - 1) {
      const size_t place = (size_t)__builtin_ctzll(quotes), length = place == end ? 0 : contraction(p + place);
      if (length == 0 || place + length > (count < 64 ? count : 63)) continue;
      end = place + length;
      starts = (starts & ~(below(end) & ~below(place))) | bit(end);
    }
  }

  if (is_end) return ((starts & text) | bit(count)) & ~(uint64_t)1;
  // What the next bytes may change: a contraction looks three bytes ahead, and white space is cut by what follows it.
  size_t known = count < 4 ? 0 : count - 3;
  if (count > 0 && space & bit(count - 1)) {
    const uint64_t others = ~space & text;
    const size_t run = others ? 64 - (size_t)__builtin_clzll(others) : 0;
    if (run + 1 < known) known = run + 1;
  }
  return starts & below(known) & ~(uint64_t)1;
}

#if defined(__x86_64__)
__attribute__((target("avx2,bmi,bmi2,lzcnt"))) static uint64_t ends_by_32(
    const uint8_t *p, size_t count, bool is_end) {
  return ends(p, count, is_end);
}
#endif

uint64_t headroom_o200k_ends(const uint8_t *p, size_t count, bool is_end) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return ends_by_32(p, count, is_end);
#endif
  return ends(p, count, is_end);
}
