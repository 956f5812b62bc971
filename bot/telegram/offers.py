"""Commands that a corpus brings: its guides and its interviews, whatever it calls them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aiogram.filters import BaseFilter

from index.errors import SnapshotError
from index.guides.records import Guide, Interview

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import Message

    from bot.worker import Worker

_COMMAND = re.compile(r"/([A-Za-z0-9_]+)(?:@(\w+))?(?:\s|$)")


class Opens(BaseFilter):
    """Passes `guide` or `interview` on where a command of the corpus opens one."""

    def __init__(self, kind: type[Guide | Interview]) -> None:
        self._kind = kind

    async def __call__(self, message: Message, bot: Bot, worker: Worker) -> bool | dict[str, Any]:
        """Return what the command opens, if it opens something of this kind."""
        found = _COMMAND.match(message.text or "")
        if not found:
            return False
        me = await bot.me()
        if found[2] and found[2].lower() != (me.username or "").lower():
            return False
        try:
            commands = (await worker.snapshot()).guidebook.commands()
        except SnapshotError:
            return False
        offer = commands.get(found[1].lower())
        if not isinstance(offer, self._kind):
            return False
        return {"guide" if isinstance(offer, Guide) else "interview": offer}
