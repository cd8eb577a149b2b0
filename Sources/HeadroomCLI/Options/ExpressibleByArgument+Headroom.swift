public import ArgumentParser
public import Headroom

extension Level: ExpressibleByArgument {}

extension Options.Mode: ExpressibleByArgument {}

/// The ways to what was cut, as they are called on the command line.
enum RetrievalChoice: String, CaseIterable, ExpressibleByArgument {
  case shell, tool, none

  var path: RetrievalPath {
    switch self {
    case .shell: .shell
    case .tool: .tool
    case .none: .none
    }
  }
}
