"""Parses files in a process apart, so that a bad one costs itself and nothing else.

One process serves many files, since starting it costs more than most files do. It is replaced when
a file exceeds its time, and when a parser crashes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from index.corpus.extraction.child import MEMORY
from index.corpus.extraction.limits import LIMITS, Limits
from index.corpus.extraction.process import Died, Process
from index.corpus.extraction.records import Extract
from index.corpus.faults import Fault
from index.corpus.remarks import Remark
from index.errors import DocumentError

if TYPE_CHECKING:
    from index.corpus.formats import Format

_FILES_EACH = 500
"""After so many files the process is replaced: what parsers leak would be held against a file."""


class Parser:
    """Extracts text; starts its process with the first file. To be used by one thread at a time."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self._process: Process | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        if self._process:
            self._process.close()
        self._process = None

    def extract(self, kind: Format, content: bytes) -> Extract:
        """Return the text of a file.

        Raises:
            DocumentError: It cannot be parsed, or not within the limits.
        """
        process = self._fresh_enough()
        served = process.files
        try:
            return self._ask(process, kind, content)
        except Died as died:
            self.close()
            if not served or died.by_time:
                raise DocumentError(died.remark) from died
        # What earlier files left behind may have killed it: the file is judged in a fresh process.
        try:
            return self._ask(self._fresh_enough(), kind, content)
        except Died as died:
            self.close()
            raise DocumentError(died.remark) from died

    def _fresh_enough(self) -> Process:
        if self._process and self._process.files >= _FILES_EACH:
            self.close()
        if self._process is None:
            self._process = Process(self.limits)
        return self._process

    def _ask(self, process: Process, kind: Format, content: bytes) -> Extract:
        reply = process.ask(kind, content)
        if reply.get("error") == MEMORY:
            limit = round(self.limits.memory_bytes / 1024**3, 1)
            raise Died(Fault.MUCH_MEMORY.of(limit=limit))
        if "error" in reply:
            raise DocumentError(Remark.read(reply["error"]))
        return Extract.of(reply)
