"""Reads a corpus' debates and topics: `debates/*.toml`, `topics/*.toml`, and example questions.

A corpus may have none of them. One file holds one subject, so that a change diffs well and two
people can work side by side.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from index.debates.records import CURATED, GIVEN_SIDES, Debate, Label, Localised, Side, Topic
from index.debates.review import read_decisions
from index.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    Asked = dict[str, tuple[str, ...]]
    """Questions on a subject, by the side that they ask for, or open ones."""

DEBATES_FOLDER = "debates"
TOPICS_FOLDER = "topics"
QUESTIONS_FILE = "questions.toml"
QUESTIONS_FOLDER = "questions"
"""Example questions in unusual words, a file for whatever they have in common."""
NOT_COVERED = "not-covered"
_EXCHANGED_STEP = 3
_NAME = re.compile(r"[a-z0-9-]{1,48}")


@dataclass(frozen=True, slots=True)
class Agenda:
    """All that a corpus knows beyond its documents.

    `not_covered` are questions in the corpus' own words that its documents do not answer; they
    teach when to be silent. `set_aside` are spans that a person found to concern a debate in no
    way: no model suggests them again.
    """

    debates: tuple[Debate, ...] = ()
    topics: tuple[Topic, ...] = ()
    labels: tuple[Label, ...] = ()
    not_covered: tuple[str, ...] = ()
    set_aside: tuple[Label, ...] = ()


def read_agenda(corpus: Path) -> Agenda:
    """Return the corpus' debates (those with most labels first), topics and labels.

    Raises:
        CorpusError: A file cannot be parsed or lacks something; the message names it.
    """
    asked_in = _question_files(corpus)
    usual = corpus / QUESTIONS_FILE
    examples = asked_in.get(usual, {})
    further = _joined(asked for path, asked in asked_in.items() if path != usual)
    debates: list[Debate] = []
    topics: list[Topic] = []
    labels: list[Label] = []
    for path in sorted((corpus / DEBATES_FOLDER).glob("[!.]*.toml")):
        content = _parse(path)
        if not _NAME.fullmatch(path.stem):
            raise CorpusError(f"{path}: name it with a-z, 0-9 and -, at most 48 characters")
        asked = [each.get(path.stem, {}) for each in (examples, further)]
        debates.append(_debate(path, content, *asked))
        labels.extend(_labels(path, content, allowed=set(GIVEN_SIDES)))
    for path in sorted((corpus / TOPICS_FOLDER).glob("[!.]*.toml")):
        content = _parse(path)
        opening = [each.get(path.stem, {}).get("open", ()) for each in (examples, further)]
        title = _localised(path, content, "title")
        topics.append(Topic(path.stem, title, tuple(chain.from_iterable(opening))))
        labels.extend(_labels(path, content, allowed={Side.BACKGROUND}))
    not_covered = _not_covered(examples.pop(NOT_COVERED, {}), examples)
    _check(debates, topics, asked_in)
    decided, set_aside = read_decisions(corpus, {debate.id for debate in debates})
    labels.extend(decided)
    weight = Counter(label.subject for label in labels)
    debates.sort(key=lambda debate: (-weight[debate.id], debate.id))
    return Agenda(tuple(debates), tuple(topics), tuple(labels), not_covered, set_aside)


def labelled_by(corpus: Path, debate: str) -> str:
    """Return who gave the labels of a debate's own file, `CURATED` where it does not say.

    Raises:
        CorpusError: The file cannot be parsed.
    """
    path = corpus / DEBATES_FOLDER / f"{debate}.toml"
    return str(_parse(path).get("by", CURATED)) if path.exists() else CURATED


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: not valid TOML ({error}); mend it and reindex") from error


def _question_files(corpus: Path) -> dict[Path, dict[str, Asked]]:
    """Return the example questions of each file."""
    paths = [corpus / QUESTIONS_FILE, *sorted((corpus / QUESTIONS_FOLDER).glob("[!.]*.toml"))]
    return {path: _read_examples(path) for path in paths if path.exists()}


def _joined(parts: Iterable[Mapping[str, Asked]]) -> dict[str, Asked]:
    """Return the questions of several files, by subject and by what they ask for."""
    joined: defaultdict[str, Asked] = defaultdict(dict)
    for part in parts:
        for subject, lists in part.items():
            for asked, questions in lists.items():
                before = joined[subject].get(asked, ())
                joined[subject][asked] = tuple(dict.fromkeys((*before, *questions)))
    return dict(joined)


def _read_examples(path: Path) -> dict[str, Asked]:
    return {
        subject: {
            asked: _texts(path, f"{asked} of [{subject}]", questions)
            for asked, questions in _table(path, f"[{subject}]", lists).items()
        }
        for subject, lists in _parse(path).items()
    }


def _not_covered(given: Asked, examples: Mapping[str, Asked]) -> tuple[str, ...]:
    """Return the questions given as not covered, and ours asked of other subjects.

    "Should we leave Facebook?" teaches little if "Should we leave NATO?" is not seen beside it.
    Of the exchanged questions every third is kept: they differ in nothing but a name.
    """
    subjects, others = given.get("subjects", ()), given.get("others", ())
    if not subjects or not others:
        return given.get("open", ())
    longest_first = sorted(subjects, key=len, reverse=True)
    named = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)
    asked = [text for lists in examples.values() for texts in lists.values() for text in texts]
    ours = [text for text in asked if named.search(text)][::_EXCHANGED_STEP]
    exchanged = (named.sub(others[at % len(others)], text) for at, text in enumerate(ours))
    return (*given.get("open", ()), *exchanged)


def _debate(path: Path, content: Mapping[str, Any], asked: Asked, further: Asked) -> Debate:
    return Debate(
        id=path.stem,
        motion=_localised(path, content, "motion"),
        sides={side: _localised(path, content, side.value) for side in (Side.YES, Side.NO)},
        inherits=_texts(path, "inherits", content.get("inherits", [])),
        read=_texts(path, "read", content.get("read", [])),
        examples={side: asked.get(side.value, ()) for side in (Side.YES, Side.NO)},
        further={side: further.get(side.value, ()) for side in (Side.YES, Side.NO)},
    )


def _localised(path: Path, content: Mapping[str, Any], name: str) -> Localised:
    texts = content.get(name)
    if (
        not isinstance(texts, dict)
        or not texts
        or not all(isinstance(t, str) for t in texts.values())
    ):
        raise CorpusError(f'{path}: needs {name} = {{ de = "…", en = "…" }}')
    return Localised(texts)


def _texts(path: Path, name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise CorpusError(f'{path}: {name} should be a list of texts: ["…", "…"]')
    return tuple(value)


def _table(path: Path, name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CorpusError(f"{path}: {name} should be a table")
    return value


def _labels(path: Path, content: Mapping[str, Any], allowed: set[Side]) -> Iterator[Label]:
    by = content.get("by", CURATED)
    for document, sides in _table(path, "labels", content.get("labels", {})).items():
        for name, quotes in _table(path, f'[labels."{document}"]', sides).items():
            side, reported = _side(path, name)
            if side not in allowed:
                raise CorpusError(f"{path}: a topic has background labels only, not {name!r}")
            for quote in _texts(path, name, quotes):
                yield Label(path.stem, document, quote, side, by, reported)


def _side(path: Path, name: str) -> tuple[Side, bool]:
    stem, _, mark = name.partition("-")
    if mark in ("", "reported") and stem in set(GIVEN_SIDES):
        return Side(stem), bool(mark)
    raise CorpusError(f"{path}: unknown side {name!r}; use yes, no, yes-reported, … or background")


def _check(
    debates: list[Debate], topics: list[Topic], asked_in: Mapping[Path, Mapping[str, Asked]]
) -> None:
    known = {debate.id for debate in debates}
    for topic in topics:
        if topic.id in known:
            raise CorpusError(f"{topic.id} is a debate and a topic; rename one of the two files")
    for debate in debates:
        for parent in debate.inherits:
            if parent not in known:
                raise CorpusError(f"{debate.id} inherits from {parent!r}, which is no debate here")
    known |= {topic.id for topic in topics}
    for path, examples in asked_in.items():
        strangers = set(examples) - known
        if strangers:
            raise CorpusError(f"{path}: [{min(strangers)}] is neither a debate nor a topic")
