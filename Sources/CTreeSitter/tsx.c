#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/tsx/src/parser.c")
#include "../../.deps/tree-sitter/tsx/src/parser.c"
#endif
