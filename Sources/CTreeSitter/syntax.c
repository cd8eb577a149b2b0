// What the rest of the program sees of tree-sitter.
#include "include/CTreeSitter.h"

#include <stddef.h>

#if __has_include("../../.deps/tree-sitter/core/include/tree_sitter/api.h")
#include "../../.deps/tree-sitter/core/include/tree_sitter/api.h"

#include <stdlib.h>
#include <string.h>

const TSLanguage *tree_sitter_python(void);
const TSLanguage *tree_sitter_javascript(void);
const TSLanguage *tree_sitter_typescript(void);
const TSLanguage *tree_sitter_tsx(void);
const TSLanguage *tree_sitter_go(void);
const TSLanguage *tree_sitter_rust(void);
const TSLanguage *tree_sitter_java(void);
const TSLanguage *tree_sitter_c(void);
const TSLanguage *tree_sitter_cpp(void);
const TSLanguage *tree_sitter_swift(void);

static const TSLanguage *language(headroom_grammar grammar) {
  switch (grammar) {
  case HEADROOM_PYTHON: return tree_sitter_python();
  case HEADROOM_JAVASCRIPT: return tree_sitter_javascript();
  case HEADROOM_TYPESCRIPT: return tree_sitter_typescript();
  case HEADROOM_TSX: return tree_sitter_tsx();
  case HEADROOM_GO: return tree_sitter_go();
  case HEADROOM_RUST: return tree_sitter_rust();
  case HEADROOM_JAVA: return tree_sitter_java();
  case HEADROOM_C: return tree_sitter_c();
  case HEADROOM_CPP: return tree_sitter_cpp();
  case HEADROOM_SWIFT: return tree_sitter_swift();
  }
  return NULL;
}

bool headroom_grammar_is_present(headroom_grammar grammar) { return language(grammar) != NULL; }

uint32_t headroom_grammar_kind_count(headroom_grammar grammar) {
  return ts_language_symbol_count(language(grammar));
}

const char *headroom_grammar_kind_name(headroom_grammar grammar, uint16_t kind) {
  return ts_language_symbol_name(language(grammar), kind);
}

uint16_t headroom_grammar_field(headroom_grammar grammar, const char *name, uint32_t length) {
  return ts_language_field_id_for_name(language(grammar), name, length);
}

// --- Parsing ---

typedef struct {
  const uint8_t *bytes;
  uint32_t count;
  headroom_syntax_effort effort;
  uint32_t spent;
} source;

static const char *read_source(void *payload, uint32_t offset, TSPoint point, uint32_t *count) {
  const source *text = payload;
  *count = offset < text->count ? text->count - offset : 0;
  return *count == 0 ? "" : (const char *)text->bytes + offset;
}

// Called each hundred steps.
static bool is_spent(TSParseState *state) {
  source *text = state->payload;
  text->spent += 1;
  headroom_syntax_effort effort = text->effort;
  return text->spent > effort.most || text->spent > effort.allowance + state->current_byte_offset / effort.stride;
}

headroom_syntax *headroom_syntax_parse(
    headroom_grammar grammar, const uint8_t *bytes, uint32_t count, headroom_syntax_effort effort) {
  TSParser *parser = ts_parser_new();
  TSTree *tree = NULL;
  if (ts_parser_set_language(parser, language(grammar))) {
    source text = {bytes, count, effort, 0};
    TSInput input = {&text, read_source, TSInputEncodingUTF8, NULL};
    TSParseOptions options = {&text, is_spent};
    tree = ts_parser_parse_with_options(parser, NULL, input, options);
  }
  ts_parser_delete(parser);
  return (headroom_syntax *)tree;
}

void headroom_syntax_free(headroom_syntax *syntax) { ts_tree_delete((TSTree *)syntax); }

// --- Walking ---

static headroom_syntax_node from_node(TSNode node, uint16_t field) {
  headroom_syntax_node result;
  result.start = ts_node_start_byte(node);
  result.end = ts_node_end_byte(node);
  result.start_row = ts_node_start_point(node).row;
  TSPoint end = ts_node_end_point(node);
  result.end_row = end.column == 0 && end.row > result.start_row ? end.row - 1 : end.row;
  result.kind = ts_node_symbol(node);
  result.field = field;
  result.is_named = ts_node_is_named(node);
  memcpy(result.context, node.context, sizeof result.context);
  result.id = node.id;
  result.tree = node.tree;
  return result;
}

static TSNode to_node(const headroom_syntax_node *node) {
  TSNode result;
  memcpy(result.context, node->context, sizeof result.context);
  result.id = node->id;
  result.tree = node->tree;
  return result;
}

headroom_syntax_node headroom_syntax_root(const headroom_syntax *syntax) {
  return from_node(ts_tree_root_node((const TSTree *)syntax), 0);
}

uint32_t headroom_syntax_child_count(const headroom_syntax_node *node) { return ts_node_child_count(to_node(node)); }

uint32_t headroom_syntax_children(
    const headroom_syntax_node *node, headroom_syntax_node *children, uint32_t capacity) {
  TSTreeCursor cursor = ts_tree_cursor_new(to_node(node));
  uint32_t count = 0;
  if (capacity > 0 && ts_tree_cursor_goto_first_child(&cursor)) {
    do {
      children[count] = from_node(ts_tree_cursor_current_node(&cursor), ts_tree_cursor_current_field_id(&cursor));
      count += 1;
    } while (count < capacity && ts_tree_cursor_goto_next_sibling(&cursor));
  }
  ts_tree_cursor_delete(&cursor);
  return count;
}

uint32_t headroom_syntax_error_bytes(const headroom_syntax *syntax) {
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node((const TSTree *)syntax));
  uint32_t bytes = 0;
  for (;;) {
    TSNode node = ts_tree_cursor_current_node(&cursor);
    bool is_error = ts_node_is_error(node);
    if (is_error) bytes += ts_node_end_byte(node) - ts_node_start_byte(node);
    if (!is_error && ts_node_has_error(node) && ts_tree_cursor_goto_first_child(&cursor)) continue;
    while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
      if (!ts_tree_cursor_goto_parent(&cursor)) {
        ts_tree_cursor_delete(&cursor);
        return bytes;
      }
    }
  }
}

#else

bool headroom_grammar_is_present(headroom_grammar grammar) { return false; }
uint32_t headroom_grammar_kind_count(headroom_grammar grammar) { return 0; }
const char *headroom_grammar_kind_name(headroom_grammar grammar, uint16_t kind) { return NULL; }
uint16_t headroom_grammar_field(headroom_grammar grammar, const char *name, uint32_t length) { return 0; }

headroom_syntax *headroom_syntax_parse(
    headroom_grammar grammar, const uint8_t *bytes, uint32_t count, headroom_syntax_effort effort) {
  return NULL;
}

void headroom_syntax_free(headroom_syntax *syntax) {}
headroom_syntax_node headroom_syntax_root(const headroom_syntax *syntax) { return (headroom_syntax_node){0}; }
uint32_t headroom_syntax_child_count(const headroom_syntax_node *node) { return 0; }

uint32_t headroom_syntax_children(
    const headroom_syntax_node *node, headroom_syntax_node *children, uint32_t capacity) {
  return 0;
}

uint32_t headroom_syntax_error_bytes(const headroom_syntax *syntax) { return 0; }

#endif
