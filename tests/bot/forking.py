"""Processes that fork from one which has imported already what takes seconds to import."""

from __future__ import annotations

import asyncio
import functools
import multiprocessing
import os
import runpy
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from multiprocessing.context import ForkServerContext

CONFTEST = Path(__file__).parent / "conftest.py"


def forking() -> ForkServerContext:
    """Return what starts processes."""
    context = multiprocessing.get_context("forkserver")
    # the server is one for all tests of a session, whoever needs it first
    context.set_forkserver_preload(["tests.bot.preloaded"])
    return context


class Forked:
    """`audiatur …` as a process of its own, with the stub for an encoder.

    While the file `stall` exists, it encodes no passage.
    """

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], stall: Path, log: Path
    ) -> None:
        self.stall = stall
        self._log = log
        given = (list(arguments), dict(environment), stall, log)
        self._process = forking().Process(target=_run, args=given)
        self._process.start()

    @property
    def returncode(self) -> int | None:
        """The exit code, or minus the signal that ended it; `None` while it runs."""
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    def send_signal(self, number: int) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    async def wait(self) -> int:
        """Wait until it has ended; return its exit code."""
        while self.returncode is None:  # noqa: ASYNC110 - multiprocessing tells no event loop
            await asyncio.sleep(0.01)
        return self.returncode

    async def ended(self, timeout_s: float = 120.0) -> tuple[int, str]:
        """Wait until it has ended; return its exit code, and what it said."""
        async with asyncio.timeout(timeout_s):
            code = await self.wait()
        return code, self._log.read_text(encoding="utf-8")


def _run(arguments: list[str], environment: dict[str, str], stall: Path, log: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(said, stream.fileno())
    from bot import cli, library  # noqa: PLC0415 - the environment had to be set first

    stub: Any = runpy.run_path(str(CONFTEST))["StubEncoder"](stall=stall)
    library.Library = functools.partial(library.Library, encoder=stub)  # type: ignore[assignment,misc]
    sys.exit(cli.main(arguments))
