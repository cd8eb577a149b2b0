import Foundation
import Headroom
import Testing

@Suite struct CivilDateTests {
  @Test func datesAreThoseOfTheCalendar() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    for day in stride(from: -150_000, through: 150_000, by: 17) {
      let parts = calendar.dateComponents(
        [.year, .month, .day], from: Date(timeIntervalSince1970: Double(day) * 86_400))
      guard let year = parts.year, year > 1600 else { continue }
      let date = CivilDate(daysSince1970: day)
      #expect(date.year == year && date.month == parts.month && date.day == parts.day)
    }
    #expect(CivilDate(daysSince1970: 0).description == "1970-01-01")
    #expect(CivilDate(daysSince1970: 20_512).description == "2026-02-28")
  }
}
