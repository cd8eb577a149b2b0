#!/usr/bin/env bash
# Gets a checkout ready to test: everything scripts/setup.sh does, the Python packages of Tests/requirements.txt in .deps/venv, and on
# Debian a PostgreSQL server, which the tests start in folders of their own. Says nothing and changes nothing when all is in place. Tests
# whose packages are absent are skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh

fail() {
  echo "setup-tests: $*" >&2
  exit 1
}

venv=.deps/venv
installed=$venv/requirements.txt

if ! cmp -s Tests/requirements.txt "$installed"; then
  echo "setup-tests: installing the packages of Tests/requirements.txt"
  python3 -m venv "$venv" >/dev/null 2>&1 ||
    fail "cannot make a virtual environment: run: sudo apt-get install python3-venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --requirement Tests/requirements.txt >/dev/null 2>&1 ||
    fail "could not install the packages of Tests/requirements.txt: is there a network?"
  cp Tests/requirements.txt "$installed"
fi

# tiktoken looks for a rank file under the SHA-1 of its address; with TIKTOKEN_CACHE_DIR=.deps/vocabularies it needs no
# network.
cache() { # SHA-1 VOCABULARY
  [[ .deps/vocabularies/$1 -ef .deps/vocabularies/$2.tiktoken ]] || ln -sf "$2.tiktoken" ".deps/vocabularies/$1"
}
cache fb374d419588a4632f3f557e76b4b70aebbca790 o200k_base
cache 9b5ad71b2ce5302211f9c61530b329a4922fc6a4 cl100k_base

has_postgres() { command -v initdb >/dev/null 2>&1 || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

if ! has_postgres; then
  if command -v apt-get >/dev/null 2>&1 && [[ $(id -u) == 0 ]]; then
    echo "setup-tests: installing postgresql"
    { apt-get update && apt-get install -y --no-install-recommends postgresql; } >/dev/null 2>&1 || true
  fi
  has_postgres || echo "setup-tests: there is no PostgreSQL server; the tests that need one are skipped" >&2
fi
