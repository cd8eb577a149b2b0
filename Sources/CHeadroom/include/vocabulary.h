// Tables for counting tokens: the vocabularies, where scripts/setup.sh has fetched them, and Unicode classes.
#ifndef CHEADROOM_VOCABULARY_H
#define CHEADROOM_VOCABULARY_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/// The table of a vocabulary as scripts/make-vocabulary-tables.py lays it out, 64-byte aligned; NULL in builds without.
const uint8_t *_Nullable headroom_o200k_base(void);
const uint8_t *_Nullable headroom_cl100k_base(void);

/// The class of each byte and of each scalar: see vocabulary_classes.c.
extern const uint8_t headroom_byte_classes[256];
extern const uint32_t headroom_class_block_count;
extern const uint16_t headroom_class_blocks[];
extern const uint8_t headroom_class_rows[];

static inline const uint8_t *_Nonnull headroom_byte_class_table(void) { return headroom_byte_classes; }
static inline const uint16_t *_Nonnull headroom_class_block_table(void) { return headroom_class_blocks; }
static inline const uint8_t *_Nonnull headroom_class_row_table(void) { return headroom_class_rows; }

/// Zeroed memory that costs nothing until it is touched, when the system hands out its pages. For `headroom_free`.
static inline void *_Nonnull headroom_zeroed(size_t size) {
  void *memory = calloc(1, size);
  if (!memory) abort();
  return memory;
}
static inline void headroom_free(void *_Nonnull memory) { free(memory); }

#endif
