import Foundation
import Headroom

/// The time of day where the server runs, as text.
struct LocalTime: Sendable {
  /// What local time is ahead of UTC at a time (milliseconds since 1970), in seconds.
  let utcOffset: @Sendable (Int64) -> Int

  /// The time zone of the machine.
  static let system = LocalTime { TimeZone.current.secondsFromGMT(for: Date(timeIntervalSince1970: Double($0) / 1000)) }

  static let utc = LocalTime { _ in 0 }

  /// As ISO 8601 writes it: `2026-03-12T14:03:22.123+01:00`.
  func text(_ time: Int64) -> String {
    let offset = utcOffset(time)
    let local = time + Int64(offset) * 1000
    let days = local.floored(by: 86_400_000)
    let rest = Int(local - days * 86_400_000)
    let clock = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60].map { LocalTime.padded($0, 2) }
    let sign = offset < 0 ? "-" : "+"
    let zone = [abs(offset) / 3600, abs(offset) / 60 % 60].map { LocalTime.padded($0, 2) }
    return "\(CivilDate(daysSince1970: Int(days)))T\(clock.joined(separator: ":"))."
      + "\(LocalTime.padded(rest % 1000, 3))\(sign)\(zone.joined(separator: ":"))"
  }

  /// The beginning of an hour counted from 1970 in local time: `2026-03-12T14:00`.
  static func text(hour: Int) -> String {
    let days = Int(Int64(hour).floored(by: 24))
    return "\(CivilDate(daysSince1970: days))T\(padded(hour - days * 24, 2)):00"
  }

  /// The day and the hour since 1970, in local time.
  func dayAndHour(_ time: Int64) -> (day: Int, hour: Int) {
    let hour = SavingsSummary.hour(of: time, utcOffset: utcOffset(time))
    return (Int(Int64(hour).floored(by: 24)), hour)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(width - digits.count, 0)) + digits
  }
}

extension Int64 {
  /// The quotient rounded down.
  fileprivate func floored(by divisor: Int64) -> Int64 { (self >= 0 ? self : self - divisor + 1) / divisor }
}
