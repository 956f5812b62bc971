"""Two bots and one builder share a database as processes; each is killed in turn."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from index.storage.postgres.migrating import migrate
from tests.bot.forking import forking
from tests.bot.sharing import run_bot, run_builder
from tests.index.conftest import SMALL_CORPUS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_WAIT_S = 240.0


class Running:
    """One process, and the lines that it has told so far."""

    def __init__(self, run: Callable[..., None], *given: object) -> None:
        self.lines: list[str] = []
        self._ours, theirs = forking().Pipe()
        self.process = forking().Process(target=run, args=(theirs, *given), daemon=True)
        self.process.start()
        theirs.close()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                self.lines.append(self._ours.recv())
            except (EOFError, OSError):
                return

    def say(self, line: str) -> None:
        self._ours.send(line)

    def wait_for(self, beginning: str, after: int = 0) -> str:
        """Return the first line from a place on that begins so."""
        end = time.monotonic() + _WAIT_S
        while time.monotonic() < end:
            for line in self.lines[after:]:
                if line.startswith(beginning):
                    return line
            assert self.process.is_alive(), self.lines[-3:]
            time.sleep(0.02)
        raise AssertionError(f"no line begins with {beginning}: {self.lines[-3:]}")

    def kill(self) -> None:
        self.process.kill()
        self.process.join()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name, content in SMALL_CORPUS.items():
        path = tmp_path / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())
    return tmp_path / "corpus"


@pytest.fixture
def start(database_url: str, corpus: Path, tmp_path: Path) -> Iterator[Callable[[str], Running]]:
    """Return what starts a builder, or a bot, which has neither corpus nor index of its own."""
    migrate(database_url)
    running: list[Running] = []

    def start(kind: str) -> Running:
        data = tmp_path / f"data {len(running)}"
        given = (run_builder, database_url, corpus, data)
        if kind == "bot":
            given = (run_bot, database_url, tmp_path / "none", data)
        running.append(Running(*given))
        return running[-1]

    yield start
    for one in running:
        one.kill()


def documents(line: str) -> int:
    return int(line.split()[1])


def test_each_may_be_killed_and_the_others_go_on(
    start: Callable[[str], Running], database_url: str
) -> None:
    builder, one, other = start("builder"), start("bot"), start("bot")
    builder.say("wind")
    first = builder.wait_for("built").split()[1]
    lines = [bot.wait_for(first) for bot in (one, other)]
    assert lines[0] == lines[1], "both bots say the same"

    # a bot is killed while the other answers and the builder builds
    builder.say("regen")
    one.kill()
    second = builder.wait_for("built", after=1).split()[1]
    assert documents(other.wait_for(second)) == documents(lines[0]) + 1

    # the builder is killed in the middle of its upload: the old index answers, the lock is free
    with psycopg.connect(database_url) as connection:
        connection.execute("LOCK TABLE index_labels IN EXCLUSIVE MODE")
        builder.say("hagel")
        _wait_until_uploading(database_url)
        builder.kill()
    place = len(other.lines)
    assert other.wait_for("2", after=place + 2).startswith(second)
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT count(*) FROM index_generations").fetchone()
    assert row == (2,)

    # others take their places
    builder, bot = start("builder"), start("bot")
    builder.say("schnee")
    third = builder.wait_for("built").split()[1]
    assert bot.wait_for(third) == other.wait_for(third)
    assert documents(bot.wait_for(third)) == documents(lines[0]) + 3, "with hagel's document"
    told = [line for running in (one, other, bot) for line in running.lines]
    answers = {line for line in told if not line.startswith("failed: there is no index")}
    assert len(answers) == 3, "each generation gives one answer, and nobody fails"


def _wait_until_uploading(url: str) -> None:
    """Wait until the upload stands before the table that the test holds."""
    end = time.monotonic() + _WAIT_S
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < end:
            row = connection.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
                "WHERE NOT l.granted AND a.query LIKE 'COPY \"index_labels\"%'"
            ).fetchone()
            if row and row[0]:
                return
            time.sleep(0.05)
    raise AssertionError("nobody uploads")
