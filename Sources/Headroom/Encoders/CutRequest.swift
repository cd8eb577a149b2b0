/// For what, and how far, content may be left out of view.
struct CutRequest {
  /// Tokens that the text should come near.
  var budget: Int
  /// What its reader looks for.
  var query: Query
  /// The name of the original, under which what is out of view is to be had.
  var handle: Handle
  var retrieval: RetrievalPath
  var level: Level
}
