"""The name under which this process holds updates.

Whoever has the data folder to itself takes the name of the process before it: what that one held
when it was killed is free at once. Others take a name of their own, and wait for leases to end.
"""

from __future__ import annotations

import fcntl
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings import Settings

ALONE = "alone"


@contextmanager
def consumer_name(settings: Settings) -> Iterator[str]:
    """Yield a name that no other living process has."""
    own = secrets.token_hex(8)
    if settings.redis_url or settings.database_url:
        yield own
        return
    settings.data.mkdir(parents=True, exist_ok=True)
    with (settings.data / "consumer.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield own
        else:
            yield ALONE
