import CTreeSitter

/// What a node of a syntax tree is in an outline.
enum SyntaxRole: UInt8, Sendable {
  /// Nothing that an outline shows.
  case none
  case comment
  /// Stands before what it belongs to, as a node of its own.
  case attribute
  case imports
  /// Holds one declaration: `export`, decorators, `template`.
  case wrapper
  /// Holds declarations, each an item of its own.
  case type
  /// Has a body that is left out.
  case function
  /// Is shown whole: a signature, an enum case, an alias.
  case signature
  /// Shown whole unless it is very long: the fields of a struct.
  case members
  /// Shown whole when it is short: a constant, a field, a variable.
  case value
  /// A statement at the top, which may call something with a function.
  case statement
  /// A statement that has declarations below: `if`, `#ifdef`.
  case compound
  /// A list of declarations that belongs to a wrapper.
  case list
}

/// The numbers that a grammar gives to what an outline looks for.
struct SyntaxRoles: Sendable {
  private let roles: [SyntaxRole]
  let body: UInt16
  let computedValue: UInt16
  let name: UInt16
  let type: UInt16
  let declarator: UInt16
  /// A string that stands alone, for docstrings.
  let isString: [Bool]

  subscript(node: SyntaxTree.Node) -> SyntaxRole {
    Int(node.kind) < roles.count ? roles[Int(node.kind)] : .none
  }

  /// The roles of a language, computed once, when first asked for.
  static func of(_ language: SourceLanguage) -> SyntaxRoles {
    switch language {
    case .python: python
    case .javascript: javascript
    case .typescript: typescript
    case .tsx: tsx
    case .go: go
    case .rust: rust
    case .java: java
    case .c: c
    case .cpp: cpp
    case .swift: swift
    }
  }

  private static let python = SyntaxRoles(.python)
  private static let javascript = SyntaxRoles(.javascript)
  private static let typescript = SyntaxRoles(.typescript)
  private static let tsx = SyntaxRoles(.tsx)
  private static let go = SyntaxRoles(.go)
  private static let rust = SyntaxRoles(.rust)
  private static let java = SyntaxRoles(.java)
  private static let c = SyntaxRoles(.c)
  private static let cpp = SyntaxRoles(.cpp)
  private static let swift = SyntaxRoles(.swift)

  private init(_ language: SourceLanguage) {
    let grammar = language.grammar
    var roles: [SyntaxRole] = []
    var isString: [Bool] = []
    if language.hasGrammar {
      for kind in 0..<UInt16(truncatingIfNeeded: headroom_grammar_kind_count(grammar)) {
        let name = headroom_grammar_kind_name(grammar, kind).map { String(cString: $0) } ?? ""
        roles.append(SyntaxRoles.role(name, language))
        isString.append(name == "string")
      }
    }
    self.roles = roles
    self.isString = isString
    func field(_ name: StaticString) -> UInt16 {
      guard language.hasGrammar else { return 0 }
      return name.withUTF8Buffer { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
          headroom_grammar_field(grammar, $0.baseAddress, UInt32($0.count))
        }
      }
    }
    body = field("body")
    computedValue = field("computed_value")
    name = field("name")
    type = field("type")
    declarator = field("declarator")
  }

  private static func role(_ kind: String, _ language: SourceLanguage) -> SyntaxRole {
    switch kind {
    case "comment", "line_comment", "block_comment", "multiline_comment":
      .comment
    case "attribute_item", "inner_attribute_item", "decorator":
      .attribute
    case "import_statement", "import_from_statement", "future_import_statement", "import_declaration",
      "preproc_include", "use_declaration", "extern_crate_declaration":
      .imports
    case "export_statement", "decorated_definition", "template_declaration", "ambient_declaration",
      "linkage_specification", "enum_body_declarations":
      .wrapper
    case "declaration_list":
      .list
    case "class_definition", "class_declaration", "abstract_class_declaration", "class", "class_specifier",
      "interface_declaration", "enum_declaration", "record_declaration", "annotation_type_declaration", "trait_item",
      "impl_item", "mod_item", "foreign_mod_item", "namespace_definition", "internal_module", "protocol_declaration":
      .type
    case "module":
      language == .python ? .none : .type
    case "struct_specifier", "union_specifier":
      language == .cpp ? .type : .members
    case "type_declaration", "struct_item", "enum_item", "union_item", "type_definition", "enum_specifier",
      "type_alias_declaration":
      .members
    case "function_definition", "function_declaration", "generator_function_declaration", "method_definition",
      "method_declaration", "constructor_declaration", "compact_constructor_declaration", "function_item",
      "init_declaration", "deinit_declaration", "static_initializer", "subscript_declaration":
      .function
    case "package_clause", "package_declaration", "function_signature", "function_signature_item", "method_signature",
      "abstract_method_signature", "construct_signature", "call_signature", "index_signature", "property_signature",
      "method_elem", "type_elem", "protocol_function_declaration", "protocol_property_declaration",
      "associatedtype_declaration", "typealias_declaration", "alias_declaration", "using_declaration",
      "namespace_alias_definition", "enum_constant", "enum_entry", "enum_assignment", "enumerator", "enum_variant",
      "access_specifier", "type_item", "associated_type", "operator_declaration", "friend_declaration",
      "type_alias_statement", "annotation_type_element_declaration", "concept_definition", "property_identifier":
      .signature
    case "assignment", "const_declaration", "var_declaration", "const_item", "static_item", "lexical_declaration",
      "variable_declaration", "field_declaration", "constant_declaration", "public_field_definition",
      "field_definition", "property_declaration", "declaration", "preproc_def", "preproc_function_def",
      "macro_definition", "type_alias":
      .value
    case "expression_statement":
      .statement
    case "if_statement", "try_statement", "with_statement":
      language == .python ? .compound : .none
    case "preproc_ifdef", "preproc_if", "preproc_else", "preproc_elif":
      .compound
    default:
      .none
    }
  }
}
