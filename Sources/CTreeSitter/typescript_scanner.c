#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/typescript/src/scanner.c")
#include "../../.deps/tree-sitter/typescript/src/scanner.c"
#endif
