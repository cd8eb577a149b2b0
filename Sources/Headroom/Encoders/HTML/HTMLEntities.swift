/// Character references: `&amp;`, `&#8217;`, `&#x2014;`.
enum HTMLEntities {
  /// The scalar of the reference at `start`, an ampersand, and where it ends; nil when there is none.
  static func decode(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, end: Int) -> (scalar: UInt32, end: Int)? {
    var p = start + 1
    guard p < end else { return nil }
    if bytes[p] == UInt8(ascii: "#") { return number(bytes, at: p + 1, end: end) }
    var key: UInt64 = 0
    while p < end, p - start <= 8, isAlphanumeric(bytes[p]) {
      key = key << 8 | UInt64(bytes[p])
      p += 1
    }
    guard p > start + 2, let scalar = named(key) else { return nil }
    if p < end, bytes[p] == UInt8(ascii: ";") { return (scalar, p + 1) }
    // Without the semicolon only the oldest names count, and not in the middle of a word.
    guard scalar < 256, p == end || !isAlphanumeric(bytes[p]) && bytes[p] != UInt8(ascii: "=") else { return nil }
    return (scalar, p)
  }

  private static func number(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, end: Int) -> (UInt32, Int)? {
    var p = start
    var value: UInt32 = 0
    let isHex = p < end && bytes[p] | 0x20 == UInt8(ascii: "x")
    if isHex { p += 1 }
    let first = p
    while p < end {
      let byte = bytes[p]
      let digit: UInt32
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = UInt32(byte - 0x30)
      case UInt8(ascii: "a")...UInt8(ascii: "f") where isHex: digit = UInt32(byte - 0x57)
      case UInt8(ascii: "A")...UInt8(ascii: "F") where isHex: digit = UInt32(byte - 0x37)
      default: digit = .max
      }
      if digit == .max { break }
      value = min(value * (isHex ? 16 : 10) + digit, 0x11_0000)
      p += 1
    }
    guard p > first else { return nil }
    if p < end, bytes[p] == UInt8(ascii: ";") { p += 1 }
    if (0x80...0x9f).contains(value) { value = windows1252[Int(value - 0x80)] }
    let isInvalid = value == 0 || value > 0x10_FFFF || (0xD800...0xDFFF).contains(value)
    return (isInvalid ? 0xFFFD : value, p)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
  }

  /// What pages mean by the numbers 128 to 159.
  private static let windows1252: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D, 0x8F,
    0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E,
    0x178,
  ]

  // MARK: Names

  private static func slot(_ key: UInt64) -> Int { Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 54) }

  private static func named(_ key: UInt64) -> UInt32? {
    var place = slot(key)
    while table[place].key != 0 {
      if table[place].key == key { return table[place].scalar }
      place = (place + 1) & 1023
    }
    return nil
  }

  /// A hash table of 1,024 places.
  private static let table: [(key: UInt64, scalar: UInt32)] = {
    var table = [(key: UInt64, scalar: UInt32)](repeating: (0, 0), count: 1024)
    var scalar: UInt32 = 0
    for word in names.split(separator: " ") {
      if let number = UInt32(word) {
        scalar = number
        continue
      }
      let key = word.utf8.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      var place = slot(key)
      while table[place].key != 0 { place = (place + 1) & 1023 }
      table[place] = (key, scalar)
      scalar += 1
    }
    return table
  }()

  /// Names with ascending scalars from the number before them.
  private static let names = """
    34 quot 38 amp 39 apos 60 lt 62 gt 9 Tab 10 NewLine 33 excl 35 num dollar percnt 40 lpar rpar ast plus comma 46 period \
    sol 58 colon semi 61 equals 63 quest commat 91 lsqb bsol rsqb Hat lowbar grave 91 lbrack 93 rbrack 123 lcub verbar rcub \
    123 lbrace vert rbrace 95 UnderBar
    """ + " " + """
      160 nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro \
      para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil \
      Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave \
      Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml \
      igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute \
      thorn yuml 34 QUOT 38 AMP 60 LT 62 GT 169 COPY 174 REG
      """ + " " + """
      256 Amacr amacr Abreve abreve Aogon aogon Cacute cacute 268 Ccaron ccaron Dcaron dcaron Dstrok dstrok Emacr emacr \
      280 Eogon eogon Ecaron ecaron 286 Gbreve gbreve 304 Idot imath 321 Lstrok lstrok Nacute nacute 327 Ncaron ncaron \
      336 Odblac odblac OElig oelig 344 Rcaron rcaron Sacute sacute 350 Scedil scedil Scaron scaron 356 Tcaron tcaron \
      362 Umacr umacr 366 Uring uring Udblac udblac 376 Yuml Zacute zacute Zdot zdot Zcaron zcaron 402 fnof 710 circ \
      caron 728 breve dot ring ogon tilde dblac
      """ + " " + """
      913 Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho 931 Sigma Tau Upsilon Phi \
      Chi Psi Omega 945 alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma \
      tau upsilon phi chi psi omega 977 thetasym upsih 982 piv 949 epsi 1013 epsiv 981 straightphi
      """ + " " + """
      8194 ensp emsp 8199 numsp puncsp thinsp hairsp 8203 ZeroWidthSpace 8204 zwnj zwj lrm rlm 8208 hyphen 8208 dash 8211 ndash \
      mdash horbar Vert 8216 lsquo rsquo sbquo 8217 rsquor 8220 ldquo rdquo bdquo 8221 rdquor 8224 dagger Dagger bull 8229 nldr \
      hellip 8230 mldr 8240 permil pertenk prime Prime 8249 lsaquo rsaquo 8254 oline 8260 frasl 8364 euro 8465 image \
      8472 weierp 8476 real 8482 trade 8482 TRADE 8501 alefsym 8470 numero 8531 frac13 frac23 frac15 8539 frac18 frac38 frac58 frac78 \
      8592 larr uarr rarr darr harr 8629 crarr 8656 lArr uArr rArr dArr hArr 8704 forall comp part exist 8709 empty 8711 nabla isin \
      notin 8715 ni 8719 prod 8721 sum minus 8727 lowast 8730 radic 8733 prop infin 8736 ang 8743 and or cap cup int \
      8756 there4 8764 sim 8773 cong 8776 asymp 8800 ne equiv 8804 le ge 8834 sub sup nsub 8838 sube supe 8853 oplus 8855 otimes \
      8869 perp 8901 sdot 8968 lceil rceil lfloor rfloor 9001 lang rang 9674 loz 9824 spades 9827 clubs 9829 hearts diams \
      9733 starf star 10003 check 10007 cross 9742 phone 9632 squf 9633 squ 9642 squarf 9656 rtrif 9662 dtrif 9664 ltrif
      """
}
