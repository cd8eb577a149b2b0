"""Token counts by tiktoken, for the tests to compare with.

    tiktoken_counts.py VOCABULARY cases FILE   FILE holds a JSON array of strings
    tiktoken_counts.py VOCABULARY files FILE   FILE holds a JSON array of paths

Prints a JSON array: for each string or file its number of tokens, or null for a file that is not UTF-8.
TIKTOKEN_CACHE_DIR must name the folder with the rank files.
"""

import json
import sys

import tiktoken


def text_of(path):
    with open(path, "rb") as file:
        try:
            return file.read().decode()
        except UnicodeDecodeError:
            return None


def main():
    vocabulary, kind, listing = sys.argv[1:]
    encoding = tiktoken.get_encoding(vocabulary)
    with open(listing, encoding="utf-8") as file:
        items = json.load(file)
    texts = map(text_of, items) if kind == "files" else items
    json.dump([None if text is None else len(encoding.encode_ordinary(text)) for text in texts], sys.stdout)


main()
