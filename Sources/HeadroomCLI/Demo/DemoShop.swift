/// An hour of a made-up shop: its orders, the rows of its database and the entries of its log.
struct DemoShop {
  struct Order {
    var number: Int
    /// Seconds after 14:00.
    var second: Int
    var customer: Int
    var cents: Int
    var pod: String
    var trace: String
    var hasFailed: Bool
    var duration: Int
  }

  private(set) var orders: [Order] = []
  private var chance = DemoChance(seed: 1893)

  init() {
    let pods = ["checkout-7c9f5d-x2k4l", "checkout-7c9f5d-m8wqz", "checkout-7c9f5d-t6rjp"]
    let failed: Set = [37, 71, 72, 118]
    var second = 0
    for index in 0..<160 {
      second += chance.number(4...38)
      orders.append(
        Order(
          number: 48_150 + index, second: second, customer: chance.number(1_000...9_999),
          cents: chance.number(9...240) * 100 + 90, pod: chance.pick(pods), trace: chance.hexadecimal(16),
          hasFailed: failed.contains(index), duration: chance.number(180...900)))
    }
  }

  /// What the database answers: one row an order.
  var rows: JSONText {
    .array(
      orders.map { order in
        .object([
          ("id", .integer(order.number)), ("customer_id", .integer(order.customer)),
          ("created_at", .string(DemoShop.time(order.second, 0))), ("total_cents", .integer(order.cents)),
          ("currency", .string("EUR")), ("status", .string(order.hasFailed ? "charge_failed" : "paid")),
          ("gateway", .string("payco")), ("gateway_reference", order.hasFailed ? .null : .string("pc_" + order.trace)),
          ("failure", order.hasFailed ? .string("POOL_TIMEOUT") : .null),
        ])
      })
  }

  /// What the log search answers: three entries for most of the first orders, in the order of their times.
  var logs: JSONText {
    var chance = DemoChance(seed: 48_213)
    var entries: [(time: Int, entry: JSONText)] = []
    for order in orders.prefix(80) {
      func add(_ level: String, after milliseconds: Int, _ message: String) {
        let time = order.second * 1000 + milliseconds
        let entry = JSONText.object([
          ("time", .string(DemoShop.time(time / 1000, time % 1000))), ("level", .string(level)),
          ("service", .string("checkout")), ("pod", .string(order.pod)), ("trace", .string(order.trace)),
          ("message", .string(message)),
        ])
        entries.append((time, entry))
      }
      let start = chance.number(5...90)
      add(
        "INFO", after: start,
        "cart of order \(order.number) priced: \(order.cents) cents for customer \(order.customer)")
      add("INFO", after: start + 12, "charge of order \(order.number) started at gateway payco")
      if order.hasFailed {
        add(
          "ERROR", after: start + 30_012,
          "charge of order \(order.number) failed: \(DemoConversation.needle) (pool payments-db, size 2, in use 2, waiting 41)"
        )
      } else {
        if chance.number(0...15) == 0 {
          add("WARN", after: start + 400, "waited \(chance.number(400...900)) ms for a connection of pool payments-db")
        }
        add("INFO", after: start + order.duration, "order \(order.number) paid in \(order.duration) ms")
      }
    }
    entries.sort { $0.time < $1.time }
    return .object([
      ("took_ms", .integer(38)), ("total", .integer(entries.count)), ("entries", .array(entries.map(\.entry))),
    ])
  }

  private static func time(_ second: Int, _ millisecond: Int) -> String {
    let hour = 14 + second / 3600
    return
      "2026-03-12T\(hour):\((second / 60 % 60).padded(2)):\((second % 60).padded(2)).\(millisecond.padded(3))Z"
  }
}
