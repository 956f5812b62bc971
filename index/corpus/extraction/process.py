"""The process that parses, seen from the one that asks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from threading import Event, Timer
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from index.corpus.extraction.child import READY
from index.corpus.extraction.frames import read_frame, write_frame
from index.corpus.faults import Fault
from index.errors import DocumentError

if TYPE_CHECKING:
    from index.corpus.extraction.limits import Limits
    from index.corpus.formats import Format
    from index.corpus.remarks import Remark

_START_LIMIT_S = 120.0
_END_LIMIT_S = 5.0
_REPLY_LIMIT_BYTES = 500_000_000
_INHERITED = ("PATH", "LD_LIBRARY_PATH")


class Died(Exception):
    """The process ended over a file: by itself, or because its time was over."""

    def __init__(self, remark: Remark, *, by_time: bool = False) -> None:
        super().__init__(str(remark))
        self.remark = remark
        self.by_time = by_time


class Process:
    """Runs `child`; `files` counts those that it was given.

    Raises:
        DocumentError: It did not start.
    """

    def __init__(self, limits: Limits) -> None:
        self.files = 0
        self._limits = limits
        self._expired = Event()
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [
                *(sys.executable, "-P", "-m", "index.corpus.extraction.child"),
                json.dumps(asdict(limits)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,  # Ctrl-C is for the one who asks; this one ends with its pipe
        )
        self._requests = cast("BinaryIO", self._process.stdin)
        self._replies = cast("BinaryIO", self._process.stdout)
        if self._exchange((), _START_LIMIT_S) != READY:
            self.close()
            raise DocumentError(Fault.NO_PROCESS.of())

    def ask(self, kind: Format, content: bytes) -> dict[str, Any]:
        """Return the answer to one file.

        Raises:
            Died: There is none, and there will be no more.
        """
        self.files += 1
        reply = self._exchange((kind.value.encode(), content), self._limits.time_s)
        if reply is not None:
            answer: dict[str, Any] = json.loads(reply)
            return answer
        with suppress(subprocess.TimeoutExpired):  # it may be about to say why it ended
            self._process.wait(_END_LIMIT_S)
        self.close()
        code = self._process.returncode
        if self._expired.is_set() or code == -signal.SIGXCPU:
            raise Died(Fault.SLOW.of(limit=self._limits.time_s), by_time=True)
        raise Died(Fault.CRASHES.of(code=code))

    def close(self) -> None:
        """End the process and wait for it."""
        self._process.kill()
        with suppress(OSError):  # what it was not told any more
            self._requests.close()
        self._replies.close()
        self._process.wait()

    def _exchange(self, request: tuple[bytes, ...], limit_s: float) -> bytes | None:
        timer = Timer(limit_s, self._expire)
        timer.daemon = True
        timer.start()
        try:
            for part in request:
                write_frame(self._requests, part)
            return read_frame(self._replies, _REPLY_LIMIT_BYTES)
        except OSError:  # the pipe broke: the process has gone
            return None
        finally:
            timer.cancel()
            timer.join()

    def _expire(self) -> None:
        self._expired.set()
        self._process.kill()


def _environment() -> dict[str, str]:
    """Return what the process may know: no secrets, and of Python's variables only its path."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    modules = [entry or str(Path.cwd()) for entry in sys.path]
    return {**inherited, "PYTHONPATH": os.pathsep.join(modules)}
