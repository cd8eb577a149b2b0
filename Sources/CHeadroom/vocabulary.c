// The vocabularies become part of the program where scripts/setup.sh has put them into .deps; otherwise counts are
// estimates.
#include "vocabulary.h"

#if defined(__has_embed)
#if __has_embed("../../.deps/vocabularies/o200k_base.bin")
#define HAS_O200K_BASE
_Alignas(64) static const uint8_t o200k_base[] = {
#embed "../../.deps/vocabularies/o200k_base.bin"
};
#endif
#if __has_embed("../../.deps/vocabularies/cl100k_base.bin")
#define HAS_CL100K_BASE
_Alignas(64) static const uint8_t cl100k_base[] = {
#embed "../../.deps/vocabularies/cl100k_base.bin"
};
#endif
#endif

const uint8_t *headroom_o200k_base(void) {
#ifdef HAS_O200K_BASE
  return o200k_base;
#else
  return 0;
#endif
}

const uint8_t *headroom_cl100k_base(void) {
#ifdef HAS_CL100K_BASE
  return cl100k_base;
#else
  return 0;
#endif
}
