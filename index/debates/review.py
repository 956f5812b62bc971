"""Suggestions that a person decides on: `review/<debate>.toml`, one block a span.

A model's suggestions are written there in the order of the documents, so that a new run changes
few lines. A person fills in `side`, in an editor or through the bot, which adds who and when; what
is decided stays, and counts as a label by a person. Whoever writes holds a lock on the folder.
"""

from __future__ import annotations

import fcntl
import os
import tomllib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from index.debates.escaping import in_comment, quoted
from index.debates.records import GIVEN_SIDES, PERSON, Label, Side
from index.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from index.debates.records import Debate

REVIEW_FOLDER = "review"
SET_ASIDE = "none"
"""What a person writes for a span that does not concern the debate."""
_REPORTED = "-reported"
DECISIONS = (SET_ASIDE, *GIVEN_SIDES, *(f"{side}{_REPORTED}" for side in GIVEN_SIDES[:2]))
"""What a person can fill in for a span."""
_SUREST = 0.99
"""No model is certain: written with two digits it must not look so."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A span, what a model makes of it, and the side that a person decided on, empty till then.

    Who decided, and when, is known of decisions made through the bot: `decided_by` is the person's
    number there.
    """

    document: str
    quote: str
    suggested: Side
    certainty: float
    by: str
    side: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None

    @property
    def place(self) -> tuple[str, str]:
        """What tells spans of one debate apart."""
        return self.document, self.quote

    @property
    def decided(self) -> bool:
        """Whether a person has filled in a side."""
        return bool(self.side)


def read_decisions(
    corpus: Path, debates: Collection[str]
) -> tuple[tuple[Label, ...], tuple[Label, ...]]:
    """Return the labels that persons gave in review files, and the spans that they set aside.

    Raises:
        CorpusError: A file cannot be read, or belongs to no debate; the message names it.
    """
    labels: list[Label] = []
    aside: list[Label] = []
    for path in sorted((corpus / REVIEW_FOLDER).glob("[!.]*.toml")):
        if path.stem not in debates:
            raise CorpusError(
                f"{path}: there is no debate {path.stem!r}; rename or remove the file"
            )
        for one in read_review(path):
            if one.decided:
                kind = aside if one.side == SET_ASIDE else labels
                kind.append(decided_label(path.stem, one))
    return tuple(labels), tuple(aside)


def decided_label(debate: str, one: Suggestion) -> Label:
    """Return a person's decision as a label; of a span set aside, a label that marks its place."""
    side = one.side.removesuffix(_REPORTED)
    given = Side.BACKGROUND if side == SET_ASIDE else Side(side)
    return Label(debate, one.document, one.quote, given, PERSON, one.side.endswith(_REPORTED))


def read_review(path: Path) -> list[Suggestion]:
    """Return the spans of a review file; none if there is no file.

    Raises:
        CorpusError: The file is not what `write_review` writes; the message says where.
    """
    if not path.exists():
        return []
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return [_suggestion(path, entry) for entry in content.get("span", [])]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: not valid TOML ({error}); mend it and reindex") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CorpusError(
            f"{path}: a [[span]] needs document, quote, suggested, certainty, by, side ({error})"
        ) from error


def review_file(corpus: Path, debate: Debate) -> Path:
    """Return where a debate's suggestions stand, or would."""
    return corpus / REVIEW_FOLDER / f"{debate.id}.toml"


def write_review(
    corpus: Path, debate: Debate, suggestions: Iterable[Suggestion]
) -> tuple[Path, int]:
    """Write a debate's suggestions beside what is decided already.

    Decisions stay; what nobody decided and no model suggests any longer goes. Return the file and
    how many spans wait for a decision.
    """
    path = review_file(corpus, debate)
    with _writing(path.parent):
        kept = {one.place: one for one in read_review(path) if one.decided}
        merged = {one.place: one for one in suggestions} | kept
        _write(path, debate, tuple(merged.values()))
    return path, sum(1 for one in merged.values() if not one.decided)


def exchange_span(
    corpus: Path, debate: Debate, before: Suggestion | None, after: Suggestion | None
) -> bool:
    """Replace what a review file says of one span, `None` for nothing, if it still says `before`.

    A file that says nothing any more goes. Return whether it was replaced: if not, somebody else
    has decided meanwhile, and their word stays.

    Raises:
        CorpusError: The file cannot be read; it stays as it is.
        OSError: The folder cannot be written to.
        ValueError: Both are `None`, or they are different spans.
    """
    places = {one.place for one in (before, after) if one}
    if len(places) != 1:
        raise ValueError("before and after must be one span")
    path = review_file(corpus, debate)
    with _writing(path.parent):
        spans = {one.place: one for one in read_review(path)}
        (place,) = places
        if spans.get(place) != before:
            return False
        if after:
            spans[place] = after
        else:
            del spans[place]
        _write(path, debate, tuple(spans.values()))
    return True


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, so that what two people write at once is kept of both."""
    folder.mkdir(exist_ok=True)
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _write(path: Path, debate: Debate, spans: Sequence[Suggestion]) -> None:
    """Write a file in one step; a kill at any moment leaves the old one or the new one."""
    if not spans:
        path.unlink(missing_ok=True)
        return
    in_order = sorted(spans, key=lambda one: one.document)
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        file.write("\n".join([_introduction(debate), *map(_block, in_order)]))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _suggestion(path: Path, entry: dict[str, Any]) -> Suggestion:
    side = entry["side"]
    if side not in ("", *DECISIONS):
        known = ", ".join(DECISIONS)
        raise CorpusError(
            f"{path}: side = {side!r} is none of {known}; leave it empty to decide later"
        )
    return Suggestion(
        str(entry["document"]),
        str(entry["quote"]),
        Side(entry["suggested"]),
        float(entry["certainty"]),
        str(entry["by"]),
        side,
        str(entry.get("decided_by", "")),
        _moment(entry.get("decided_at")),
    )


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise TypeError(f"decided_at = {value!r} is no time; write 2026-11-22T09:30:00Z")
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _introduction(debate: Debate) -> str:
    sides = " · ".join(
        f"{side}: {debate.sides[side].in_language('en')}" for side in (Side.YES, Side.NO)
    )
    return (
        f"# {in_comment(debate.motion.in_language('en'))}\n# {in_comment(sides)}\n"
        f"# A model suggests, a person decides. Fill in side: yes, no, background, yes-reported,\n"
        f"# no-reported, or none if the span does not concern this debate. Empty: not decided.\n"
    )


def _block(one: Suggestion) -> str:
    lines = [
        "[[span]]",
        f"document = {quoted(one.document)}",
        f"quote = {quoted(one.quote)}",
        f"suggested = {quoted(one.suggested)}",
        f"certainty = {min(one.certainty, _SUREST):.2f}",
        f"by = {quoted(one.by)}",
        f"side = {quoted(one.side)}",
    ]
    if one.decided_by:
        lines.append(f"decided_by = {quoted(one.decided_by)}")
    if one.decided_at:
        lines.append(f"decided_at = {one.decided_at:%Y-%m-%dT%H:%M:%SZ}")
    return "\n".join(lines) + "\n"
