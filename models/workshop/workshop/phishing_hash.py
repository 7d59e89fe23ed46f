"""Character n-grams of host and path, hashed: equal to `core/url/phishing.ts` to the last bit."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

BITS = 16
# (zone, lengths, seed): the host is read between `^` and `$`, the path as it is.
ZONES: tuple[tuple[str, tuple[int, ...], int], ...] = (("host", (3, 4, 5), 1), ("path", (3, 4), 2))

_BASE = np.uint32(31)
_MIX = np.uint32(0x85EBCA6B)


def text_of(zone: str, reading: dict[str, str]) -> str:
    """What is read of a zone."""
    return f"^{reading['host']}$" if zone == "host" else reading["path"]


def buckets(text: str, lengths: tuple[int, ...], seed: int) -> NDArray[np.uint32]:
    """The bucket of every n-gram of `text`, shorter ones first, each in order."""
    codes = np.frombuffer(text.encode("ascii", "replace"), dtype=np.uint8).astype(np.uint32)
    found = [np.empty(0, np.uint32)]
    for length in lengths:
        count = len(codes) - length + 1
        if count <= 0:
            continue
        key = np.full(count, seed, np.uint32)
        for at in range(length):
            key = key * _BASE + codes[at : at + count]
        key ^= key >> np.uint32(15)
        key *= _MIX
        key ^= key >> np.uint32(13)
        found.append(key & np.uint32((1 << BITS) - 1))
    return np.concatenate(found)


def matrix(readings: list[dict[str, str]]) -> csr_matrix:
    """One row an address: each n-gram counts 1/sqrt(n-grams of its zone)."""
    indices: list[NDArray[np.uint32]] = []
    values: list[NDArray[np.float64]] = []
    ends = [0]
    for reading in readings:
        size = 0
        for zone, lengths, seed in ZONES:
            found = buckets(text_of(zone, reading), lengths, seed)
            indices.append(found)
            values.append(np.full(len(found), 1 / np.sqrt(max(1, len(found)))))
            size += len(found)
        ends.append(ends[-1] + size)
    shape = (len(readings), 1 << BITS)
    return csr_matrix((np.concatenate(values), np.concatenate(indices).astype(np.int32), np.array(ends)), shape=shape)
