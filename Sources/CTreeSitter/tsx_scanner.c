#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/tsx/src/scanner.c")
#include "../../.deps/tree-sitter/tsx/src/scanner.c"
#endif
