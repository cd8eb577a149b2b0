#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/cpp/src/scanner.c")
#include "../../.deps/tree-sitter/cpp/src/scanner.c"
#endif
