"""What is said where a question cannot be answered just now."""

from __future__ import annotations

from aiogram.utils.i18n import gettext as _

from bot.worker import Busy
from index.errors import SnapshotError

CANNOT_ANSWER = (SnapshotError, TimeoutError, Busy)
"""What `Desk` and `Worker` raise where it is nobody's fault who asks."""


def apology(error: Exception) -> str:
    """Return what to tell a person, and what they can do."""
    if isinstance(error, Busy):
        return _("Many are asking just now. Please try again in a moment.")
    if isinstance(error, TimeoutError):
        return _("That took too long. Please try again, perhaps with a shorter question.")
    return _("There is no index to answer from yet. An admin can build it with /reindex.")
