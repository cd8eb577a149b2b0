#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/typescript/src/parser.c")
#include "../../.deps/tree-sitter/typescript/src/parser.c"
#endif
