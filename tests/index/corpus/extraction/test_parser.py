"""What parsing costs is limited, and a file that kills its parser harms no other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.corpus.extraction import parser as parsing
from index.corpus.extraction.limits import LIMITS, Limits
from index.corpus.extraction.parser import Parser
from index.corpus.formats import Format
from index.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = b"<html><body><p>Ein Satz, der hier steht.</p></body></html>"
HEAVY = b"<html><body>" + b"<p>Ein <b>Satz</b>, der hier steht.</p>" * 60_000 + b"</body></html>"


def process_of(parser: Parser) -> subprocess.Popen[bytes]:
    assert parser._process
    return parser._process._process


def run(code: str) -> bytes:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, check=False).stdout  # noqa: S603 - ours


def test_one_process_serves_many_files(leaflet: bytes) -> None:
    with Parser() as parser:
        assert "Ein Satz" in parser.extract(Format.WEB_PAGE, PAGE).text
        first = process_of(parser).pid
        assert "Warum wir radeln" in parser.extract(Format.PDF, leaflet).text
        assert process_of(parser).pid == first
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_after_some_files_the_process_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_FILES_EACH", 2)
    with Parser() as parser:
        pids = []
        for _ in range(4):
            parser.extract(Format.WEB_PAGE, PAGE)
            pids.append(process_of(parser).pid)
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_no_process_is_started_before_it_is_needed() -> None:
    with Parser() as parser:
        assert parser._process is None


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    with Parser(Limits(time_s=0.2)) as parser:
        started = time.monotonic()
        with pytest.raises(CorpusError, match=r"took longer than 0.2 s; split it"):
            parser.extract(Format.WEB_PAGE, HEAVY)
        assert time.monotonic() - started < 60
    with Parser() as parser:
        assert parser.extract(Format.WEB_PAGE, PAGE).text


def test_a_file_that_needs_too_much_memory_is_given_up_and_the_next_is_read() -> None:
    with Parser(Limits(memory_bytes=300 * 1024**2, time_s=120.0)) as parser:
        with pytest.raises(
            CorpusError, match=r"needs more than 0.3 GiB of memory|crashes its parser"
        ):
            parser.extract(Format.WEB_PAGE, HEAVY * 4)
        assert parser.extract(Format.WEB_PAGE, PAGE).text


@pytest.mark.parametrize("end", [signal.SIGSEGV, signal.SIGKILL])
def test_a_file_that_crashes_the_parser_is_named(end: signal.Signals) -> None:
    with Parser() as parser:
        process = parser._fresh_enough()
        os.kill(process._process.pid, end)
        with pytest.raises(CorpusError, match=rf"crashes its parser \(code -{end.value}:"):
            parser.extract(Format.WEB_PAGE, PAGE)
        assert parser.extract(Format.WEB_PAGE, PAGE).text


def test_what_an_earlier_file_left_behind_is_not_held_against_the_next() -> None:
    with Parser() as parser:
        parser.extract(Format.WEB_PAGE, PAGE)
        os.kill(process_of(parser).pid, signal.SIGKILL)
        assert "Ein Satz" in parser.extract(Format.WEB_PAGE, PAGE).text


def test_what_is_wrong_with_a_file_is_said_by_the_process(make_pdf: Callable[..., bytes]) -> None:
    with Parser() as parser:
        with pytest.raises(CorpusError, match="a scan"):
            parser.extract(Format.PDF, make_pdf([""]))
        first = process_of(parser).pid
        assert parser.extract(Format.WEB_PAGE, PAGE).text
        assert process_of(parser).pid == first


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc here")
def test_the_process_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "123456:planted")
    monkeypatch.setenv("PYTHONSTARTUP", "planted.py")
    with Parser() as parser:
        parser.extract(Format.WEB_PAGE, PAGE)
        pid = process_of(parser).pid
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        names = {entry.split(b"=")[0] for entry in environment.split(b"\0") if entry}
        files = [str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()]
    assert names <= {b"PATH", b"LD_LIBRARY_PATH", b"PYTHONPATH", b"LC_CTYPE"}
    assert all(file.startswith(("pipe:", "/dev/null")) for file in files)


def test_the_process_ends_with_the_one_that_asks() -> None:
    ask = (
        "from index.corpus.extraction.parser import Parser;"
        "from index.corpus.formats import Format;"
        f"import os; p = Parser(); p.extract(Format.WEB_PAGE, {PAGE!r});"
        "print(p._process._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    asked = run(ask)
    pid = int(asked)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("the process outlives its parent")


@pytest.mark.parametrize(
    ("parser", "others"),
    [
        ("child", ["trafilatura", "pypdfium2", "docx", "lxml"]),
        ("pdf", ["trafilatura", "docx", "lxml"]),
        ("webpage", ["pypdfium2", "docx"]),
        ("word", ["trafilatura", "pypdfium2"]),
        ("encoding", ["trafilatura", "docx", "lxml", "pypdfium2"]),
    ],
)
def test_only_the_parser_that_is_needed_is_imported(parser: str, others: list[str]) -> None:
    code = (
        f"import sys, index.corpus.extraction.{parser};"
        f"print([name for name in {[*others, 'lingua', 'numpy', 'torch']} if name in sys.modules])"
    )
    found = run(code)
    assert found.strip() == b"[]"


def test_the_stated_limits_are_those_in_force() -> None:
    assert (LIMITS.size_bytes, LIMITS.pages, LIMITS.time_s) == (20_000_000, 2_000, 30.0)
    assert LIMITS.memory_bytes == 1.5 * 1024**3
