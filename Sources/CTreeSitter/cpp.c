#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/cpp/src/parser.c")
#include "../../.deps/tree-sitter/cpp/src/parser.c"
#endif
