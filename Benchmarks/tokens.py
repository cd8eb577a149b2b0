#!/usr/bin/env python3
"""Token counting speed, Headroom beside tiktoken in one run: tokens.py [--vocabulary NAME] [--bytes N] FILE...

    scripts/setup-tests.sh && swift build -c release --package-path Benchmarks
    .deps/venv/bin/python Benchmarks/tokens.py FILE...

For each file: megabytes per second of tiktoken (best of three), of Headroom in a fresh process (first pass, caches
empty, pages of the table not yet mapped; median of five processes) and warm (best pass), and both as multiples of
tiktoken. Counts that differ make the run fail. `--bytes` cuts each file, which hostile input needs: there tiktoken may
take minutes.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

CHECKOUT = pathlib.Path(__file__).resolve().parent.parent
BINARY = CHECKOUT / "Benchmarks" / ".build" / "release" / "token-benchmark"
os.environ["TIKTOKEN_CACHE_DIR"] = str(CHECKOUT / ".deps" / "vocabularies")

import tiktoken  # noqa: E402


def by_tiktoken(encoding, text: str) -> tuple[float, int]:
    best, tokens = float("inf"), 0
    for _ in range(3):
        start = time.perf_counter()
        tokens = len(encoding.encode_ordinary(text))
        best = min(best, time.perf_counter() - start)
    return best, tokens


def by_headroom(path: str, vocabulary: str) -> tuple[float, float, int]:
    cold, warm, tokens = [], [], 0
    for _ in range(5):
        arguments = [str(BINARY), "--vocabulary", vocabulary, "--passes", "4", path]
        for line in subprocess.run(arguments, capture_output=True, text=True, check=True).stdout.splitlines():
            _, state, seconds, _, count, _ = line.split(" ", 5)
            (cold if state == "cold" else warm).append(float(seconds))
            tokens = int(count)
    return statistics.median(cold), min(warm), tokens


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+")
    parser.add_argument("--vocabulary", default="o200k_base")
    parser.add_argument("--bytes", type=int)
    options = parser.parse_args()

    encoding = tiktoken.get_encoding(options.vocabulary)
    encoding.encode_ordinary("warm up")
    differ = False
    print("     bytes    tokens  tiktoken    cold    warm  cold x  warm x  MB/s,", options.vocabulary)
    for file in options.files:
        content = pathlib.Path(file).read_bytes()[: options.bytes].decode(errors="ignore")
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="") as copy:
            copy.write(content)
            copy.flush()
            cold, warm, tokens = by_headroom(copy.name, options.vocabulary)
            size = os.path.getsize(copy.name)
        try:
            seconds, expected = by_tiktoken(encoding, content)
        except Exception as error:  # its regular expression engine gives up on some input
            seconds, expected = float("nan"), tokens
            file += f": tiktoken failed: {error}"
        if tokens != expected:
            differ = True
            file += f": tiktoken counts {expected}"
        print(
            f"{size:>10} {tokens:>9} {size / seconds / 1e6:9.1f} {size / cold / 1e6:7.1f} {size / warm / 1e6:7.1f}"
            f" {seconds / cold:7.1f} {seconds / warm:7.1f}  {file}"
        )
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
