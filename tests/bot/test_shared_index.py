"""Two bots and one builder share a database as processes; each is killed in turn."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from index.storage.postgres.migrating import migrate
from tests.index.conftest import SMALL_CORPUS

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = Path(__file__).parent / "sharing.py"
_WAIT_S = 120.0


class Running:
    """One process, and the lines that it has told so far."""

    def __init__(self, kind: str, url: str, corpus: Path, data: Path) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, SCRIPT, kind, url, corpus, data],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        self.lines.extend([])
        for line in self.process.stdout:
            self.lines.append(line.strip())

    def say(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def wait_for(self, beginning: str, after: int = 0) -> str:
        """Return the first line from a place on that begins so."""
        end = time.monotonic() + _WAIT_S
        while time.monotonic() < end:
            for line in self.lines[after:]:
                if line.startswith(beginning):
                    return line
            assert self.process.poll() is None, self.lines[-3:]
            time.sleep(0.02)
        raise AssertionError(f"no line begins with {beginning}: {self.lines[-3:]}")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name, content in SMALL_CORPUS.items():
        path = tmp_path / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())
    return tmp_path / "corpus"


@pytest.fixture
def started(database_url: str, corpus: Path, tmp_path: Path) -> Iterator[list[Running]]:
    """Start a builder and two bots, which have neither corpus nor index of their own."""
    migrate(database_url)
    running = [Running("builder", database_url, corpus, tmp_path / "builder")]
    running += [
        Running("bot", database_url, tmp_path / "none", tmp_path / f"bot {at}") for at in (1, 2)
    ]
    yield running
    for one in running:
        one.kill()


def documents(line: str) -> int:
    return int(line.split()[2])


def test_each_may_be_killed_and_the_others_go_on(
    started: list[Running], database_url: str, corpus: Path, tmp_path: Path
) -> None:
    builder, one, other = started
    builder.wait_for("ready")
    builder.say("wind")
    first = builder.wait_for("built").split()[1]
    lines = [bot.wait_for(first) for bot in (one, other)]
    assert len(set(lines)) == 1, "both bots say the same"

    # a bot is killed while the other answers and the builder builds
    one.kill()
    place = len(builder.lines)
    builder.say("regen")
    second = builder.wait_for("built", place).split()[1]
    assert documents(other.wait_for(second)) == documents(lines[0]) + 1

    # the builder is killed in the middle of its upload: the old index answers, the lock is free
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("BEGIN; LOCK TABLE index_members IN ACCESS EXCLUSIVE MODE")
        place = len(builder.lines)
        builder.say("hagel")
        builder.wait_for("verify", place)
        _wait_until_uploading(database_url)
        builder.kill()
        connection.execute("ROLLBACK")
    place = len(other.lines)
    time.sleep(0.5)
    assert other.wait_for(second, place) == other.lines[-1]
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT count(*) FROM index_generations").fetchone()
    assert row == (2,)

    # others take their places
    builder = Running("builder", database_url, corpus, tmp_path / "another builder")
    bot = Running("bot", database_url, tmp_path / "none", tmp_path / "bot 3")
    started += [builder, bot]
    builder.wait_for("ready")
    builder.say("schnee")
    third = builder.wait_for("built").split()[1]
    assert bot.wait_for(third) == other.wait_for(third)
    assert documents(bot.wait_for(third)) == documents(lines[0]) + 3, "hagel's file is there"
    told = [line for running in (one, other, bot) for line in running.lines]
    answers = {line.split()[0]: line for line in told if line.startswith("2")}
    assert [
        line for line in told if line.startswith("2") and line != answers[line.split()[0]]
    ] == []
    assert set(answers) == {first, second, third}


def _wait_until_uploading(url: str) -> None:
    """Wait until the upload stands before the table that the test holds."""
    end = time.monotonic() + _WAIT_S
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < end:
            row = connection.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
                "WHERE NOT l.granted AND a.query LIKE 'COPY index_members%'"
            ).fetchone()
            if row and row[0]:
                return
            time.sleep(0.05)
    raise AssertionError("nobody uploads")
