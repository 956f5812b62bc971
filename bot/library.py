"""Keeps the advisor that answers now, and replaces it when a new index is ready.

Synchronous and thread-safe: the command line uses it as it is, the bot through `bot.worker`.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from index.answering.advisor import Advisor
from index.building import build_index, is_stale
from index.encoding.adapter import load_polarity_encoder
from index.encoding.loading import load_encoder
from index.errors import SnapshotError
from index.stance.loading import load_stance_model
from index.storage.shelf import Shelf

if TYPE_CHECKING:
    from bot.settings import Settings
    from index.building import BuildReport, Progress
    from index.encoding.protocol import Encoder
    from index.stance.protocol import StanceModel

logger = logging.getLogger(__name__)

_FIRST_QUESTION = "Is everything ready?"


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
        self._adapted = None if encoder else load_polarity_encoder()
        self._corpus = settings.corpus
        self._shelf = Shelf(settings.data)
        self._encoder = encoder or load_encoder(settings.model)
        self._stance = stance
        if stance is None and encoder is None:
            self._stance = load_stance_model(settings.stance_model, settings.data)
        self._lock = threading.Lock()
        self._advisor: Advisor | None = None
        self._refused: str | None = None

    @property
    def advisor(self) -> Advisor:
        """The advisor over the snapshot that answers now; follows builds of other processes.

        Raises:
            SnapshotError: There is no usable index; the message says what to do.
        """
        with self._lock:
            name = self._shelf.current_name()
            if self._advisor is None or name not in (self._advisor.snapshot.name, self._refused):
                self._advisor = self._opened(name)
            return self._advisor

    def warm_up(self) -> None:
        """Answer once, so that nobody waits for what is loaded at the first question.

        Raises:
            SnapshotError: There is no usable index.
        """
        advisor = self.advisor
        motions = (debate.motion.in_language("en") for debate in advisor.snapshot.agenda.debates)
        advisor.advise(next(motions, _FIRST_QUESTION))

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

        Raises:
            AudiaturError: It could not be built.
        """
        try:
            if not is_stale(self._corpus, self.advisor.snapshot, self._stance):
                return None
        except SnapshotError as error:
            logger.info("building: %s", error)
        return self.rebuild(progress)

    def _opened(self, name: str | None) -> Advisor:
        """Open the current snapshot; keep answering from the old one if the new is unusable."""
        try:
            snapshot = self._shelf.open_current()
            return Advisor(snapshot, self._encoder, self._adapted, self._stance)
        except SnapshotError:
            if self._advisor is None:
                raise
            logger.exception("the new index cannot be used; the old one keeps answering")
            self._refused = name
            return self._advisor
