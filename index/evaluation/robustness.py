"""Part "robustness": does an answer change with the language of the question, or with typos?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.evaluation.bootstrap import clustered
from index.evaluation.jsonl import read_lines
from index.evaluation.parts import Part, PartResult, not_there
from index.evaluation.places import answered_alike, overlaps
from index.evaluation.tables import Grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.answering.advice import Advice
    from index.answering.advisor import Advisor
    from index.evaluation.parts import Folders

FILE = "robustness.jsonl"
_BASE = "de"
_NAMES = {
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "tr": "Turkish",
    "nl": "Dutch",
    "typos": "German, mistyped",
}
_COLUMNS = ("asked in", "overlap with the German answer", "answered alike", "asked")


@dataclass(frozen=True, slots=True)
class SameQuestion:
    """One German question and the same in other words, by language and under `typos`."""

    id: str
    base: str
    variants: Mapping[str, tuple[str, ...]]


def run(advisor: Advisor, folders: Folders) -> PartResult:
    """Compare the answer to each variant with that to the German question."""
    path = folders.evals / FILE
    if not path.is_file():
        return PartResult(absent=(not_there(FILE, "evals"),))
    answers = [
        (
            advisor.advise(question.base),
            {
                name: [advisor.advise(text) for text in texts]
                for name, texts in question.variants.items()
            },
        )
        for question in read_lines(path, _question)
    ]
    rows = {
        shown: _row([(base, variants[name]) for base, variants in answers])
        for name, shown in _NAMES.items()
    }
    return PartResult((Grid("other languages and typos", _COLUMNS, rows),))


def _row(pairs: Sequence[tuple[Advice, Sequence[Advice]]]) -> tuple[Any, ...]:
    shared = [
        [value for variant in variants for value in overlaps(base, variant)]
        for base, variants in pairs
    ]
    alike = [
        [float(answered_alike(base, variant)) for variant in variants] for base, variants in pairs
    ]
    found = clustered(shared) if any(shared) else None
    return found, clustered(alike), sum(map(len, alike))


def _question(content: dict[str, Any]) -> SameQuestion:
    variants = {name: _texts(content[name]) for name in _NAMES}
    return SameQuestion(content["id"], content[_BASE], variants)


def _texts(content: str | list[str]) -> tuple[str, ...]:
    return (content,) if isinstance(content, str) else tuple(content)


PART = Part(
    "robustness",
    "The same question in other languages and with typos",
    "Each answer is compared with that to the German question: overlap is the Jaccard index of the "
    "code points shown on each side (of the background, where no sides are shown).",
    run,
)
