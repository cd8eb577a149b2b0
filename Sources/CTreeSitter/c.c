#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/c/src/parser.c")
#include "../../.deps/tree-sitter/c/src/parser.c"
#endif
