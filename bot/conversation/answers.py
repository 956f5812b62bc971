"""Answers that were given, kept so that the buttons under them go on working."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.conversation.codec import from_json, to_json

if TYPE_CHECKING:
    from bot.state.protocol import Json, Store
    from index.answering.advice import Advice, Excerpt

logger = logging.getLogger(__name__)

_ANSWERS = "answers"
_PLACES = "places"
_ID_BYTES = 9
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, the language of the words around it, and the index that it came from."""

    id: str
    advice: Advice
    language: str
    snapshot: str

    @property
    def excerpts(self) -> tuple[Excerpt, ...]:
        """All excerpts, those held ready for "more" too; buttons name them by their place here."""
        sided = (one for side in self.advice.sides for one in (*side.excerpts, *side.further))
        return (*sided, *self.advice.background, *self.advice.unclear)

    def number(self, excerpt: Excerpt) -> int:
        """Return an excerpt's place in `excerpts`."""
        return self.excerpts.index(excerpt)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answer to a message stands."""

    answer: str
    message_id: int


class Answers:
    """The answers of the last days; each belongs to the person who asked."""

    def __init__(self, store: Store, keep_days: int) -> None:
        self._store = store
        self._lifetime_s = keep_days * _DAY_S

    async def keep(
        self,
        advice: Advice,
        language: str,
        snapshot: str,
        owner: int | None,
        *,
        name: str | None = None,
        lifetime_s: float | None = None,
    ) -> Kept:
        """Keep an answer under a name of its own, or under the one given."""
        kept = Kept(name or secrets.token_urlsafe(_ID_BYTES), advice, language, snapshot)
        lifetime_s = min(lifetime_s or self._lifetime_s, self._lifetime_s)
        value = {"language": language, "snapshot": snapshot, "advice": to_json(advice)}
        await self._store.put(_ANSWERS, kept.id, value, owner=owner, lifetime_s=lifetime_s)
        return kept

    async def find(self, name: str) -> Kept | None:
        """Return a kept answer, `None` where it is gone or of another version."""
        value = await self._store.get(_ANSWERS, name)
        return _kept(name, value) if isinstance(value, dict) else None

    async def prolong(self, name: str, owner: int) -> None:
        """Keep an answer as long as any that was given in a chat."""
        value = await self._store.get(_ANSWERS, name)
        if value is not None:
            lifetime_s = self._lifetime_s
            await self._store.put(_ANSWERS, name, value, owner=owner, lifetime_s=lifetime_s)

    async def place(
        self, chat: int, question: int, answer: Kept, message_id: int, owner: int | None
    ) -> None:
        """Note which message answers which, so that an edited question finds its answer."""
        value: Json = {"answer": answer.id, "message": message_id}
        key = f"{chat}:{question}"
        await self._store.put(_PLACES, key, value, owner=owner, lifetime_s=self._lifetime_s)
        # the same by the answer: a reply to it goes on from there
        key = f"{chat}:{message_id}"
        await self._store.put(_PLACES, key, value, owner=owner, lifetime_s=self._lifetime_s)

    async def placed(self, chat: int, message_id: int) -> Place | None:
        """Return where the answer to a message stands; a message that is an answer is its own."""
        value = await self._store.get(_PLACES, f"{chat}:{message_id}")
        return Place(value["answer"], value["message"]) if isinstance(value, dict) else None


def _kept(name: str, value: dict[str, Any]) -> Kept | None:
    try:
        return Kept(name, from_json(value["advice"]), value["language"], value["snapshot"])
    except (KeyError, TypeError, ValueError):
        logger.warning("an answer was kept by another version and cannot be read")
        return None
