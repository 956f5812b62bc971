"""A small corpus with debates, an encoder without weights, and what tests build from them."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import threading
import time
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

# Before numpy is loaded: on shared cores, its threads wait for one another, tenfold.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pytest

from bot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.library import Library
    from index.answering.advisor import Advisor
    from index.encoding.protocol import Vectors
    from index.stance.protocol import Shares

CORPUS = Path(__file__).parent / "corpus"
PATIENCE_S = 120.0
_DIMENSION = 256
_GRAMS = (3, 4)

Eventually = Callable[[Callable[[], bool]], Awaitable[None]]


class Gate:
    """Open at first; while it is closed, whoever comes waits."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()
        self._reached = threading.Event()

    def close(self) -> None:
        self._reached.clear()
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    def reached(self) -> bool:
        """Tell whether somebody has come since the gate was closed."""
        return self._reached.is_set()

    def go_through(self) -> None:
        self._reached.set()
        if not self._open.wait(PATIENCE_S):
            raise RuntimeError("the test never opened the gate")


class StubEncoder:
    """Hashes character n-grams into a unit vector: texts of like wording lie close together.

    While the file `stall` exists, passages are not encoded; `stall.reached` tells that some wait.
    """

    def __init__(self, name: str = "stub", stall: Path | None = None) -> None:
        self.fingerprint = name
        self.dimension = _DIMENSION
        self.questions = Gate()
        self.passages = Gate()
        self.error: Exception | None = None
        self._stall = stall

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        if self.error:
            raise self.error
        self.questions.go_through()
        return np.stack([_vector(text) for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.passages.go_through()
        while self._stall and self._stall.exists():
            self._stall.with_suffix(".reached").touch()
            time.sleep(0.01)
        return np.stack([_vector(text) for text in texts])


def _vector(text: str) -> Vectors:
    padded = f" {' '.join(text.lower().split())} "
    vector = np.zeros(_DIMENSION, np.float32)
    for length in _GRAMS:
        for start in range(max(1, len(padded) - length + 1)):
            code = zlib.crc32(padded[start : start + length].encode())
            vector[code % _DIMENSION] += 1 if code >> 16 & 1 else -1
    if not vector.any():
        vector[0] = 1
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


class StubStance:
    """Reads one word of each text: those that stand for a side, or for doubt; others take none."""

    certain = 0.8

    def __init__(
        self, yes: Sequence[str] = (), no: Sequence[str] = (), unclear: Sequence[str] = ()
    ) -> None:
        self.name = "stub-stance"
        self.fingerprint = f"{self.name} {yes} {no} {unclear}"
        self._said = (
            (yes, (0.9, 0.04, 0.06)),
            (no, (0.04, 0.9, 0.06)),
            (unclear, (0.5, 0.4, 0.1)),
            (("",), (0.05, 0.05, 0.9)),
        )

    def shares(self, motion: str, texts: Sequence[str]) -> Shares:
        assert motion
        rows = [
            next(row for words, row in self._said if any(word in text for word in words))
            for text in texts
        ]
        return np.array(rows, np.float32).reshape(len(texts), 3)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an index of the small corpus; copy it, never change it."""
    from bot.library import Library  # noqa: PLC0415 - loads the encoder's libraries, seconds

    data = tmp_path_factory.mktemp("built")
    Library(Settings(corpus=CORPUS, data=data), StubEncoder()).rebuild(lambda *_: None)
    return data


@pytest.fixture
def settings(tmp_path: Path, built: Path) -> Settings:
    """Settings of a corpus and an index of this test's own."""
    corpus, data = tmp_path / "corpus", tmp_path / "data"
    shutil.copytree(CORPUS, corpus)
    shutil.copytree(built, data)
    return Settings(token="42:TEST", admins=frozenset({9001}), corpus=corpus, data=data)


@pytest.fixture
def encoder() -> StubEncoder:
    return StubEncoder()


@pytest.fixture
def stance() -> StubStance:
    """A stance model that reads the words of `neu.txt`, a document that tests add."""
    return StubStance(["bereichern"], ["bedrohen"], ["vielleicht"])


@pytest.fixture
def library(settings: Settings, encoder: StubEncoder) -> Library:
    from bot.library import Library  # noqa: PLC0415 - see above

    return Library(settings, encoder)


@pytest.fixture
def advisor(library: Library) -> Advisor:
    return library.advisor


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of `settings`, without a token, and with nothing from outside."""
    for name in os.environ:
        if name.startswith("AUDIATUR_") or name in {"BOT_TOKEN", "ADMIN_IDS", "TELEGRAM_API_URL"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("AUDIATUR_CORPUS", str(settings.corpus))
    monkeypatch.setenv("AUDIATUR_DATA", str(settings.data))
    return monkeypatch


@pytest.fixture
def quiet_root() -> Iterator[logging.Logger]:
    """The root logger; its level, handlers and their filters are put back afterwards."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    filters = {handler: handler.filters[:] for handler in handlers}
    yield root
    root.setLevel(level)
    root.handlers[:] = handlers
    for handler, kept in filters.items():
        handler.filters[:] = kept


@pytest.fixture
def eventually() -> Eventually:
    """Wait until something comes true that no event tells of, such as the work of a thread."""

    async def wait(holds: Callable[[], bool], timeout_s: float = PATIENCE_S) -> None:
        async with asyncio.timeout(timeout_s):
            while not holds():  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    return wait
