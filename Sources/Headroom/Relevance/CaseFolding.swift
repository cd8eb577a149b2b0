/// Folding of upper to lower case, one scalar to one scalar: ASCII, Latin, Greek, Cyrillic, Armenian and full-width
/// letters.
///
/// A small part of Unicode's CaseFolding.txt (status C and S), by arithmetic: what search needs, without a table and
/// the same on every platform.
enum CaseFolding {
  /// The lower-case form of `scalar`, or `scalar`.
  static func fold(_ scalar: UInt32) -> UInt32 {
    if scalar < 0x80 { return scalar &- 0x41 < 26 ? scalar | 0x20 : scalar }
    switch scalar {
    case 0xC0...0xDE: return scalar == 0xD7 ? scalar : scalar + 0x20
    case 0x130, 0x131, 0x138, 0x149, 0x17F: return scalar
    case 0x178: return 0xFF
    case 0x100...0x137, 0x14A...0x177: return scalar | 1
    case 0x139...0x148, 0x179...0x17E: return scalar & 1 == 1 ? scalar + 1 : scalar
    case 0x386: return 0x3AC
    case 0x388...0x38A: return scalar + 37
    case 0x38C: return 0x3CC
    case 0x38E, 0x38F: return scalar + 63
    case 0x391...0x3AB: return scalar == 0x3A2 ? scalar : scalar + 0x20
    case 0x3C2: return 0x3C3
    case 0x400...0x40F: return scalar + 80
    case 0x410...0x42F: return scalar + 32
    case 0x460...0x481, 0x48A...0x4BF, 0x4D0...0x52F, 0x1E00...0x1E95, 0x1EA0...0x1EFF: return scalar | 1
    case 0x531...0x556: return scalar + 48
    case 0xFF21...0xFF3A: return scalar + 32
    default: return scalar
    }
  }
}
