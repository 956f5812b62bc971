"""How much one document may cost; what costs more is left out, with this as the reason."""

from __future__ import annotations

from dataclasses import dataclass

SIZE_LIMIT_BYTES = 20_000_000
"""One document, or one line of a .jsonl: a thick novel is 3 MB, a thesis with pictures 20 MB."""
LINES_LIMIT_BYTES = 100_000_000_000
"""A whole .jsonl, which is streamed: millions of long articles; a disk image is larger."""
LINE_LIMIT = 1_000_000
"""Code points without a line break: a novel without paragraphs; data in base64 is longer."""
PAGE_LIMIT = 2_000
"""Pages of a PDF: the thickest manuals. More is an archive or was made to cost time."""
TIME_LIMIT_S = 30.0
"""One file by the clock, and by the processor: 2,000 pages take about 10 s."""
MEMORY_LIMIT_BYTES = 1_536 * 1024**2
"""Address space of the process that parses: ten times what ordinary files need."""
UNPACKED_LIMIT_BYTES = 100_000_000
"""A .docx once unpacked: more than 20 MB of text never comes to."""
RATIO_LIMIT = 200
"""How many times larger than packed a part of a .docx may be; text reaches 20, bombs 1,000."""
ENTRY_LIMIT = 5_000
"""Parts of a .docx: each picture is one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one reading; tests lower them."""

    size_bytes: int = SIZE_LIMIT_BYTES
    lines_bytes: int = LINES_LIMIT_BYTES
    line: int = LINE_LIMIT
    pages: int = PAGE_LIMIT
    time_s: float = TIME_LIMIT_S
    memory_bytes: int = MEMORY_LIMIT_BYTES
    unpacked_bytes: int = UNPACKED_LIMIT_BYTES
    ratio: int = RATIO_LIMIT
    entries: int = ENTRY_LIMIT


LIMITS = Limits()
