"""Suggestions that a person decides on: `review/<debate>.toml`, one block a span.

A model's suggestions are written there in the order of the documents, so that a new run changes
few lines. A person fills in `side`; what is decided stays, and counts as a label by a person.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.debates.escaping import in_comment, quoted
from index.debates.records import GIVEN_SIDES, PERSON, Label, Side
from index.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from index.debates.records import Debate

REVIEW_FOLDER = "review"
SET_ASIDE = "none"
"""What a person writes for a span that does not concern the debate."""
_REPORTED = "-reported"
_CHOICES = ("", SET_ASIDE, *GIVEN_SIDES, *(f"{side}{_REPORTED}" for side in GIVEN_SIDES[:2]))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A span, what a model makes of it, and the side that a person decided on, empty till then."""

    document: str
    quote: str
    suggested: Side
    certainty: float
    by: str
    side: str = ""

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
            if one.side == SET_ASIDE:
                quote = (one.document, one.quote)
                aside.append(Label(path.stem, *quote, Side.BACKGROUND, PERSON))
            elif one.decided:
                side = Side(one.side.removesuffix(_REPORTED))
                reported = one.side.endswith(_REPORTED)
                labels.append(Label(path.stem, one.document, one.quote, side, PERSON, reported))
    return tuple(labels), tuple(aside)


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
    kept = {(one.document, one.quote): one for one in read_review(path) if one.decided}
    merged = {(one.document, one.quote): one for one in suggestions} | kept
    path.parent.mkdir(exist_ok=True)
    in_order = sorted(merged.values(), key=lambda one: one.document)
    blocks = [_introduction(debate), *map(_block, in_order)]
    part = path.with_suffix(".part")
    part.write_text("\n".join(blocks), encoding="utf-8")
    part.replace(path)
    return path, sum(1 for one in merged.values() if not one.decided)


def _suggestion(path: Path, entry: dict[str, Any]) -> Suggestion:
    side = entry["side"]
    if side not in _CHOICES:
        known = ", ".join(choice for choice in _CHOICES if choice)
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
    )


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
    return (
        f"[[span]]\ndocument = {quoted(one.document)}\nquote = {quoted(one.quote)}\n"
        f"suggested = {quoted(one.suggested)}\ncertainty = {one.certainty:.2f}\n"
        f"by = {quoted(one.by)}\nside = {quoted(one.side)}\n"
    )
