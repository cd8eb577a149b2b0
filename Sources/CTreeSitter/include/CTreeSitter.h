// Syntax trees by tree-sitter, whose core and grammars scripts/setup.sh fetches into .deps. Where they are absent nothing parses, and
// everything else works.
#ifndef CTREESITTER_H
#define CTREESITTER_H

#include <stdbool.h>
#include <stdint.h>

// The grammars, in the order of the table in syntax.c.
typedef enum {
  HEADROOM_PYTHON,
  HEADROOM_JAVASCRIPT,
  HEADROOM_TYPESCRIPT,
  HEADROOM_TSX,
  HEADROOM_GO,
  HEADROOM_RUST,
  HEADROOM_JAVA,
  HEADROOM_C,
  HEADROOM_CPP,
  HEADROOM_SWIFT,
} headroom_grammar;

typedef struct headroom_syntax headroom_syntax;

// A node with its place; rows count from 0, and the end row is that of its last byte. `kind` and `field` are the numbers that the grammar gives to names.
typedef struct {
  uint32_t start;
  uint32_t end;
  uint32_t start_row;
  uint32_t end_row;
  uint16_t kind;
  uint16_t field;
  bool is_named;
  // What tree-sitter knows it by.
  uint32_t context[4];
  const void *id;
  const void *tree;
} headroom_syntax_node;

// Whether the grammar was there when this was compiled.
bool headroom_grammar_is_present(headroom_grammar grammar);

// The kinds are below the count; their names are not distinct.
uint32_t headroom_grammar_kind_count(headroom_grammar grammar);
const char *headroom_grammar_kind_name(headroom_grammar grammar, uint16_t kind);
// The number of a field; 0 when there is none of the name.
uint16_t headroom_grammar_field(headroom_grammar grammar, const char *name, uint32_t length);

// How much work a text is worth, in hundreds of steps of the parser: so many, one more for each `stride` bytes it has come, and no more than
// `most`. Work is counted, not time, so that the answer is the same everywhere.
typedef struct {
  uint32_t allowance;
  uint32_t stride;
  uint32_t most;
} headroom_syntax_effort;

// Parses `count` bytes, which must stay where they are until the tree is freed. NULL when the grammar is absent or the effort too great.
headroom_syntax *headroom_syntax_parse(
    headroom_grammar grammar, const uint8_t *bytes, uint32_t count, headroom_syntax_effort effort);
void headroom_syntax_free(headroom_syntax *syntax);

headroom_syntax_node headroom_syntax_root(const headroom_syntax *syntax);
// Writes up to `capacity` children, and says how many were written.
uint32_t headroom_syntax_children(
    const headroom_syntax_node *node, headroom_syntax_node *children, uint32_t capacity);
uint32_t headroom_syntax_child_count(const headroom_syntax_node *node);

// How many bytes stand in nodes that the parser could make nothing of.
uint32_t headroom_syntax_error_bytes(const headroom_syntax *syntax);

#endif
