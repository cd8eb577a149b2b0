// SHA-256 by the processor's own instructions, where it has them.
#ifndef CHEADROOM_SHA256_H
#define CHEADROOM_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Takes `blocks` blocks of 64 bytes into `state`. False, and nothing is done, where the processor has no instructions for it.
bool headroom_sha256_blocks(uint32_t state[8], const uint8_t *p, size_t blocks);

#endif
