#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/rust/src/scanner.c")
#include "../../.deps/tree-sitter/rust/src/scanner.c"
#endif
