#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/rust/src/parser.c")
#include "../../.deps/tree-sitter/rust/src/parser.c"
#endif
