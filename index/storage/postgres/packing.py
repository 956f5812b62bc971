"""How vectors, keys and entries travel to PostgreSQL and back, many at a time.

The binary formats are those of `halfvec_send` (pgvector) and `array_send` (PostgreSQL).
"""

from __future__ import annotations

import hashlib
import struct
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.encoding.protocol import Vectors

    Integers = NDArray[np.int64]
    Halves = NDArray[np.float16]

PARTS = 8
ORDINAL_BITS = 20
_NUMBER_BITS = 27
_COUNT_BITS = _LENGTH_BITS = 8
_BYTE = 0xFF
_BIGINT = 20
_ELEMENT = np.dtype([("size", ">i4"), ("value", ">i8")])
_ARRAY_HEADER = struct.Struct(">iiiii")


def part_of(digest: bytes) -> int:
    """Return which of the 8 parts a document belongs to, by its digest."""
    return digest[0] % PARTS


def key_of(number: int, ordinal: int) -> int:
    """Return the key of a passage: its document's number and its place in it.

    Raises:
        ValueError: There are too many documents, or passages in one, to be told apart.
    """
    if number >> _NUMBER_BITS or ordinal >> ORDINAL_BITS:
        raise ValueError(
            f"document {number}, passage {ordinal}: PostgreSQL keeps up to {1 << _NUMBER_BITS} "
            f"documents of up to {1 << ORDINAL_BITS} passages; divide the document"
        )
    return number << ORDINAL_BITS | ordinal


def entry_of(key: int, count: int, length: int) -> int:
    """Return what is noted of a word in a passage: how often, and the id of the length."""
    return key << (_COUNT_BITS + _LENGTH_BITS) | min(count, _BYTE) << _LENGTH_BITS | length


def keys_in(entries: Integers) -> Integers:
    """Return the keys of the passages, `(n,) -> (n,)`."""
    return entries >> np.int64(_COUNT_BITS + _LENGTH_BITS)


def counts_in(entries: Integers) -> Integers:
    """Return how often each passage says the word, `(n,) -> (n,)`."""
    return entries >> np.int64(_LENGTH_BITS) & np.int64(_BYTE)


def lengths_in(entries: Integers) -> Integers:
    """Return the ids of the passages' lengths, `(n,) -> (n,)`."""
    return entries & np.int64(_BYTE)


def word_hash(language: str, word: str) -> int:
    """Return what a word of a language is found by, a signed 64-bit number."""
    digest = hashlib.blake2b(f"{language}\0{word}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def bigints(values: Integers) -> bytes:
    """Return numbers, `(n,)`, as PostgreSQL receives a `bigint[]`."""
    elements = np.empty(len(values), _ELEMENT)
    elements["size"] = 8
    elements["value"] = values
    return _ARRAY_HEADER.pack(1, 0, _BIGINT, len(values), 1) + elements.tobytes()


def from_bigints(sent: bytes) -> Integers:
    """Return the numbers, `(n,)`, of a `bigint[]` without nulls, as `array_send` gives it."""
    if len(sent) < _ARRAY_HEADER.size:  # an empty array has no dimension
        return np.empty(0, np.int64)
    elements = np.frombuffer(sent, _ELEMENT, offset=_ARRAY_HEADER.size)
    return elements["value"].astype(np.int64)


def halfvec(vector: Vectors | Halves) -> bytes:
    """Return a vector, `(D,)`, as pgvector receives a `halfvec`."""
    return struct.pack(">HH", len(vector), 0) + vector.astype(">f2").tobytes()


def from_halfvecs(sent: Sequence[bytes], dimension: int) -> Vectors:
    """Return vectors, `(n, D)`, as `halfvec_send` gives each of them."""
    together = b"".join(one[4:] for one in sent)
    return np.frombuffer(together, ">f2").reshape(len(sent), dimension).astype(np.float32)


def halfvec_text(vector: Vectors) -> str:
    """Return a vector, `(D,)`, as text that a query can hold."""
    return "[" + ",".join(map(repr, np.asarray(vector, np.float32).tolist())) + "]"
