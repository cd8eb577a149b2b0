#pragma clang diagnostic ignored "-Weverything"
#if __has_include("../../.deps/tree-sitter/swift/src/scanner.c")
#include "../../.deps/tree-sitter/swift/src/scanner.c"
#endif
