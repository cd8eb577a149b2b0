// Cutting text into the pieces of a vocabulary, many at once.
#ifndef CHEADROOM_VOCABULARY_PIECES_H
#define CHEADROOM_VOCABULARY_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Where the pieces of o200k_base end in `p[0..<count]`, which begins with one: a bit for each byte behind a piece, as far as these bytes
/// alone tell. 0 when not even the end of the first can be told, as with letters beyond ASCII.
///
/// 64 bytes are read; `count` is at most 64, and at most 63 when the text ends there.
uint64_t headroom_o200k_ends(const uint8_t *_Nonnull p, size_t count, bool is_end);

#endif
