"""What the rest of the library asks of an index, wherever it is kept.

`index.storage.snapshot` keeps one in a folder, `index.storage.postgres.snapshot` in PostgreSQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from index.corpus.records import Card, Span
    from index.corpus.survey import SourceFile
    from index.debates.loading import Agenda
    from index.debates.records import Anchored
    from index.errors import SnapshotDamaged
    from index.guides.records import Guide, Guidebook, Interview
    from index.questions.classifier import QuestionClassifier
    from index.storage.baseline import Baseline
    from index.storage.manifest import Manifest
    from index.storage.records import Entry, Problem, Stored
    from index.storage.shelved import Shelved
    from index.storage.vectors import Rows, VectorStore
    from index.storage.words import Matches


class Records(Protocol):
    """Documents, passages, labels and what else is known; rows count from 0."""

    def documents(self) -> list[Entry]:
        """Return all documents in the order of their ids."""

    def card(self, document: str) -> Card:
        """Return what is known of a document."""

    def text(self, document: str, span: Span) -> str:
        """Return a span of a document's text."""

    def page_of(self, document: str, position: int) -> int | None:
        """Return the page, from 1, that holds a position; `None` where there are no pages."""

    def whole_text(self, document: str) -> str:
        """Return a document's text."""

    def passages(self, rows: Sequence[int]) -> list[Stored]:
        """Return the passages of these rows, in the order asked for."""

    def all_passages(self) -> list[Stored]:
        """Return every passage in row order."""

    def passage_at(self, document: str, ordinal: int) -> Stored | None:
        """Return the passage at a place of a document, `None` past either end."""

    def passages_of(self, document: str) -> int:
        """Return how many passages a document has."""

    def row_at(self, document: str, position: int) -> int:
        """Return the row of the passage that covers a position of a document."""

    def files(self) -> Iterator[SourceFile]:
        """Return the files that were read, in their order; none where that is not kept."""

    def agenda(self) -> Agenda:
        """Return the debates and topics."""

    def guidebook(self) -> Guidebook:
        """Return the guides and interviews that the corpus brings."""

    def labels(self) -> list[Anchored]:
        """Return all labels with their places."""

    def problems(self) -> list[Problem]:
        """Return what a person should look at."""

    def left_out(self) -> list[tuple[str, str, str]]:
        """Return `(document, kind, text)` of each block that is not indexed."""


class Words(Protocol):
    """Finds passages by the words that they share with a question."""

    @property
    def count(self) -> int:
        """How many passages are indexed."""

    def search(
        self, text: str, limit: int, among: Rows | None = None, language: str | None = None
    ) -> Matches:
        """Return up to `limit` rows that share words with `text`, best first by share.

        Only rows of `among` are found, where it is given; an empty one finds nothing. `language` is
        the question's, where it is known.
        """


class Sentences(Protocol):
    """The vectors of the sentences in half precision, `(M, D)`."""

    def __len__(self) -> int: ...

    def __getitem__(self, wanted: Any) -> NDArray[np.float16]:
        """Return the vectors under a slice, or of rows, `(n, D)`."""


class Snapshot(Protocol):
    """A finished index, opened to answer and never changed."""

    @property
    def name(self) -> str:
        """When it was made, as a name."""

    @property
    def pinned(self) -> bool:
        """Whether somebody went back to it."""

    @property
    def manifest(self) -> Manifest:
        """What it says of itself."""

    @property
    def passage_baseline(self) -> Baseline:
        """How similar unrelated questions are to the passages."""

    @property
    def sentence_baseline(self) -> Baseline:
        """How similar they are to the sentences."""

    @property
    def classifier(self) -> QuestionClassifier | None:
        """What was learned of questions; `None` for a corpus without debates and topics."""

    @property
    def records(self) -> Records:
        """Documents, passages and what else is known."""

    @property
    def vectors(self) -> VectorStore:
        """The passages' vectors."""

    @property
    def words(self) -> Words:
        """The passages' words."""

    @property
    def sentences(self) -> Sentences:
        """The sentences' vectors."""

    @property
    def agenda(self) -> Agenda:
        """The debates and topics."""

    @property
    def labels(self) -> tuple[Anchored, ...]:
        """All labels with their places."""

    @property
    def guidebook(self) -> Guidebook:
        """The guides and interviews that the corpus brings."""

    @property
    def guides(self) -> tuple[Guide, ...]:
        """The guides to walk through."""

    @property
    def interviews(self) -> tuple[Interview, ...]:
        """The interviews that weigh."""

    def with_labels(self, labels: tuple[Anchored, ...]) -> Snapshot:
        """Return the same with other labels."""

    def close(self) -> None:
        """Let go of it."""

    def check_planted(self) -> None:
        """Let stored vectors find themselves.

        Raises:
            SnapshotDamaged: One does not.
        """


class Shelf(Protocol):
    """Finds, publishes and prunes snapshots, in a folder or in a database."""

    @property
    def embeddings(self) -> Path:
        """Where vectors are kept by content and model."""

    @property
    def stances(self) -> Path:
        """Where a stance model's answers are kept by content and model."""

    def current_name(self) -> str | None:
        """Return the name of the snapshot that answers, `None` before the first build."""

    def open_current(
        self, when_skipped: Callable[[SnapshotDamaged], None] | None = None
    ) -> Snapshot:
        """Return the snapshot that answers.

        Raises:
            SnapshotMissing: There is none yet.
            SnapshotDamaged, SnapshotMismatch: It cannot be used, and no other one is to be.
        """

    def snapshots(self) -> list[Shelved]:
        """Return what is on the shelf, newest first."""

    def roll_back(self, to: str | None = None) -> str:
        """Let an older snapshot answer, the newest sound one or that named `to`; return its name.

        Raises:
            ValueError: There is no snapshot called `to`, or it answers already.
            SnapshotError: It cannot be used, or there is none to go back to.
            BuildInProgress: An index is being built.
        """

    def building(self) -> AbstractContextManager[None]:
        """Hold the builder's lock, so that two never build.

        Raises:
            BuildInProgress: Somebody else holds it.
        """

    def bases(self) -> list[Path]:
        """Return the folders of snapshots that a build may take over from, best first."""

    def workplace(self, name: str) -> Path:
        """Return the folder to build the snapshot `name` in, with what a killed build left."""

    def publish(self, workplace: Path) -> None:
        """Make a finished snapshot the one that answers."""
