"""Hashed n-grams of words and characters: what every linear head reads, as `src/core/text/features.ts` counts them.

A chunk of normalised text becomes a set of 32-bit hashes; a head keeps the lowest bits of each. Presence alone counts,
not frequency, and the vector is brought to unit length.
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

_FNV = np.uint32(0x01000193)
_BASIS = 0x811C9DC5
_WORD_BASIS = 0x9E3779B9
_PAIR = 0x85EBCA6B
_MASK = 0xFFFFFFFF
DIGIT, SPACE, UNKNOWN = 0x30, 0x20, 0xFFFD


def units(chunk: str) -> np.ndarray:
    """Units of normalised text between two spaces; digits are alike, and so is what lies outside the basic plane."""
    codes = np.frombuffer(f" {chunk.strip(' ')} ".encode("utf-16-le", "surrogatepass"), dtype="<u2").astype(np.uint32)
    codes[(codes >= 0xD800) & (codes <= 0xDFFF)] = UNKNOWN
    codes[(codes >= DIGIT) & (codes <= DIGIT + 9)] = DIGIT
    return codes


def _mixed(hashes: np.ndarray) -> np.ndarray:
    hashes = hashes ^ (hashes >> np.uint32(15))
    hashes = hashes * np.uint32(0x2C1B3C6D)
    return hashes ^ (hashes >> np.uint32(12))


def character_hashes(codes: np.ndarray, orders: Sequence[int]) -> list[np.ndarray]:
    """Hashes of the n-grams of each order, over words and the spaces and signs between them."""
    found = []
    hashes = np.full(len(codes), _BASIS, dtype=np.uint32)
    for n in range(1, max(orders, default=0) + 1):
        if n > len(codes):
            break
        hashes = (hashes[: len(codes) - n + 1] ^ codes[n - 1 :]) * _FNV
        if n in orders:
            found.append(_mixed(hashes))
    return found


class _WordHashes(dict[bytes, int]):
    def __missing__(self, word: bytes) -> int:
        value = _WORD_BASIS
        for code in np.frombuffer(word, dtype=np.uint32).tolist():
            value = ((value ^ code) * int(_FNV)) & _MASK
        self[word] = value
        return value


_HASHES = _WordHashes()


def word_hashes(codes: np.ndarray, pairs: bool) -> np.ndarray:
    """Hashes of words, and of each two neighbours; a word is a run of letters, digits, and what lies beyond ASCII."""
    inside = (codes >= 0x61) & (codes <= 0x7A) | (codes == DIGIT) | (codes >= 0x80) & (codes != UNKNOWN)
    edges = np.flatnonzero(np.diff(inside.astype(np.int8)))
    words = [_HASHES[codes[a + 1 : b + 1].tobytes()] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    hashes = np.array(words, dtype=np.uint32)
    if pairs and len(hashes) > 1:
        hashes = np.concatenate([hashes, (hashes[:-1] * np.uint32(_PAIR)) ^ hashes[1:]])
    return _mixed(hashes)


def hashes(chunk: str, words: int, characters: Sequence[int]) -> np.ndarray:
    """All hashes of a chunk of normalised text; `words` is 0, 1 (alone) or 2 (and pairs)."""
    codes = units(chunk)
    found = character_hashes(codes, characters)
    if words:
        found.append(word_hashes(codes, words > 1))
    return np.concatenate([np.empty(0, np.uint32), *found])


def matrix(chunks: Sequence[str], bits: int, words: int, characters: Sequence[int]) -> csr_matrix:
    """One row a chunk, `2 ** bits` columns: 1 / sqrt(n) for each of the n places that its hashes fall on."""
    mask = np.uint32((1 << bits) - 1)
    rows = [np.unique(hashes(chunk, words, characters) & mask) for chunk in chunks]
    sizes = np.array([len(row) for row in rows])
    indptr = np.concatenate([[0], np.cumsum(sizes)])
    data = np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes).astype(np.float32)
    return csr_matrix((data, np.concatenate(rows).astype(np.int32), indptr), shape=(len(rows), 1 << bits))
