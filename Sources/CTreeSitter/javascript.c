#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/javascript/src/parser.c")
#include "../../.deps/tree-sitter/javascript/src/parser.c"
#endif
