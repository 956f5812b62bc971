"""Corpora of any size and an encoder that costs next to nothing: what is measured is the build."""

from __future__ import annotations

import json
import random
from hashlib import shake_128
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from index.encoding.protocol import Vectors

_DIMENSION = 384
_FOLDER_OF = 1_000
_PARTS = (
    ("Die Firma", "Der Betrieb", "Eine Kundin", "Das Werk", "Unsere Stadt", "Die Schule"),
    ("bezahlt", "verlangt", "bekommt", "plant", "verteidigt", "beklagt", "vermisst", "verkauft"),
    ("mehr Geld", "neue Räder", "eine Kantine", "weniger Lärm", "gute Leute", "frische Luft"),
    ("im Sommer", "seit Jahren", "ohne Not", "vor der Wahl", "trotz allem", "jeden Tag"),
)


class HashEncoder:
    """Unit vectors from a hash of the text: equal texts have equal vectors, others do not."""

    fingerprint = "hash"
    dimension = _DIMENSION

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text: (N,) -> (N, 384)."""
        hashes = b"".join(shake_128(text.encode()).digest(_DIMENSION) for text in texts)
        vectors = np.frombuffer(hashes, np.int8).reshape(-1, _DIMENSION) + np.float32(0.5)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    encode_passages = encode_queries


def write_files(folder: Path, count: int, passages: int, sentences: int) -> None:
    """Write `count` text files of so many passages each, a thousand in a folder."""
    for number in range(count):
        path = file_of(folder, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(number, passages, sentences), encoding="utf-8")


def file_of(folder: Path, number: int) -> Path:
    """Return where `write_files` puts a document."""
    return folder / f"{number // _FOLDER_OF:04}" / f"{number:07}.txt"


def write_lines(path: Path, count: int, passages: int, sentences: int) -> None:
    """Write a .jsonl of `count` documents of so many passages each."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            text = text_of(number, passages, sentences)
            line = {"id": str(number), "title": f"Bericht {number}", "language": "de", "text": text}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def text_of(number: int, passages: int, sentences: int) -> str:
    """Return a document: a heading above each passage, so that it is one."""
    chance = random.Random(number)  # noqa: S311 - equal corpora, not secrets
    return "\n\n".join(
        f"## Abschnitt {place}\n\n{' '.join(_sentences(chance, number, sentences))}"
        for place in range(passages)
    )


def _sentences(chance: random.Random, number: int, count: int) -> Iterator[str]:
    for _ in range(count):
        words = [chance.choice(part) for part in _PARTS]
        yield f"{' '.join(words)} im Fall {number} mit Akte {chance.randrange(100_000)}."
