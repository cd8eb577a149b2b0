"""Bodies in content codings, for the tests to decode.

    encode.py FILE   FILE holds a JSON array of {"body": base64, "coding": name, "pieces": [lengths]}

Prints a JSON array: for each body a list of base64 strings, which joined are the encoded body. Where pieces are given, the encoder is flushed
after each, so that the string of a piece is enough to decode it. Besides the codings of HTTP there is `raw-deflate`, which some servers
send as `deflate`.
"""

import base64
import json
import sys
import zlib

import brotli
import zstandard


class Deflate:
    def __init__(self, window):
        self.encoder = zlib.compressobj(9, zlib.DEFLATED, window)

    def piece(self, data):
        return self.encoder.compress(data) + self.encoder.flush(zlib.Z_SYNC_FLUSH)

    def end(self):
        return self.encoder.flush(zlib.Z_FINISH)


class Brotli:
    def __init__(self):
        self.encoder = brotli.Compressor(quality=5)

    def piece(self, data):
        return self.encoder.process(data) + self.encoder.flush()

    def end(self):
        return self.encoder.finish()


class Zstandard:
    def __init__(self):
        self.encoder = zstandard.ZstdCompressor(level=3).compressobj()

    def piece(self, data):
        return self.encoder.compress(data) + self.encoder.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def end(self):
        return self.encoder.flush(zstandard.COMPRESSOBJ_FLUSH_FINISH)


ENCODERS = {
    "gzip": lambda: Deflate(31),
    "deflate": lambda: Deflate(15),
    "raw-deflate": lambda: Deflate(-15),
    "br": Brotli,
    "zstd": Zstandard,
}


def encode(item):
    body = base64.b64decode(item["body"])
    encoder = ENCODERS[item["coding"]]()
    pieces, start = [], 0
    for length in item["pieces"] or [len(body)]:
        pieces.append(encoder.piece(body[start : start + length]))
        start += length
    pieces.append(encoder.end())
    return [base64.b64encode(piece).decode() for piece in pieces]


with open(sys.argv[1], encoding="utf-8") as file:
    json.dump([encode(item) for item in json.load(file)], sys.stdout)
