/// What a source file declares, by its syntax tree where there is a grammar and by its indentation otherwise.
///
/// - Parameters:
///   - source: the bytes of the file.
///   - language: its language, if it is one with a grammar; see ``SourceLanguage/init(path:)``.
/// - Returns: nil for what is no text, or too long.
public func outline(_ source: [UInt8], language: SourceLanguage?) -> Outline? {
  let lines = TextLines(source)
  guard source.count <= SyntaxTree.mostBytes, !source.contains(0) else { return nil }
  return source.withUnsafeBufferPointer { bytes in
    if let language = language?.refined(by: bytes), let outline = OutlineBuilder.outline(bytes, lines, language) {
      return outline
    }
    return IndentOutline.outline(bytes, lines)
  }
}
