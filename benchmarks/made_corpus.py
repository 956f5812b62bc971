"""The seeds beside any number of made passages, as a corpus and as an index of it.

Each made passage is a document of its own, a line of a .jsonl. Its vector is not encoded but
synthesised (see `passages`); the seeds, questions and sentences have real ones.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
from passages import CACHE, Passages
from processes import ROOT

from index.building import build_index, is_stale
from index.errors import SnapshotError
from index.storage.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from index.encoding.protocol import Encoder, Vectors
    from index.stance.protocol import StanceModel
    from index.storage.snapshot import Snapshot

_LINES = 50_000
"""So many documents share a file."""
_BEGINNING = 32
"""So many characters tell a sentence."""


class MadeEncoder:
    """An encoder that knows the vectors of made passages and of their sentences.

    Two sentences that were taken for one, as they stand side by side, have the vector of the first;
    so has a part of a passage that was divided.
    """

    def __init__(self, encoder: Encoder, passages: Passages, count: int) -> None:
        self._encoder = encoder
        self._begun = {text[:_BEGINNING]: vector for text, vector in passages.by_sentence.items()}
        self._rows: dict[int, int] = {}
        path = CACHE / f"made-{count}.bin"
        shape = (count, encoder.dimension)
        self._vectors = np.memmap(path, np.float32, "w+", shape=shape)
        for row, one in enumerate(passages.make(count)):
            self._rows[hash(one.text)] = row
            self._vectors[row] = one.vector

    @property
    def fingerprint(self) -> str:
        """That of the encoder: questions are its own."""
        return self._encoder.fingerprint

    @property
    def dimension(self) -> int:
        """The length D of a vector."""
        return self._encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, `(Q,) -> (Q, D)`."""
        return self._encoder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of passages, `(N,) -> (N, D)`; what is not made is encoded."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        strange = []
        for place, text in enumerate(texts):
            said = text.rpartition("\n")[2]  # before it stands its document
            row = self._rows.get(hash(said))
            if row is not None:
                vectors[place] = self._vectors[row]
            elif said[:_BEGINNING] in self._begun:
                vectors[place] = self._begun[said[:_BEGINNING]]
            else:
                strange.append(place)
        if strange:
            vectors[strange] = self._encoder.encode_passages([texts[at] for at in strange])
        return vectors


def snapshot_with(
    count: int,
    encoder: Encoder,
    adapted: Encoder | None,
    stance: StanceModel | None,
    tell: Callable[[str], None] = lambda _line: None,
) -> Snapshot:
    """Return an index of the seeds and of `count` made passages, built unless it is there."""
    corpus, shelf = CACHE / f"corpus-{count}", Shelf(CACHE / f"index-{count}")
    passages = Passages(encoder)
    _write_corpus(corpus, passages, count)
    try:
        snapshot = shelf.open_current()
        if not is_stale(corpus, snapshot, stance):
            return snapshot
    except SnapshotError:
        pass
    _share_vectors(shelf)
    made = MadeEncoder(encoder, passages, count) if count else encoder
    report = build_index(corpus, shelf, made, adapted=adapted, stance=stance)
    tell(f"built {report.passages} passages in {report.seconds:.0f} s, vectors aside")
    return shelf.open_current()


def _write_corpus(folder: Path, passages: Passages, count: int) -> None:
    if folder.exists():
        return
    draft = folder.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(ROOT / "seeds", draft)
    lines: list[str] = []
    for row, one in enumerate(passages.make(count)):
        line = {"id": f"made-{row}", "text": one.text, "language": "de"}
        lines.append(json.dumps(line, ensure_ascii=False))
        if len(lines) == _LINES or row == count - 1:
            (draft / f"made-{row // _LINES:03}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
            lines.clear()
    draft.rename(folder)


def _share_vectors(shelf: Shelf) -> None:
    """Let an index begin with the vectors of the seeds' questions that another one has kept."""
    known = CACHE / "index-0/embeddings.sqlite"
    if known.exists() and not shelf.embeddings.exists():
        shelf.embeddings.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(known, shelf.embeddings)
