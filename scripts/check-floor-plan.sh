#!/usr/bin/env bash
# Checks the rules of ARCHITECTURE.md that the compiler cannot: what the pure core imports and calls, and that tracked files
# name no place on one machine. Prints each breach as FILE:LINE and exits 1 when there is one.
set -uo pipefail
cd "$(dirname "$0")/.."

# What target Headroom may import. Neither reads a file, a clock or the environment.
core_imports='CHeadroom|CTreeSitter|Synchronization'

# What would make the core depend on more than its input.
impure='ContinuousClock|SuspendingClock|SystemRandomNumberGenerator|\.randomElement\(|\.random\(|\.shuffled\(|\.hashValue'
impure+='|(^|[^.a-zA-Z])(print|readLine)\('
impure_c='#[[:space:]]*include[[:space:]]*<(stdio|time|pthread|unistd|fcntl|sys/[a-z]+|arpa/[a-z]+|netdb|signal)\.h>'

# An import, with what may stand before it; the word alone also occurs in text.
import_line='^[[:space:]]*((@[a-zA-Z_]+(\([^)]*\))?|public|package|internal|private|fileprivate)[[:space:]]+)*import[[:space:]]'

failed=0

expect_none() { # RULE BREACHES
  [[ -z $2 ]] && return
  printf 'floor plan: %s\n%s\n' "$1" "$2" >&2
  failed=1
}

# The lines of code below FOLDER that match; lines that are comments are not code.
code_matching() { # FOLDER PATTERN
  grep -rnE "$2" "$1" --include='*.swift' --include='*.c' --include='*.h' | grep -vE '^[^:]+:[0-9]+:[[:space:]]*//'
}

# A checkout may belong to someone else than the one who checks it.
tracked() { git -c safe.directory="$PWD" "$@"; }

broken_scripts() {
  tracked grep -lIE '^#!.*(bash|/sh)' -- scripts .ci | while IFS= read -r script; do
    bash -n "$script" 2>&1
    [[ -x $script ]] || echo "$script: not executable"
  done
}

if ! tracked rev-parse --is-inside-work-tree >/dev/null 2>&1; then
  echo "floor plan: not a git checkout, so there are no tracked files to check" >&2
  exit 1
fi

expect_none "target Headroom imports nothing but ${core_imports//|/, }" \
  "$(code_matching Sources/Headroom "$import_line" |
    grep -vE "import[[:space:]]+($core_imports)[[:space:]]*(//.*)?$")"
expect_none "target Headroom is pure: no clock, no chance, no output" "$(code_matching Sources/Headroom "$impure")"
expect_none "target CHeadroom does no input or output" "$(code_matching Sources/CHeadroom "$impure_c")"
expect_none "tracked files name no place on one machine" \
  "$(tracked grep -nIE '(^|[^a-zA-Z0-9_.~-])/(root|work)/[a-zA-Z.]')"
expect_none "tracked files do not name the place of this checkout" "$(tracked grep -nIF -e "$PWD/")"
expect_none "shell scripts parse and are executable" "$(broken_scripts)"

exit "$failed"
