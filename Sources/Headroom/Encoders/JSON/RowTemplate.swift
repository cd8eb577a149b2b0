/// How the values of a row are put back under their paths: the members of its object in order, laid out flat.
///
///     columns number, user.login, user.type (always User)
///     members "number": VALUE, open "user":{, "login": VALUE, literal "type":"User", close }
enum RowTemplate {
  struct Member {
    enum Kind: UInt8 {
      /// `text` is the whole member, comma included.
      case literal
      /// `text` is the key, and a column has the value.
      case value
      /// `text` is the key and the opening bracket of an object or array, which ends before member `next`. Where a column has a value,
      /// that stands instead.
      case open
      /// `text` is the closing bracket. An object or array that has nothing in it is left out.
      case close
    }
    var kind: Kind
    var text: Range<Int>
    /// The bytes of `text` that are the key.
    var keyLength = 0
    var column = -1
    var next = 0
  }

  /// One path below the rows.
  private struct Place {
    var step: TableHeader.Step
    var column = -1
    var children: [Int] = []
  }

  /// The members for the columns of a header. Nil when one path leads to an object and to an array.
  static func members(of columns: [Int], in header: inout TableHeader) -> [Member]? {
    var places = [Place(step: TableHeader.Step(key: 0..<0, index: -1))]
    var index = ByteIndex(capacity: columns.count)
    for column in columns {
      var place = 0
      let steps = header.columns[column].steps
      let start = header.steps[steps.lowerBound].key.lowerBound
      for step in steps {
        let step = header.steps[step]
        let (number, isNew) = index.add(start..<step.key.upperBound, in: header.text.base)
        if isNew {
          if let sibling = places[place].children.first {
            guard (places[sibling].step.index < 0) == (step.index < 0) else { return nil }
          }
          places[place].children.append(places.count)
          places.append(Place(step: step))
        }
        place = number + 1
      }
      places[place].column = column
    }
    var members: [Member] = []
    for child in places[0].children { append(child, places, &members, &header) }
    return places[0].children.contains { places[$0].step.index >= 0 } ? nil : members
  }

  private static func append(_ number: Int, _ places: [Place], _ members: inout [Member], _ header: inout TableHeader) {
    let place = places[number]
    let start = header.text.count
    if place.step.index < 0 {
      header.text.append(again: place.step.key)
      header.text.append(UInt8(ascii: ":"))
    }
    let keyLength = header.text.count - start
    if place.column >= 0, header.columns[place.column].form == .constant {
      // Always there, so what is below it never is.
      header.text.append(again: header.columns[place.column].value)
      header.text.append(UInt8(ascii: ","))
      if let last = members.last, last.kind == .literal, last.text.upperBound == start {
        members[members.count - 1].text = last.text.lowerBound..<header.text.count
      } else {
        members.append(Member(kind: .literal, text: start..<header.text.count))
      }
      return
    }
    guard let first = place.children.first else {
      members.append(
        Member(kind: .value, text: start..<header.text.count, keyLength: keyLength, column: place.column))
      return
    }
    let isArray = places[first].step.index >= 0
    header.text.append(isArray ? UInt8(ascii: "[") : UInt8(ascii: "{"))
    let open = members.count
    members.append(
      Member(kind: .open, text: start..<header.text.count, keyLength: keyLength, column: place.column))
    // Elements stand by their number, in whatever order their columns are named.
    let children = isArray ? place.children.sorted { places[$0].step.index < places[$1].step.index } : place.children
    for child in children { append(child, places, &members, &header) }
    let bracket = header.text.count
    header.text.append(isArray ? UInt8(ascii: "]") : UInt8(ascii: "}"))
    members.append(Member(kind: .close, text: bracket..<header.text.count))
    members[open].next = members.count
  }
}
