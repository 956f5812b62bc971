"""Lays what persons decided since the last build over a snapshot's labels: no build is needed."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.corpus.records import Document
from index.debates.anchoring import anchor_labels, settle
from index.debates.loading import labelled_by
from index.debates.records import CURATED, PERSON, Anchored, Label, trust
from index.debates.review import REVIEW_FOLDER, SET_ASIDE, decided_label, read_review
from index.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from index.debates.review import Suggestion
    from index.storage.protocol import Snapshot

logger = logging.getLogger(__name__)

Signature = tuple[int, int, int]
"""When a file was written, how long it is, and which file it is."""


@dataclass(slots=True)
class Decisions:
    """The review files of a corpus; a file is read again only where it has changed."""

    corpus: Path
    _seen: dict[Path, Signature] = field(default_factory=dict)
    _spans: dict[Path, tuple[Signature, list[Suggestion]]] = field(default_factory=dict)

    def changed(self) -> bool:
        """Tell whether a file has changed, come or gone since this was asked the last time."""
        now = _signatures(self.corpus / REVIEW_FOLDER)
        before, self._seen = self._seen, now
        return now != before

    def over(self, snapshot: Snapshot) -> Snapshot:
        """Return the snapshot with the labels that hold now; itself where nothing differs.

        A decided span takes the place of whatever a model made of it, "none" removes that, and
        what was decided before the build and taken back since is the model's again. A file that
        cannot be read counts as if it said nothing new, which the log tells.
        """
        spans = self._read({debate.id for debate in snapshot.agenda.debates})
        labels = _laid_over(snapshot, spans, self.corpus)
        if set(labels) == set(snapshot.labels):
            return snapshot
        return snapshot.with_labels(labels)

    def _read(self, debates: set[str]) -> dict[str, list[Suggestion]]:
        """Return the spans of the review files, by debate."""
        found: dict[str, list[Suggestion]] = {}
        for path, signature in _signatures(self.corpus / REVIEW_FOLDER).items():
            known = self._spans.get(path)
            if path.stem in debates and (known is None or known[0] != signature):
                known = signature, self._read_file(path, known[1] if known else [])
                self._spans[path] = known
            if path.stem in debates and known:
                found[path.stem] = known[1]
        return found

    def _read_file(self, path: Path, before: list[Suggestion]) -> list[Suggestion]:
        try:
            return read_review(path)
        except (CorpusError, OSError) as error:
            logger.warning("decisions cannot be read: %s", error)
            return before


def _signatures(folder: Path) -> dict[Path, Signature]:
    found: dict[Path, Signature] = {}
    for path in sorted(folder.glob("[!.]*.toml")):
        try:
            stat = path.stat()
        except OSError:
            continue
        found[path] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    return found


def _laid_over(
    snapshot: Snapshot, spans: Mapping[str, Sequence[Suggestion]], corpus: Path
) -> tuple[Anchored, ...]:
    """Return the labels that hold now, more trusted ones in place of those that they overlap."""
    kept = _without_former(snapshot.labels, spans, corpus)
    held = {(one.label.subject, one.label.document, one.label.quote) for one in kept}
    given, aside, again = [], [], []
    for debate, suggestions in spans.items():
        for one in suggestions:
            if one.side == SET_ASIDE:
                aside.append(decided_label(debate, one))
            elif one.decided:
                given.append(decided_label(debate, one))
            elif _was_decided(snapshot, debate, one) and (debate, *one.place) not in held:
                again.append(_suggested(debate, one))
    documents = _documents(snapshot, {label.document for label in (*given, *aside, *again)})
    decided, _gone = anchor_labels(given, documents)
    returned, _gone = anchor_labels(again, documents)
    gone, _gone = anchor_labels(aside, documents)
    return _without(settle([*kept, *decided, *returned]), gone)


def _without_former(
    labels: Iterable[Anchored], spans: Mapping[str, Sequence[Suggestion]], corpus: Path
) -> list[Anchored]:
    """Return the labels but for decisions, and for what models say in words that are decided on.

    Decisions that still hold are in the review files. A debate's own file may name a "person",
    too; such labels stay.
    """
    filed = {(debate, *one.place): one for debate, several in spans.items() for one in several}
    owners: dict[str, bool] = {}

    def is_former(label: Label) -> bool:
        known = filed.get((label.subject, label.document, label.quote))
        if label.by != PERSON:
            return known is not None and known.decided and is_suggested(label)
        if known:
            return True
        if label.subject not in owners:
            owners[label.subject] = _says_person(corpus, label.subject)
        return not owners[label.subject]

    return [one for one in labels if not is_former(one.label)]


def _says_person(corpus: Path, debate: str) -> bool:
    """Tell whether a debate's own file names a "person"; one that cannot be read may."""
    try:
        return labelled_by(corpus, debate) == PERSON
    except (CorpusError, OSError):
        return True


def _without(labels: Iterable[Anchored], aside: Iterable[Anchored]) -> tuple[Anchored, ...]:
    """Return the labels but for what models say of spans that concern the debate in no way."""
    places: defaultdict[tuple[str, str], list[Anchored]] = defaultdict(list)
    for one in aside:
        places[one.label.subject, one.label.document].append(one)

    def stays(one: Anchored) -> bool:
        here = places[one.label.subject, one.label.document]
        return not is_suggested(one.label) or not any(one.span.overlaps(o.span) for o in here)

    return tuple(one for one in labels if stays(one))


def is_suggested(label: Label) -> bool:
    """Tell whether a label is a model's, whom a person has not confirmed."""
    return trust(label.by, label.certainty) > trust(CURATED)


def _was_decided(snapshot: Snapshot, debate: str, one: Suggestion) -> bool:
    place = (debate, *one.place, PERSON)
    return any(
        place == (label.subject, label.document, label.quote, label.by)
        for label in (anchored.label for anchored in snapshot.labels)
    )


def _suggested(debate: str, one: Suggestion) -> Label:
    return Label(
        debate, one.document, one.quote, one.suggested, one.by, certainty=min(one.certainty, 0.99)
    )


def _documents(snapshot: Snapshot, names: set[str]) -> dict[str, Document]:
    """Return documents as the snapshot knows them; what it does not know is missing."""
    if not names:
        return {}
    passages = defaultdict(list)
    for stored in snapshot.records.all_passages():
        passages[stored.passage.document].append(stored.passage)
    records = snapshot.records
    return {
        entry.id: Document(
            entry.id, records.whole_text(entry.id), entry.card, "", (), tuple(passages[entry.id])
        )
        for entry in records.documents()
        if entry.id in names
    }
