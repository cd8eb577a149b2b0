#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/go/src/parser.c")
#include "../../.deps/tree-sitter/go/src/parser.c"
#endif
