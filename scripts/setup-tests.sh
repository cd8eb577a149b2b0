#!/usr/bin/env bash
# Gets a checkout ready to test: everything scripts/setup.sh does, the Python packages of Tests/requirements.txt in .deps/venv, an agent
# in .deps/agent-venv, and on Debian, for root, the libraries that decode bodies, a PostgreSQL server, which the tests start in folders of
# their own, and a browser. Says nothing and changes nothing when all is in place. Tests whose packages are absent are skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh

fail() {
  echo "setup-tests: $*" >&2
  exit 1
}

install_packages() { # FOLDER REQUIREMENTS PIP-OPTIONS...
  local venv=.deps/$1 requirements=$2
  shift 2
  cmp -s "$requirements" "$venv/requirements.txt" && return
  echo "setup-tests: installing the packages of $requirements"
  python3 -m venv "$venv" >/dev/null 2>&1 ||
    fail "cannot make a virtual environment: run: sudo apt-get install python3-venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@" --requirement "$requirements" \
    >/dev/null 2>&1 || fail "could not install the packages of $requirements: is there a network?"
  cp "$requirements" "$venv/requirements.txt"
}

install_packages venv Tests/requirements.txt
install_packages agent-venv Tests/Clients/agent-requirements.txt --no-deps

# tiktoken looks for a rank file under the SHA-1 of its address; with TIKTOKEN_CACHE_DIR=.deps/vocabularies it needs no
# network.
cache() { # SHA-1 VOCABULARY
  [[ .deps/vocabularies/$1 -ef .deps/vocabularies/$2.tiktoken ]] || ln -sf "$2.tiktoken" ".deps/vocabularies/$1"
}
cache fb374d419588a4632f3f557e76b4b70aebbca790 o200k_base
cache 9b5ad71b2ce5302211f9c61530b329a4922fc6a4 cl100k_base

# Only Debian's packages are known to need nothing else.
install() { # PACKAGES...
  [[ -r /etc/os-release ]] && grep -q '^ID=debian$' /etc/os-release && [[ $(id -u) == 0 ]] || return 0
  echo "setup-tests: installing $*"
  { apt-get update && apt-get install -y --no-install-recommends "$@"; } >/dev/null 2>&1 || true
}

# What bodies are decoded by. Without them the program works.
has_codings() {
  python3 -c 'import ctypes, sys; [ctypes.CDLL(name) for name in sys.argv[1:]]' \
    libz.so.1 libbrotlidec.so.1 libzstd.so.1 >/dev/null 2>&1
}
has_codings || install zlib1g libbrotli1 libzstd1

has_postgres() { command -v initdb >/dev/null 2>&1 || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
has_postgres || install postgresql
has_postgres || echo "setup-tests: there is no PostgreSQL server; the tests that need one are skipped" >&2

has_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null 2>&1
has_browser || install chromium
has_browser || echo "setup-tests: there is no Chromium, so the dashboard's page is not tested in a browser" >&2
