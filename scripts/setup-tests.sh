#!/usr/bin/env bash
# Gets a checkout ready to test: everything scripts/setup.sh does, the Python packages of Tests/requirements.txt in .deps/venv, and
# a browser. Says nothing and changes nothing when all is in place. Tests whose packages are absent are skipped.
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

# The dashboard is tested in a browser. Only Debian has it as a package that needs nothing else.
has_browser() {
  command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
    command -v google-chrome >/dev/null 2>&1
}

is_debian() { [[ -r /etc/os-release ]] && grep -q '^ID=debian$' /etc/os-release; }

if ! has_browser && is_debian && [[ $(id -u) == 0 ]]; then
  echo "setup-tests: installing chromium (124 MB)"
  { apt-get update && apt-get install -y --no-install-recommends chromium; } >/dev/null 2>&1 || true
fi
has_browser || echo "setup-tests: there is no Chromium, so the dashboard's page is not tested in a browser" >&2
