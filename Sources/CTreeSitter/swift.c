#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/swift/src/parser.c")
#include "../../.deps/tree-sitter/swift/src/parser.c"
#endif
