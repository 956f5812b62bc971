"""Everything that this library raises on purpose.

::

    AudiaturError
    ├── CorpusError          a document, catalogue or debate file that cannot be used
    │   └── DocumentError        one document, with the remark that says why
    ├── ModelError           an encoder that cannot be loaded
    ├── BuildInProgress      another process is building in the same place
    ├── BuildCancelled       somebody asked a build to stop
    ├── DatabaseUnavailable  PostgreSQL does not answer, or takes no writes
    ├── SchemaMismatch       its tables are those of another version
    └── SnapshotError        an index on disk that cannot answer
        ├── SnapshotMissing      there is none yet
        ├── SnapshotMismatch     made by another model or format
        └── SnapshotDamaged      its parts disagree

Each message is one line and says what to do. What a caller did wrong is a `ValueError`.
"Nothing found" is a result, not an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.corpus.remarks import Remark


class AudiaturError(Exception):
    """Root of the tree."""


class CorpusError(AudiaturError):
    """A document, the catalogue or a debate file cannot be used."""


class DocumentError(CorpusError):
    """A document, or a line of a file of documents, cannot be used; `remark` says why."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(str(remark))
        self.remark = remark


class ModelError(AudiaturError):
    """The encoder cannot be loaded."""


class SnapshotError(AudiaturError):
    """An index on disk cannot answer."""


class SnapshotMissing(SnapshotError):
    """No snapshot has been built yet."""


class SnapshotMismatch(SnapshotError):
    """The snapshot was made by another model or another format of ours."""


class SnapshotDamaged(SnapshotError):
    """The snapshot's parts disagree with its manifest or with each other."""


class BuildInProgress(AudiaturError):
    """Another process is building an index in the same place."""


class BuildCancelled(AudiaturError):
    """A build was asked to stop; the index that answered before still does."""


class DatabaseUnavailable(AudiaturError):
    """PostgreSQL cannot be reached, or not for writing."""


class SchemaMismatch(AudiaturError):
    """The database's tables are those of an older or a newer version of ours."""
