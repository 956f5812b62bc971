"""What a build tells of itself while it goes on."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told of each step of a build.

    `done` and `total` count bytes of files in "read", debates in "suggest" and texts otherwise;
    both are 0 without a count.
    """

    def __call__(self, stage: str, done: int, total: int, /) -> None:
        """Take note: stages are "read", "embed", "learn", "suggest", "write", "verify"."""
