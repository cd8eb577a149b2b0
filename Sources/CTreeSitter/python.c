#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/python/src/parser.c")
#include "../../.deps/tree-sitter/python/src/parser.c"
#endif
