#!/usr/bin/env bash
# Checks that every relative link in a tracked Markdown file leads to a file. Prints those that do not and exits 1.
set -euo pipefail
cd "$(dirname "$0")/.."

broken=$(
  git -c safe.directory="$PWD" ls-files '*.md' | while IFS= read -r page; do
    { grep -oE '\]\([^)]+\)' "$page" || true; } | sed -e 's/^](//' -e 's/)$//' -e 's/#.*$//' | while IFS= read -r target; do
      case $target in
        '' | *://* | mailto:*) ;;
        *) [[ -e $(dirname "$page")/$target ]] || echo "$page: $target" ;;
      esac
    done
  done
)
if [[ -n $broken ]]; then
  printf 'links: these lead nowhere\n%s\n' "$broken" >&2
  exit 1
fi
