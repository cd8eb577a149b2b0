#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/java/src/parser.c")
#include "../../.deps/tree-sitter/java/src/parser.c"
#endif
