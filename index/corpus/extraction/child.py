"""The process that parses: it reads files from a pipe, and has no secrets and little memory."""

from __future__ import annotations

import json
import math
import os
import resource
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from index.corpus.extraction.frames import read_frame, write_frame
from index.corpus.extraction.limits import Limits
from index.corpus.faults import Fault
from index.errors import DocumentError

if TYPE_CHECKING:
    from typing import BinaryIO

    from index.corpus.extraction.records import Extract

READY = b"ready"
MEMORY = "memory"
_PARSERS = {"html": "webpage", "pdf": "pdf", "docx": "word", "txt": "encoding", "md": "encoding"}
_MESSAGE_LENGTH = 200
_NEARLY = 0.9


def main() -> None:
    """Answer each pair of messages (format, content) with one of JSON, until the pipe closes."""
    limits = Limits(**json.loads(sys.argv[1]))
    requests, replies = _pipes()
    with suppress(ValueError, OSError):  # not every system knows every limit; the clock remains
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    write_frame(replies, READY)
    while kind := read_frame(requests, limits.size_bytes):
        content = read_frame(requests, limits.size_bytes)
        if content is None:
            return
        _limit_processor_time(limits.time_s)
        write_frame(replies, _answer(kind.decode(), content, limits).encode())


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep standard output for replies alone: a parser that prints must not garble them."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, replies


def _limit_processor_time(seconds: float) -> None:
    """End this process, even where the one that asked has gone, once a file took too long."""
    with suppress(ValueError, OSError):
        _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = math.ceil(time.process_time() + seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _answer(kind: str, content: bytes, limits: Limits) -> str:
    try:
        parser = import_module(f"index.corpus.extraction.{_PARSERS[kind]}")
        extract: Extract = parser.extract(content, limits)
    except DocumentError as error:
        return json.dumps({"error": error.remark.stored()})
    except MemoryError:
        return json.dumps({"error": MEMORY})
    except Exception as error:  # noqa: BLE001 - parsers raise what they like on broken files
        if _is_short_of_memory(limits):
            return json.dumps({"error": MEMORY})
        what = " ".join(f"{type(error).__name__}: {error}".split())[:_MESSAGE_LENGTH]
        said = what.encode(errors="replace").decode()
        return json.dumps({"error": Fault.NOT_PARSED.of(detail=said).stored()})
    return extract.to_json()


def _is_short_of_memory(limits: Limits) -> bool:
    """Tell whether memory ran out: libraries in C say so in many ways, or do not say it."""
    with suppress(OSError):  # no /proc here
        status = Path("/proc/self/status").read_text(encoding="ascii")
        peak_kib = int(status.partition("VmPeak:")[2].split()[0])
        return peak_kib * 1024 > _NEARLY * limits.memory_bytes
    return False


if __name__ == "__main__":
    main()
