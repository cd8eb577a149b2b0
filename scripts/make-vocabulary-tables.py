#!/usr/bin/env python3
"""Turns a .tiktoken rank file into the table that Headroom embeds: make-vocabulary-tables.py RANKS TABLE.

The table is used where it lies, read-only and without any work at start. Little-endian:

    header   16 x u32: magic, version, entries, longest entry in bytes,
                       short home slots, short slots, medium home slots, medium slots, long home slots, long slots,
                       bytes of text, 5 x 0
    short    u64 keys, then u32 ranks      entries of 1...7 bytes
    medium   u64 x 2 keys, then u32 ranks  entries of 8...15 bytes
    long     u64 hashes, then u32 ranks, then u32 places in the text   entries of 16 bytes and more
    text     the bytes of the long entries
    pairs    65,536 x u32: the rank of each two-byte entry, indexed by first byte x 256 + second byte
    filter   2^20 bits: those at the top 20 bits of the mixed short and medium keys are set

Every section starts at a multiple of 64 bytes. A short or medium key is the entry itself, zero-padded, with its length
in the top byte, so a match is exact. A long entry is found by its hash and then compared byte by byte.

The three tables are hash tables with linear probing; a search ends at an empty slot, whose key is 0. Entries are put in
by rank, which is by falling frequency, so that the frequent ones stand at their home slot. The tables do not wrap
around: the slots after the last home slot take the overflow, and the last slot of all is empty.
"""

import base64
import struct
import sys

MAGIC = 0x56524448  # "HDRV"
VERSION = 3
ABSENT = 0xFFFF_FFFF
LOAD = 0.6
MASK = (1 << 64) - 1

# The same constants are in Sources/Headroom/Tokens/RankTable.swift.
LOW_FACTOR = 0x9E37_79B9_7F4A_7C15
HIGH_FACTOR = 0xD6E8_FEB8_6659_FD93


def short_key(entry: bytes) -> int:
    return int.from_bytes(entry, "little") | len(entry) << 56


def medium_key(entry: bytes) -> tuple[int, int]:
    return int.from_bytes(entry[:8], "little"), int.from_bytes(entry[8:], "little") | len(entry) << 56


def long_hash(entry: bytes) -> int:
    """Eight bytes at a time; the last word overlaps the one before."""
    state = len(entry) * LOW_FACTOR & MASK
    for start in [*range(0, len(entry) - 8, 8), len(entry) - 8]:
        state = (state ^ int.from_bytes(entry[start : start + 8], "little")) * HIGH_FACTOR & MASK
        state ^= state >> 29
    return state | 1


def home(mixed: int, slots: int) -> int:
    return mixed * slots >> 64


def mix(key: int) -> int:
    return key * LOW_FACTOR & MASK


def mix_medium(key: tuple[int, int]) -> int:
    return key[0] * LOW_FACTOR + key[1] * HIGH_FACTOR & MASK


def filter_of(mixed_keys) -> bytes:
    bits = bytearray(1 << 17)
    for mixed in mixed_keys:
        bits[mixed >> 47] |= 1 << (mixed >> 44 & 7)
    return bytes(bits)


def probed_table(entries: dict, mix_key) -> tuple[int, list]:
    """The number of home slots and the slots, each (key, value) or None."""
    homes = max(1, int(len(entries) / LOAD))
    slots: list = [None] * (homes + len(entries) + 1)
    for key, value in entries.items():
        slot = home(mix_key(key), homes)
        while slots[slot] is not None:
            slot += 1
        slots[slot] = (key, value)
    last = max((i for i, slot in enumerate(slots) if slot is not None), default=0)
    return homes, slots[: max(last, homes - 1) + 2]


def unique(pairs) -> dict:
    table: dict = {}
    for key, value in pairs:
        if key in table:
            sys.exit("make-vocabulary-tables.py: two entries share a key")
        table[key] = value
    return table


def aligned(section: bytes) -> bytes:
    return section + bytes(-len(section) % 64)


def words(values) -> bytes:
    values = list(values)
    return aligned(struct.pack(f"<{len(values)}I", *values))


def longs(values) -> bytes:
    values = list(values)
    return aligned(struct.pack(f"<{len(values)}Q", *values))


def build(ranks: dict[bytes, int]) -> bytes:
    """The table of entries that come in the order of their ranks."""
    if any(bytes([b]) not in ranks for b in range(256)):
        sys.exit("make-vocabulary-tables.py: a single byte is missing from the vocabulary")

    short = unique((short_key(e), r) for e, r in ranks.items() if len(e) < 8)
    medium = unique((medium_key(e), r) for e, r in ranks.items() if 8 <= len(e) < 16)
    text = b""
    places = {}
    for entry in filter(lambda e: len(e) >= 16, ranks):
        if len(text) >= 1 << 24 or len(entry) > 255:
            sys.exit("make-vocabulary-tables.py: the long entries do not fit")
        places[entry] = len(text) << 8 | len(entry)
        text += entry
    long = unique((long_hash(e), (ranks[e], place)) for e, place in places.items())

    short_homes, short_slots = probed_table(short, mix)
    medium_homes, medium_slots = probed_table(medium, mix_medium)
    long_homes, long_slots = probed_table(long, mix)

    header = words(
        [MAGIC, VERSION, len(ranks), max(map(len, ranks)), short_homes, len(short_slots), medium_homes]
        + [len(medium_slots), long_homes, len(long_slots), len(text), 0, 0, 0, 0, 0]
    )
    return b"".join(
        [
            header,
            longs(slot[0] if slot else 0 for slot in short_slots),
            words(slot[1] if slot else ABSENT for slot in short_slots),
            longs(word for slot in medium_slots for word in (slot[0] if slot else (0, 0))),
            words(slot[1] if slot else ABSENT for slot in medium_slots),
            longs(slot[0] if slot else 0 for slot in long_slots),
            words(slot[1][0] if slot else ABSENT for slot in long_slots),
            words(slot[1][1] if slot else 0 for slot in long_slots),
            aligned(text),
            words(ranks.get(bytes([a, b]), ABSENT) for a in range(256) for b in range(256)),
            filter_of([*map(mix, short), *map(mix_medium, medium)]),
        ]
    )


def main() -> None:
    source, target = sys.argv[1:]
    ranks = {}
    with open(source, "rb") as lines:
        for line in lines:
            entry, rank = line.split()
            ranks[base64.b64decode(entry)] = int(rank)
    with open(target, "wb") as file:
        file.write(build(dict(sorted(ranks.items(), key=lambda item: item[1]))))


if __name__ == "__main__":
    main()
