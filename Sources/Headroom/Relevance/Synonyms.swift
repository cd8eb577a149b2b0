/// Groups of words that people and programs use for the same thing, for the fuzzy channel. Made by hand.
enum Synonyms {
  /// The other words of the groups that the word with this stem belongs to.
  static func others(ofStem hash: UInt64) -> [String] {
    guard let index = groupOfStem[hash] else { return [] }
    return groups[index]
  }

  private static let groups: [[String]] = list.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }

  /// A word belongs to one group; where the list names it twice, to the first.
  private static let groupOfStem: TermTable = {
    var table = TermTable(capacity: groups.count * 8)
    for (index, group) in groups.enumerated() {
      for word in group { table.insert(stemHash(word), index) }
    }
    return table
  }()

  /// The hash under which a word of the list is looked up.
  static func stemHash(_ word: String) -> UInt64 {
    Array(word.utf8).withUnsafeBufferPointer {
      TermHash.hash(UnsafeBufferPointer(rebasing: $0[..<Stemmer.length(of: $0)]))
    }
  }

  private static let list = """
    error exception failure fail fault fatal panic crash broken err
    warning warn caution
    delete remove drop erase purge destroy rm unlink
    create add insert make new
    update modify change edit alter patch
    authentication auth login signin authenticate credential password token
    authorization permission access forbidden denied unauthorized privilege
    config configuration settings options preferences conf cfg
    database db sql postgres mysql sqlite
    directory dir folder path
    document doc docs documentation
    environment env
    execute exec run invoke launch
    fetch download retrieve load read
    upload send push publish post
    write save store persist
    function func method procedure routine
    parameter param argument arg
    request req query call
    response resp reply answer
    message msg
    connection conn socket link
    disconnect close shutdown terminate
    timeout deadline expired slow latency
    memory mem ram heap oom
    processor cpu core
    disk storage volume filesystem
    network net tcp http
    user account member customer client
    administrator admin root superuser
    repository repo
    version release revision
    install setup deploy
    dependency package library module
    test spec check verify validate assert
    start begin init initialize boot
    stop halt end kill abort cancel
    restart reboot reload
    temporary temp tmp
    maximum max limit cap
    minimum min
    average avg mean
    identifier id key uuid
    image picture photo img
    price cost amount total charge
    purchase buy order checkout
    refund reimbursement return chargeback
    quick fast rapid speed performance
    container docker pod
    server host node machine
    thread goroutine coroutine worker
    queue backlog buffer
    log trace logging
    duplicate copy clone
    rename move mv
    search find lookup grep
    sort order rank
    encrypt cipher tls ssl
    vulnerability cve exploit security
    refuse reject deny decline
    allow permit accept grant
    schedule cron timer
    mail email smtp
    """
}
