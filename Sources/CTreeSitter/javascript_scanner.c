#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/javascript/src/scanner.c")
#include "../../.deps/tree-sitter/javascript/src/scanner.c"
#endif
