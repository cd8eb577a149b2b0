#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/core/src/lib.c")
#include "../../.deps/tree-sitter/core/src/lib.c"
#endif
