"""What is true of the file: kills, several processes, damage, versions, rights."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.state import sqlite_inbox
from bot.state.errors import StateDamaged, StateError, StateTooNew
from bot.state.protocol import Arrival
from bot.state.schema import STEPS
from bot.state.sqlite_inbox import SqliteInbox
from bot.state.sqlite_store import SqliteStore

_ROOT = Path(__file__).resolve().parents[3]
_RECEIVER = """
import asyncio, sys
from pathlib import Path
from bot.state.protocol import Arrival
from bot.state.sqlite_inbox import SqliteInbox

async def main():
    inbox = await SqliteInbox.open(Path(sys.argv[1]))
    for number in range(int(sys.argv[2]), int(sys.argv[3])):
        await inbox.receive([Arrival(number, str(number), {"n": number})])
        print(number, flush=True)
    await inbox.close()

asyncio.run(main())
"""


def _receiver(path: Path, first: int, last: int) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own arguments
        [sys.executable, "-c", _RECEIVER, str(path), str(first), str(last)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
    )


async def test_a_killed_process_loses_nothing_received(tmp_path: Path) -> None:
    """Every update of which `receive` returned before the kill is there afterwards."""
    path = tmp_path / "bot.sqlite"
    process = _receiver(path, 0, 1_000_000)
    assert process.stdout is not None
    acknowledged = [int(process.stdout.readline()) for _ in range(20)]
    process.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in process.stdout if line.endswith("\n")]
    process.wait()
    inbox = await SqliteInbox.open(path)
    claims = await inbox.claim("me", 1_000_000, 60)
    await inbox.close()
    assert {claim.update_id for claim in claims} >= set(acknowledged)
    assert all(claim.payload == {"n": claim.update_id} for claim in claims)


async def test_two_processes_share_a_file(tmp_path: Path) -> None:
    """Two processes that make the file and write to it at the same time lose nothing."""
    path = tmp_path / "bot.sqlite"
    processes = [_receiver(path, 0, 200), _receiver(path, 100, 300)]
    for process in processes:
        process.communicate(timeout=120)
    assert [process.returncode for process in processes] == [0, 0]
    inbox = await SqliteInbox.open(path)
    assert await inbox.waiting() == 300
    await inbox.close()


@pytest.mark.parametrize("damage", ["text", "zeros", "torn"])
async def test_a_damaged_file_is_refused_and_left(tmp_path: Path, damage: str) -> None:
    """The error says which file and what to do; not a byte of it is changed."""
    path = tmp_path / "bot.sqlite"
    store = await SqliteStore.open(path)
    for number in range(200):
        await store.put("space", str(number), "x" * 500)
    await store.close()
    whole = path.read_bytes()
    broken = {
        "text": b"This is no database at all. " * 100,
        "zeros": whole[:100] + bytes(len(whole) - 100),
        "torn": whole[:8192] + os.urandom(8192) + whole[16384:],
    }
    path.write_bytes(broken[damage])
    with pytest.raises(StateDamaged, match=r"bot\.sqlite .* move it away"):
        await SqliteStore.open(path)
    assert path.read_bytes() == broken[damage]


async def test_another_programs_file_is_refused(tmp_path: Path) -> None:
    """A database with tables of somebody else is not written to."""
    path = tmp_path / "bot.sqlite"
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute("CREATE TABLE theirs (a)")
    before = path.read_bytes()
    with pytest.raises(StateDamaged, match="another program"):
        await SqliteStore.open(path)
    assert path.read_bytes() == before


async def test_a_later_version_is_refused(tmp_path: Path) -> None:
    """Tables of a later version are not touched; the message names both versions."""
    path = tmp_path / "bot.sqlite"
    await (await SqliteStore.open(path)).close()
    with closing(sqlite3.connect(path)) as later:
        later.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    before = path.read_bytes()
    with pytest.raises(StateTooNew, match=f"are {len(STEPS) + 1}, this program knows {len(STEPS)}"):
        await SqliteStore.open(path)
    assert path.read_bytes() == before


async def test_files_are_private(tmp_path: Path) -> None:
    """Only the owner may read the file and its companions, whatever the umask."""
    path = tmp_path / "deep" / "er" / "bot.sqlite"
    before = os.umask(0)
    try:
        store = await SqliteStore.open(path)
        await store.put("space", "key", 1)
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
        await store.close()
    finally:
        os.umask(before)
    assert modes == {"bot.sqlite": 0o600, "bot.sqlite-wal": 0o600, "bot.sqlite-shm": 0o600}


async def test_a_folder_that_cannot_be_says_so(tmp_path: Path) -> None:
    """Where the data folder is a file, the error names it and what to do."""
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StateError, match=r"data/bot\.sqlite cannot be opened: .*writable"):
        await SqliteStore.open(tmp_path / "data" / "bot.sqlite")


async def test_damage_while_running_is_told(tmp_path: Path) -> None:
    """A table that vanishes under us raises our error, not the library's."""
    path = tmp_path / "bot.sqlite"
    store = await SqliteStore.open(path)
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TABLE entries")
    with pytest.raises(StateError, match="no such table"):
        await store.get("space", "key")
    await store.close()


async def test_numbers_are_forgotten_after_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tidying deletes finished numbers of more than a day ago, and nothing that waits."""
    inbox = await SqliteInbox.open(tmp_path / "bot.sqlite")
    await inbox.receive([Arrival(1, "a", {}), Arrival(2, "a", {})])
    await inbox.finish(1)
    await inbox.tidy()
    assert await inbox.receive([Arrival(1, "a", {})]) == 0
    monkeypatch.setattr(sqlite_inbox, "REMEMBERED_S", -1.0)
    await inbox.tidy()
    assert await inbox.receive([Arrival(1, "a", {})]) == 1
    assert await inbox.waiting() == 2
    await inbox.close()
