"""public/lists/hosts.pack: the hosts of every list as sorted hashes, as src/core/url/host-pack.ts reads them.

Little-endian 32-bit words: the magic, the number of sections n, n times (count, buckets, first word); then for each
section buckets + 1 starts and count second halves, sorted within a bucket.
"""

import math
import struct
from collections.abc import Iterable
from pathlib import Path

MAGIC = 0x31504857
BUCKET = 4.25
_MASK = 0xFFFFFFFF


def host_hash(name: str) -> tuple[int, int]:
    """The two halves of cyrb53 (bryc, public domain), all 64 bits, read from the end."""
    a, b = 0xDEADBEEF, 0x41C6CE57
    for code in reversed(name.encode("ascii")):
        a = (a ^ code) * 2654435761 & _MASK
        b = (b ^ code) * 1597334677 & _MASK
    first = (a ^ a >> 16) * 2246822507 & _MASK ^ (b ^ b >> 13) * 3266489909 & _MASK
    second = (b ^ b >> 16) * 2246822507 & _MASK ^ (first ^ first >> 13) * 3266489909 & _MASK
    return first, second


def _section(names: Iterable[str]) -> tuple[list[int], list[int]]:
    hashes = {host_hash(name) for name in set(names)}
    buckets = max(1, math.ceil(len(hashes) / BUCKET))
    placed = sorted({(first * buckets >> 32, second) for first, second in hashes})
    starts = [0] * (buckets + 1)
    for bucket, _ in placed:
        starts[bucket + 1] += 1
    for i in range(buckets):
        starts[i + 1] += starts[i]
    return starts, [second for _, second in placed]


def pack(lists: Iterable[Iterable[str]]) -> bytes:
    """The file of several lists, a section each, in the order given."""
    sections = [_section(names) for names in lists]
    words = [MAGIC, len(sections)]
    at = 2 + 3 * len(sections)
    for starts, rest in sections:
        words += [len(rest), len(starts) - 1, at]
        at += len(starts) + len(rest)
    for starts, rest in sections:
        words += [*starts, *rest]
    return struct.pack(f"<{len(words)}I", *words)


def hosts_in(path: Path) -> list[str]:
    """The hosts of a list file, without its comment lines."""
    return [line for line in path.read_text(encoding="ascii").splitlines() if line and not line.startswith("#")]
