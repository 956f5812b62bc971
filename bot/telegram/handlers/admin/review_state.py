"""What waits for an admin's decision, what they skipped, and what they can take back."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.keeping.reviewing import Decision, waiting_spans
from index.debates.records import Side
from index.debates.review import Suggestion
from index.errors import CorpusError

if TYPE_CHECKING:
    from bot.keeping.reviewing import Waiting
    from bot.state.protocol import Json, Store
    from bot.worker import Worker
    from index.debates.records import Debate
    from index.storage.protocol import Snapshot

SPACE = "reviews"
_LIFETIME_S = 30 * 86_400.0
_SKIPPED = 500
_MADE = 20


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits now, the least certain first, and how far one admin is with it.

    `skipped` are keys of spans; `made` are the last decisions, the latest at the end.
    """

    snapshot: Snapshot
    waiting: tuple[Waiting, ...]
    admin: int
    language: str
    skipped: tuple[str, ...] = ()
    made: tuple[Decision, ...] = ()

    @classmethod
    async def of(cls, worker: Worker, store: Store, admin: int, language: str) -> Queue:
        """Return what waits for an admin.

        Raises:
            SnapshotError: There is no index.
        """
        snapshot = await worker.snapshot()
        waiting = await asyncio.to_thread(waiting_spans, snapshot)
        skipped, made = _remembered(await store.get(SPACE, str(admin)))
        return cls(snapshot, tuple(waiting), admin, language, skipped, made)

    async def keep(self, store: Store) -> None:
        """Remember what was skipped and decided."""
        value = {"skipped": list(self.skipped), "made": list(map(_as_json, self.made))}
        await store.put(SPACE, str(self.admin), value, owner=self.admin, lifetime_s=_LIFETIME_S)

    @property
    def left(self) -> tuple[Waiting, ...]:
        """What waits and was not skipped."""
        return tuple(span for span in self.waiting if span.key not in self.skipped)

    def find(self, key: str) -> Waiting | None:
        """Return the span with a key, `None` where it waits no longer."""
        return next((span for span in self.waiting if span.key == key), None)

    def span_of(self, decision: Decision) -> Waiting | None:
        """Return the span of a decision that was taken back."""
        place = (decision.debate, *decision.after.place)
        for span in self.waiting:
            label = span.anchored.label
            if (label.subject, label.document, label.quote) == place:
                return span
        return None

    def debate(self, name: str) -> Debate:
        """Return a debate.

        Raises:
            CorpusError: It is gone.
        """
        for debate in self.snapshot.agenda.debates:
            if debate.id == name:
                return debate
        raise CorpusError(f"there is no debate {name!r} any more")

    def skipping(self, key: str) -> Queue:
        """Return the queue with a span left for later."""
        others = tuple(one for one in self.skipped if one != key)
        return replace(self, skipped=(*others, key)[-_SKIPPED:])

    def without_skips(self) -> Queue:
        """Return the queue with everything that was left for later."""
        return replace(self, skipped=())

    def having(self, decision: Decision) -> Queue:
        """Return the queue with one decision more that can be taken back."""
        return replace(self, made=(*self.made, decision)[-_MADE:])

    def without_last(self) -> Queue:
        """Return the queue without the latest decision."""
        return replace(self, made=self.made[:-1])


def _remembered(value: Json) -> tuple[tuple[str, ...], tuple[Decision, ...]]:
    if not isinstance(value, dict):
        return (), ()
    return tuple(value["skipped"]), tuple(map(_decision, value["made"]))


def _as_json(decision: Decision) -> dict[str, Any]:
    before = decision.before and _span_as_json(decision.before)
    return {"debate": decision.debate, "before": before, "after": _span_as_json(decision.after)}


def _span_as_json(span: Suggestion) -> dict[str, Any]:
    return asdict(span) | {"decided_at": span.decided_at and span.decided_at.isoformat()}


def _decision(value: dict[str, Any]) -> Decision:
    before = value["before"] and _span(value["before"])
    return Decision(value["debate"], before, _span(value["after"]))


def _span(value: dict[str, Any]) -> Suggestion:
    moment = value["decided_at"] and datetime.fromisoformat(value["decided_at"])
    return Suggestion(**{**value, "suggested": Side(value["suggested"]), "decided_at": moment})
