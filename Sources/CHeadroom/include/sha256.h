// The inner part of SHA-256 (FIPS 180-4).
#ifndef CHEADROOM_SHA256_H
#define CHEADROOM_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Takes `blocks` blocks of 64 bytes into `state`, by the processor's own instructions where it has them and they are allowed.
void headroom_sha256_blocks(uint32_t state[8], const uint8_t *p, size_t blocks, bool by_instructions);

#endif
