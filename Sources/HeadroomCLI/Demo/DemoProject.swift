/// What the tools of a made-up shop's developers answer.
enum DemoProject {
  private static let people = ["amira", "jonas", "mei-lin", "okafor", "sofia"]

  /// Releases, the newest first. It brought the failure.
  static var deployments: JSONText {
    var chance = DemoChance(seed: 7)
    let changes = [
      "Shrink idle pools: payments-db from 20 to 2", "Show the delivery date in the cart",
      "Update the payco client to 4.2",
      "Translate the receipt", "Log the customer of an order", "Retry address look-ups once", "Round taxes per line",
      "Cache shipping prices", "Drop the old voucher field", "Warm up the price service", "Speed up the order list",
      "Fix the currency of gift cards",
    ]
    return .array(
      changes.enumerated().map { index, change in
        .object([
          ("release", .string("2026.3.\(12 - index)")), ("service", .string("checkout")),
          ("at", .string("2026-03-\((12 - (index + 1) / 2).padded(2))T\(index % 2 == 0 ? "13:58" : "16:10"):00Z")),
          ("by", .string(chance.pick(people))), ("commit", .string(chance.hexadecimal(12))),
          ("change", .string(change)),
          ("status", .string("succeeded")),
        ])
      })
  }

  /// Open issues, with all that a forge says about each.
  static var issues: JSONText {
    var chance = DemoChance(seed: 11)
    let parts = [
      "cart", "receipt", "voucher", "address form", "price list", "order list", "gift card", "delivery date",
    ]
    let faults = [
      "is empty after going back", "shows the wrong currency", "is slow on mobile", "ignores the language",
      "breaks with long names", "cannot be printed",
    ]
    let labels = [("bug", "d73a4a"), ("checkout", "0e8a16"), ("good first issue", "7057ff"), ("design", "fbca04")]
    let issues = (0..<36).map { index -> JSONText in
      let number = 1_930 - index * 3 - chance.number(0...2)
      let person = chance.pick(people)
      let part = chance.pick(parts)
      let title =
        index == 4 ? "Payments stall when the pool payments-db is small" : "The \(part) \(chance.pick(faults))"
      let url = "https://forge.example.com/shop/checkout/issues/\(number)"
      let chosen = labels.filter { _ in chance.number(0...2) == 0 }
      return .object([
        ("number", .integer(number)), ("title", .string(title)), ("state", .string("open")),
        (
          "user",
          .object([
            ("login", .string(person)), ("id", .integer(500 + person.utf8.count)),
            ("url", .string("https://forge.example.com/users/\(person)")), ("type", .string("User")),
          ])
        ),
        ("labels", .array(chosen.map { .object([("name", .string($0.0)), ("color", .string($0.1))]) })),
        ("comments", .integer(chance.number(0...9))),
        ("created_at", .string("2026-02-\(chance.number(1...28).padded(2))T09:\(chance.number(10...59)):00Z")),
        ("html_url", .string(url)), ("comments_url", .string(url + "/comments")),
        (
          "body",
          .string(
            "Seen \(chance.number(2...60)) times last week on \(chance.pick(["Firefox", "Safari", "Chrome"])). Steps: open the shop, "
              + "add \(chance.number(1...6)) articles, go to the \(part), reload. Customer \(chance.number(1_000...9_999)) has a video."
          )
        ),
      ])
    }
    return .array(issues)
  }

  /// Too short to gain anything.
  static let pods = """
    NAME                        READY   STATUS    RESTARTS   AGE
    checkout-7c9f5d-x2k4l       1/1     Running   0          26h
    checkout-7c9f5d-m8wqz       1/1     Running   0          26h
    checkout-7c9f5d-t6rjp       1/1     Running   0          26h
    payments-db-0               1/1     Running   0          41d
    """
}
