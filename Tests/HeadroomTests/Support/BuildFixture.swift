/// Output of a tool as it would print it, and what of it must stay in view however much is cut.
struct BuildFixture {
  let name: String
  let command: String
  private(set) var lines: [String] = []
  /// Lines, one or several that follow each other, that must stand in every view as they are.
  private(set) var kept: [String] = []
  /// The files and places of warnings.
  private(set) var places: [(path: String, place: String)] = []

  var text: [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }

  init(_ name: String, _ command: String, _ write: (inout BuildFixture) -> Void) {
    self.name = name
    self.command = command
    write(&self)
  }

  mutating func plain(_ text: String) {
    lines += text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  mutating func keep(_ text: String) {
    plain(text)
    kept.append(text)
  }

  /// Several lines alike: a text for each of `names`.
  mutating func each(_ names: some Sequence<String>, _ text: (Int, String) -> String) {
    for (number, name) in names.enumerated() { plain(text(number, name)) }
  }

  /// A warning in each file.
  mutating func warn(_ files: [String], _ text: (String, Int, Int, Int) -> (text: String, place: String)) {
    for (number, file) in files.enumerated() {
      let (text, place) = text(file, 12 + number * 17, 5 + number % 4 * 4, number)
      plain(text)
      places.append((file, place))
    }
  }

  static let words = [
    "serde", "syn", "quote", "libc", "memchr", "itoa", "ryu", "bytes", "tokio", "mio", "rand", "regex", "hyper",
    "tower",
    "tracing", "anyhow", "thiserror", "once_cell", "lazy_static", "bitflags", "cfg-if", "log", "futures", "pin-project",
    "parking_lot", "smallvec", "indexmap", "hashbrown", "semver", "url", "idna", "base64", "ring", "rustls", "webpki",
    "clap", "strsim", "textwrap", "atty", "termcolor", "walkdir", "same-file", "globset", "ignore", "crossbeam",
    "rayon",
  ]
  static let variables = ["x", "count", "result", "tmp", "index", "value", "buffer", "state", "config"]

  static func files(_ folder: String, _ suffix: String, _ count: Int = 9) -> [String] {
    [
      "parser", "lexer", "config", "server", "client", "storage", "index", "query", "session", "router", "cache",
      "util",
    ]
    .prefix(count).map { "\(folder)/\($0)\(suffix)" }
  }

  static let all: [BuildFixture] = [
    BuildFixture("cargo", "cargo build --release") { f in
      f.plain("    Updating crates.io index")
      f.each(words) { " Downloaded \($1) v1.0.\(100 + $0)".replacing(" D", with: "  D") }
      f.each(words) { "   Compiling \($1) v1.0.\(100 + $0)" }
      f.warn(files("src", ".rs")) { file, line, column, n in
        (
          """
          warning: unused variable: `\(variables[n])`
            --> \(file):\(line):\(column)
             |
          \(line) |     let \(variables[n]) = compute(\(n));
             |         ^ help: if this is intentional, prefix it with an underscore: `_\(variables[n])`
             |
             = note: `#[warn(unused_variables)]` on by default

          """, "\(line):\(column)"
        )
      }
      f.keep(
        """
        error[E0382]: borrow of moved value: `session`
           --> src/session.rs:88:20
            |
        85  |     let session = Session::new(&config);
            |         ------- move occurs because `session` has type `Session`, which does not implement the `Copy` trait
        86  |     store(session);
            |           ------- value moved here
        88  |     println!("{:?}", session.id());
            |                      ^^^^^^^ value borrowed here after move
            |
        note: consider changing this parameter type in function `store` to borrow instead if owning the value isn't necessary
        """)
      f.plain("")
      f.keep("For more information about this error, try `rustc --explain E0382`.")
      f.keep("warning: `shop` (bin \"shop\") generated 9 warnings")
      f.keep("error: could not compile `shop` (bin \"shop\") due to 1 previous error; 9 warnings emitted")
    },
    BuildFixture("clippy", "cargo clippy") { f in
      f.each(words) { "    Checking \($1) v0.\($0).2" }
      f.warn(files("src", ".rs")) { file, line, column, n in
        (
          """
          warning: this `if` has identical blocks
            --> \(file):\(line):\(column)
             |
          \(line) |     if \(variables[n]) { run() } else { run() }
             |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
             |
             = help: for further information visit https://rust-lang.github.io/rust-clippy/master/index.html#if_same_then_else

          """, "\(line):\(column)"
        )
      }
      f.keep(
        """
        error: this loop never actually loops
          --> src/server.rs:41:5
           |
        41 | /     loop {
        42 | |         break;
        43 | |     }
           | |_____^
           |
           = note: `#[deny(clippy::never_loop)]` on by default
        """)
      f.plain("")
      f.keep("error: could not compile `shop` (lib) due to 1 previous error; 9 warnings emitted")
    },
    BuildFixture("gcc", "make -j4") { f in
      f.plain("make[1]: Entering directory '/srv/app/src'")
      let flags =
        "gcc -std=gnu11 -Wall -Wextra -O2 -g -fno-omit-frame-pointer -I../include -I../deps/zlib -DVERSION=\\\"1.2\\\""
      f.each(words) { "\(flags) -MMD -c -o \($1).o \($1).c" }
      f.warn(files("src", ".c")) { file, line, column, n in
        (
          """
          \(file): In function ‘run’:
          \(file):\(line):\(column): warning: unused variable ‘\(variables[n])’ [-Wunused-variable]
             \(line) |     int \(variables[n]) = 0;
                |         ^~~~
          """, "\(line):\(column)"
        )
      }
      f.keep(
        """
        In file included from src/server.c:12:
        src/server.h: In function ‘start’:
        src/server.h:40:9: error: implicit declaration of function ‘listen_all’ [-Werror=implicit-function-declaration]
           40 |     if (listen_all(port) < 0) {
              |         ^~~~~~~~~~
        src/server.h:12:5: note: previous declaration of ‘listen’ was here
           12 | int listen(int port);
              |     ^~~~~~
        """)
      f.keep("cc1: some warnings being treated as errors")
      f.keep("/usr/bin/ld: server.o: in function `start':\nserver.c:(.text+0x1f): undefined reference to `listen_all'")
      f.keep("collect2: error: ld returned 1 exit status")
      f.keep("make[1]: *** [Makefile:88: server.o] Error 1")
      f.plain("make[1]: Leaving directory '/srv/app/src'")
      f.keep("make: *** [Makefile:12: all] Error 2")
    },
    BuildFixture("cmake", "cmake --build build") { f in
      f.plain("-- The C compiler identification is GNU 13.2.0")
      f.each(words) { _, name in "-- Looking for \(name).h - found" }
      f.keep("-- Build files have been written to: /srv/app/build")
      f.each(words) { "[ \($0 * 2 / 10 + 10)%] Building CXX object CMakeFiles/app.dir/src/\($1).cpp.o" }
      f.warn(files("/srv/app/src", ".cpp")) { file, line, column, n in
        (
          """
          \(file):\(line):\(column): warning: comparison of integer expressions of different signedness: ‘int’ and ‘size_t’ [-Wsign-compare]
             \(line) |   for (int i = 0; i < \(variables[n]).size(); ++i) {
                |                   ~~^~~~~~~~~~~~
          """, "\(line):\(column)"
        )
      }
      f.keep(
        """
        /srv/app/src/router.cpp:71:18: error: ‘Route’ was not declared in this scope; did you mean ‘Router’?
           71 |   std::vector<Route> routes;
              |               ^~~~~
              |               Router
        """)
      f.keep("gmake[2]: *** [CMakeFiles/app.dir/build.make:132: CMakeFiles/app.dir/src/router.cpp.o] Error 1")
      f.keep("gmake: *** [Makefile:136: all] Error 2")
    },
    BuildFixture("ninja", "ninja -C out") { f in
      f.plain("ninja: Entering directory `out'")
      f.each(words) { "[\($0 + 1)/90] Building CXX object src/CMakeFiles/core.dir/\($1).cc.o" }
      f.warn(files("../src", ".cc")) { file, line, column, n in
        (
          """
          \(file):\(line):\(column): warning: 'open' is deprecated: use open64 [-Wdeprecated-declarations]
              open(\(variables[n]));
              ^
          """, "\(line):\(column)"
        )
      }
      f.keep("FAILED: src/CMakeFiles/core.dir/cache.cc.o")
      f.keep(
        """
        ../src/cache.cc:19:10: fatal error: 'lru.h' file not found
        #include "lru.h"
                 ^~~~~~~
        1 error generated.
        """)
      f.keep("ninja: build stopped: subcommand failed.")
    },
    BuildFixture("swift build", "swift build") { f in
      f.plain("Building for debugging...")
      f.each(words) { "[\($0 + 3)/60] Compiling Shop \($1).swift" }
      f.warn(files("/srv/shop/Sources/Shop", ".swift")) { file, line, column, n in
        (
          """
          \(file):\(line):\(column): warning: variable '\(variables[n])' was never mutated; consider changing to 'let' constant
           \(line - 1) | func run() {
           \(line) |   var \(variables[n]) = 1
              |       `- warning: variable '\(variables[n])' was never mutated; consider changing to 'let' constant
           \(line + 1) |   print(1)
          """, "\(line):\(column)"
        )
      }
      f.keep(
        """
        /srv/shop/Sources/Shop/Cart.swift:31:21: error: cannot convert value of type 'String' to expected argument type 'Int'
         29 | func total(_ cart: Cart) -> Int {
         30 |   // sum
         31 |   return sum(cart, "1")
            |                    `- error: cannot convert value of type 'String' to expected argument type 'Int'
         32 | }
        """)
      f.keep("error: fatalError")
    },
    BuildFixture("xcodebuild", "xcodebuild -scheme Shop build") { f in
      f.plain("Command line invocation:\n    /usr/bin/xcodebuild -scheme Shop build\n")
      f.each(words) {
        """
        CompileC /srv/dd/Build/Shop.build/Debug/Shop.build/Objects-normal/arm64/\($1).o /srv/shop/Sources/\($1).m normal arm64 objective-c (in target 'Shop' from project 'Shop')
            cd /srv/shop
            /usr/bin/clang -x objective-c -target arm64-apple-macos14 -fmessage-length=0 -fobjc-arc -Wno-trigraphs -I/srv/dd/Build/Products/Debug/include -c /srv/shop/Sources/\($1).m -o /srv/dd/Build/Shop.build/Debug/Shop.build/Objects-normal/arm64/\($1).o \($0 % 7 == 0 ? "-fmodules" : "")

        """
      }
      f.warn(files("/srv/shop/Sources", ".m")) { file, line, column, n in
        (
          """
          \(file):\(line):\(column): warning: 'fetch\(n)' is deprecated: first deprecated in macOS 13.0 [-Wdeprecated-declarations]
              [self fetch\(n)];
                    ^
          """, "\(line):\(column)"
        )
      }
      f.keep(
        """
        /srv/shop/Sources/cart.m:14:5: error: no visible @interface for 'Cart' declares the selector 'addItem'
            [cart addItem];
             ~~~~ ^~~~~~~
        """)
      f.keep("** BUILD FAILED **")
      f.plain("")
      f.keep("The following build commands failed:")
      f.keep("(1 failure)")
    },
    BuildFixture("tsc", "npx tsc --noEmit") { f in
      for (n, file) in files("src/components", ".tsx", 12).enumerated() {
        f.keep("\(file)(\(12 + n),7): error TS2322: Type 'string' is not assignable to type '\(words[n])'.")
      }
      f.keep("src/app.ts(3,24): error TS2307: Cannot find module './routes' or its corresponding type declarations.")
      f.keep(
        "src/app.ts(40,3): error TS2769: No overload matches this call.\n  The last overload gave the following error.\n    Argument of type 'number' is not assignable to parameter of type 'string'."
      )
      f.keep("Found 14 errors in 13 files.")
    },
    BuildFixture("maven", "mvn package") { f in
      f.plain("[INFO] Scanning for projects...")
      f.each(words) {
        "[INFO] Downloading from central: https://repo.maven.apache.org/maven2/org/\($1)/\($1)/1.\($0)/\($1)-1.\($0).jar"
      }
      f.warn(files("/srv/shop/src/main/java/shop", ".java")) { file, line, column, n in
        (
          "[WARNING] \(file):[\(line),\(column)] [deprecation] stop\(n)() in Thread has been deprecated",
          "\(line),\(column)"
        )
      }
      f.keep("[ERROR] COMPILATION ERROR : ")
      f.keep(
        "[ERROR] /srv/shop/src/main/java/shop/Cart.java:[31,17] cannot find symbol\n  symbol:   class Money\n  location: class shop.Cart"
      )
      f.keep("[INFO] BUILD FAILURE")
      f.plain("[INFO] ------------------------------------------------------------------------")
      f.keep("[INFO] Total time:  4.310 s")
      f.keep(
        "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.11.0:compile (default-compile) on project shop: Compilation failure"
      )
    },
    BuildFixture("gradle", "./gradlew build") { f in
      f.each(words) { "Download https://repo.maven.apache.org/maven2/com/\($1)/\($1)/2.\($0)/\($1)-2.\($0).pom" }
      f.each(words.prefix(20)) { _, name in "> Task :\(name):compileKotlin UP-TO-DATE" }
      f.keep("> Task :app:compileJava FAILED")
      f.warn(files("/srv/app/src/main/java/app", ".java")) { file, line, _, n in
        (
          """
          \(file):\(line): warning: [unchecked] unchecked cast
                  List<String> \(variables[n]) = (List<String>) raw;
                                                               ^
          """, "\(line)"
        )
      }
      f.keep(
        """
        /srv/app/src/main/java/app/Main.java:20: error: incompatible types: String cannot be converted to int
                int port = "8080";
                           ^
        """)
      f.keep("FAILURE: Build failed with an exception.")
      f.plain("")
      f.keep(
        "* What went wrong:\nExecution failed for task ':app:compileJava'.\n> Compilation failed; see the compiler error output for details."
      )
      f.keep("BUILD FAILED in 6s")
    },
    BuildFixture("go", "go build ./...") { f in
      f.each(words) { "go: downloading github.com/\($1)/\($1) v1.\($0).0" }
      f.plain("# example.com/shop/store")
      f.keep(
        "store/cart.go:14:2: undefined: Money\nstore/cart.go:21:9: cannot use total (variable of type int) as string value in return statement"
      )
      f.each(words) { "go: downloading golang.org/x/\($1) v0.\($0).1" }
      f.keep("store/cart.go:30:5: too many errors")
    },
    BuildFixture("dotnet", "dotnet build") { f in
      f.plain("  Determining projects to restore...")
      f.each(words) { "  Restored /srv/shop/\($1)/\($1).csproj (in \($0 + 20) ms)." }
      f.each(words) { "  \($1) -> /srv/shop/\($1)/bin/Debug/net8.0/\($1).dll".replacing("log", with: "log\($0)") }
      f.warn(files("/srv/shop/Api", ".cs")) { file, line, column, n in
        (
          "\(file)(\(line),\(column)): warning CS0219: The variable '\(variables[n])' is assigned but its value is never used [/srv/shop/Api/Api.csproj]",
          "\(line),\(column)"
        )
      }
      f.keep(
        "/srv/shop/Api/Cart.cs(31,17): error CS0103: The name 'money' does not exist in the current context [/srv/shop/Api/Api.csproj]"
      )
      f.keep("Build FAILED.")
      f.keep("    9 Warning(s)\n    1 Error(s)")
    },
    BuildFixture("eslint", "npx eslint .") { f in
      for (n, file) in files("/srv/web/src", ".js").enumerated() {
        f.plain(file)
        f.plain("   \(3 + n):7   warning  '\(variables[n])' is assigned a value but never used  no-unused-vars")
        f.plain("  \(20 + n):12  warning  Unexpected console statement                         no-console")
        f.keep("  \(40 + n):5   error    '\(words[n])' is not defined                              no-undef")
        f.plain("")
      }
      f.keep("✖ 27 problems (9 errors, 18 warnings)")
    },
    BuildFixture("ruff", "ruff check") { f in
      f.warn(files("src/shop", ".py", 12)) { file, line, column, n in
        ("\(file):\(line):\(column): F401 [*] `\(words[n])` imported but unused", "\(line):\(column)")
      }
      f.warn(files("src/shop/api", ".py", 12)) { file, line, column, _ in
        ("\(file):\(line):\(column): E501 Line too long (\(line + 90) > 88)", "\(line):\(column)")
      }
      f.keep("src/shop/api/query.py:8:12: F821 Undefined name `Sesion`")
      f.keep("Found 25 errors.")
    },
    BuildFixture("mypy", "mypy src") { f in
      for (n, file) in files("src/shop", ".py", 12).enumerated() {
        f.keep(
          "\(file):\(12 + n): error: Incompatible types in assignment (expression has type \"int\", variable has type \"\(words[n])\")  [assignment]"
        )
      }
      f.keep("Found 12 errors in 12 files (checked 40 source files)")
    },
    BuildFixture("pylint", "pylint shop") { f in
      f.plain("************* Module shop.cart")
      f.warn(files("shop", ".py", 12)) { file, line, _, _ in
        ("\(file):\(line):0: C0116: Missing function or method docstring (missing-function-docstring)", "\(line):0")
      }
      f.warn(files("shop/api", ".py", 12)) { file, line, column, n in
        (
          "\(file):\(line):\(column): W0612: Unused variable '\(variables[n % 9])' (unused-variable)",
          "\(line):\(column)"
        )
      }
      f.keep("shop/cart.py:31:8: E1101: Instance of 'Cart' has no 'totals' member; maybe 'total'? (no-member)")
      f.plain("")
      f.plain("------------------------------------------------------------------")
      f.keep("Your code has been rated at 6.80/10 (previous run: 6.80/10, +0.00)")
    },
    BuildFixture("rubocop", "rubocop") { f in
      f.plain("Inspecting 40 files\n....C..W....C...........\n\nOffenses:\n")
      f.warn(files("app/models", ".rb", 12)) { file, line, column, n in
        (
          """
          \(file):\(line):\(column): C: [Correctable] Style/StringLiterals: Prefer single-quoted strings when you don't need string interpolation.
            name = "\(words[n])"
                   ^^^^^^
          """, "\(line):\(column)"
        )
      }
      f.keep("app/models/cart.rb:9:1: E: Lint/Syntax: unexpected token kEND\nend\n^^^")
      f.plain("")
      f.keep("40 files inspected, 13 offenses detected, 12 offenses autocorrectable")
    },
    BuildFixture("golangci-lint", "golangci-lint run") { f in
      f.warn(files("store", ".go", 12)) { file, line, column, n in
        (
          """
          \(file):\(line):\(column): Error return value of `\(words[n]).Close` is not checked (errcheck)
          \t\(words[n]).Close()
          \t           ^
          """, "\(line):\(column)"
        )
      }
      f.keep("12 issues:")
    },
    BuildFixture("npm", "npm install") { f in
      f.each(words) { "npm WARN deprecated \($1)@1.\($0).0: this package is no longer supported" }
      f.each(words) { "npm http fetch GET 200 https://registry.npmjs.org/\($1) \($0 + 100)ms (cache miss)" }
      f.keep("npm ERR! code ERESOLVE\nnpm ERR! ERESOLVE unable to resolve dependency tree")
      f.keep("npm ERR! Found: react@18.2.0")
      f.keep("added 412 packages, and audited 413 packages in 12s")
      f.keep("found 0 vulnerabilities")
    },
    BuildFixture("pip", "pip install -r requirements.txt") { f in
      f.each(words) {
        """
        Collecting \($1)==2.\($0).1
          Downloading \($1)-2.\($0).1-py3-none-any.whl (\($0 + 30) kB)
             ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ \($0 + 30).0/\($0 + 30).0 kB 3.1 MB/s eta 0:00:00
        """
      }
      f.keep(
        "ERROR: Could not find a version that satisfies the requirement serdepy==9 (from versions: none)\nERROR: No matching distribution found for serdepy==9"
      )
    },
    BuildFixture("apt", "apt-get install -y build-essential") { f in
      f.plain("Reading package lists...\nBuilding dependency tree...")
      f.each(words) {
        "Get:\($0 + 1) http://deb.debian.org/debian bookworm/main amd64 lib\($1) amd64 1.\($0)-2 [\($0 + 20).1 kB]"
      }
      f.keep("Fetched 61.2 MB in 3s (20.1 MB/s)")
      f.each(words) { "Unpacking lib\($1) (1.\($0)-2) ..." }
      f.each(words) { "Setting up lib\($1) (1.\($0)-2) ..." }
      f.keep(
        "dpkg: error processing package libring (--configure):\n installed libring package post-installation script subprocess returned error exit status 1"
      )
      f.keep("E: Sub-process /usr/bin/dpkg returned an error code (1)")
    },
    BuildFixture("docker build", "docker build .") { f in
      f.plain("#1 [internal] load build definition from Dockerfile\n#1 DONE 0.0s")
      f.keep("#6 [2/5] RUN apt-get update && apt-get install -y curl")
      f.each(words) {
        "#6 \($0).412 Get:\($0 + 1) http://deb.debian.org/debian bookworm/main amd64 lib\($1) amd64 1.\($0) [\($0) kB]"
      }
      f.each(words) { "#6 \($0 + 50).913 Setting up lib\($1) (1.\($0)) ..." }
      f.plain("#6 DONE 61.3s")
      f.keep("#7 [3/5] RUN make")
      f.keep(
        "#7 1.204 main.c:3:10: fatal error: zlib.h: No such file or directory\n#7 1.204     3 | #include <zlib.h>\n#7 1.204       |          ^~~~~~~~"
      )
      f.keep("#7 ERROR: process \"/bin/sh -c make\" did not complete successfully: exit code: 2")
      f.keep("ERROR: failed to solve: process \"/bin/sh -c make\" did not complete successfully: exit code: 2")
    },
    BuildFixture("terraform", "terraform apply") { f in
      f.each(words) { "aws_instance.\($1): Refreshing state... [id=i-0abc\($0)]" }
      f.each(words) { "aws_s3_bucket.\($1): Creating..." + ($0 < 0 ? "" : "") }
      f.each(words) { "aws_s3_bucket.\($1): Still creating... [\($0)0s elapsed]" }
      f.keep(
        "╷\n│ Error: creating S3 Bucket (shop-logs): BucketAlreadyExists\n│ \n│   with aws_s3_bucket.log,\n│   on main.tf line 12, in resource \"aws_s3_bucket\" \"log\":\n╵"
      )
    },
    BuildFixture("github actions", "gh run view --log") { f in
      func at(_ n: Int) -> String { "2024-05-01T12:00:\(n % 50 + 10).1234567Z " }
      f.keep(at(0) + "##[group]Run cargo build")
      f.each(words) { at($0) + "   Compiling \($1) v1.0.\($0)" }
      f.warn(files("src", ".c")) { file, line, column, n in
        (
          at(n) + "\(file):\(line):\(column): warning: unused variable '\(variables[n])' [-Wunused-variable]",
          "\(line):\(column)"
        )
      }
      f.keep(at(40) + "src/main.c:3:1: error: expected ';' before 'return'")
      f.keep(at(41) + "##[error]Process completed with exit code 1.")
    },
    BuildFixture("git clone", "git clone https://example.com/shop.git") { f in
      f.plain("Cloning into 'shop'...")
      f.each((0..<60).map { "\($0)" }) { n, _ in "remote: Compressing objects:  \(n)% (\(n * 3)/180)" }
      f.each((0..<60).map { "\($0)" }) { n, _ in "Receiving objects:  \(n)% (\(n * 20)/1200), \(n).10 MiB | 4.00 MiB/s"
      }
      f.keep("fatal: early EOF\nfatal: fetch-pack: invalid index-pack output")
    },
  ]
}
