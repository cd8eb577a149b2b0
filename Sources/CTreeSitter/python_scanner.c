#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/python/src/scanner.c")
#include "../../.deps/tree-sitter/python/src/scanner.c"
#endif
