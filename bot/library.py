"""Keeps the advisor that answers now, and replaces it when a new index is ready.

Synchronous and thread-safe: the command line uses it as it is, the bot through `bot.worker`.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.keeping.decisions import Decisions
from index.answering.advisor import Advisor
from index.building import build_index, is_stale
from index.encoding.twins import load_encoders
from index.errors import DatabaseUnavailable, SnapshotError, SnapshotMissing
from index.questions.language import load_languages
from index.stance.loading import load_stance_model
from index.storage.opening import open_shelf

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings
    from index.building import BuildReport, Progress
    from index.encoding.protocol import Encoder
    from index.stance.protocol import StanceModel
    from index.storage.protocol import Snapshot

logger = logging.getLogger(__name__)

_FIRST_QUESTION = "Is everything ready?"


@dataclass(frozen=True, slots=True)
class _Current:
    """What answers: the snapshot as it was built, and the advisor over it and over decisions."""

    snapshot: Snapshot
    advisor: Advisor


class Library:
    """The corpus, its shelf of snapshots, the models, and the advisor over the current snapshot.

    Raises:
        ModelError: The encoder cannot be loaded.
    """

    def __init__(
        self,
        settings: Settings,
        encoder: Encoder | None = None,
        stance: StanceModel | None = None,
    ) -> None:
        self._corpus = settings.corpus
        self._shelf = open_shelf(settings.data, settings.database_url, settings.database_read_url)
        self._shared = settings.database_url is not None
        self._encoder: Encoder
        self._adapted: Encoder | None
        self._encoder, self._adapted = (encoder, None) if encoder else load_encoders(settings.model)
        self._stance = stance
        if stance is None and encoder is None:
            self._stance = load_stance_model(settings.stance_model, settings.data)
        self._decisions = Decisions(settings.corpus)
        self._lock = threading.Lock()
        self._current: _Current | None = None
        self._refused: str | None = None
        self._standing_in = False
        self._untold: list[SnapshotError] = []
        self._when_unusable: Callable[[SnapshotError], None] = self._untold.append

    @property
    def advisor(self) -> Advisor:
        """The advisor over the snapshot that answers now, and over what persons decided since.

        It follows the builds and the decisions of other processes.

        Raises:
            SnapshotError: There is no usable index; the message says what to do.
        """
        with self._lock:
            name = self._shelf.current_name()
            current = self._current
            if current is None or name not in (current.snapshot.name, self._refused):
                current = self._opened(name)
            elif self._decisions.changed():
                current = self._decided(current)
            self._current = current
            return current.advisor

    def when_unusable(self, tell: Callable[[SnapshotError], None]) -> None:
        """Have somebody told, once for each, of an index that cannot be used, also before now."""
        with self._lock:
            self._when_unusable = tell
            untold, self._untold = self._untold, []
        for error in untold:
            tell(error)

    def warm_up(self) -> None:
        """Answer each motion and take a side, so that nobody waits for what is loaded at first.

        Raises:
            SnapshotError: There is no usable index.
            ModelError: The stance model cannot be loaded.
        """
        advisor = self.advisor
        load_languages()
        motions = [debate.motion.in_language("en") for debate in advisor.snapshot.agenda.debates]
        for motion in motions or [_FIRST_QUESTION]:
            advisor.advise(motion)
        if self._stance:
            self._stance.shares(_FIRST_QUESTION, [_FIRST_QUESTION])

    def rebuild(self, progress: Progress) -> BuildReport:
        """Build a new index; the old one answers until the new one is verified.

        Raises:
            AudiaturError: It could not be built; the old index is untouched.
        """
        return build_index(
            self._corpus, self._shelf, self._encoder, progress, self._adapted, self._stance
        )

    def ensure(self, progress: Progress) -> BuildReport | None:
        """Build the index if it is missing, stale or unusable; return what was done, if anything.

        A machine without a corpus answers from the index that others share with it. An older one
        that stands in for a damaged one is not left to do so for good.

        Raises:
            AudiaturError: It could not be built.
        """
        if self._shared and not self._corpus.is_dir():
            self.advisor  # noqa: B018 - somebody else builds: the index must answer
            return None
        try:
            snapshot = self.advisor.snapshot
            if not self._standing_in and not is_stale(self._corpus, snapshot, self._stance):
                return None
        except SnapshotError as error:
            logger.info("building: %s", error)
        return self.rebuild(progress)

    def _opened(self, name: str | None) -> _Current:
        """Open the current snapshot; if it is unusable, go on with the one before it."""
        self._standing_in = False
        try:
            snapshot = self._shelf.open_current(None if self._current else self._note_stand_in)
            advisor = Advisor(snapshot, self._encoder, self._adapted, self._stance)
        except (SnapshotMissing, DatabaseUnavailable) as error:
            if self._current is None:
                raise
            logger.warning("the new index is out of reach for now: %s", error)
            return self._current
        except SnapshotError as error:
            if self._current is None:
                raise
            logger.exception("the new index cannot be used; the old one keeps answering")
            self._refused = name
            self._when_unusable(error)
            return self._current
        self._decisions.changed()
        return self._decided(_Current(snapshot, advisor))

    def _note_stand_in(self, error: SnapshotError) -> None:
        self._standing_in = True
        self._when_unusable(error)

    def _decided(self, current: _Current) -> _Current:
        """Return an advisor over the labels that hold now; the same one if they are the same."""
        snapshot = self._decisions.over(current.snapshot)
        if current.advisor.snapshot.labels == snapshot.labels:
            return current
        advisor = Advisor(snapshot, self._encoder, self._adapted, self._stance)
        return replace(current, advisor=advisor)
