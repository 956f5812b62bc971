"""Reads what the stance model learns from: two English sources, and our own motions."""

from __future__ import annotations

import csv
import json
import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from debates import TrainingDebate, asked_debates, debates_like, read_debates

from index.debates.loading import read_agenda
from index.debates.records import Side
from index.stance.protocol import SIDES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.debates.loading import Agenda

FOR, AGAINST, NEITHER = range(len(SIDES))
_ASKED = re.compile(
    r"^(?P<before>[^,]{2,80}?)\s(?P<verb>soll|sollte|sollten|sollen|muss|müssen|darf|dürfen|kann|"
    r"ist|sind|hat|haben|should|must|is|are|can|ought)\s(?P<after>.+?)[.!]?$",
    re.IGNORECASE,
)


UNSEEN = ("employees", "fan-count", "openness", "real-life", "sales-channel")
"""Debates of `seeds/` that are kept back to report on; those of `training/reading.py`."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A motion, a text, the right column of `SIDES`, and the debate where a corpus has one."""

    motion: str
    text: str
    column: int
    debate: str | None = None


class Sources:
    """All that is learned from and reported on; `data` holds the English sources."""

    def __init__(self, root: Path, data: Path) -> None:
        agenda = read_agenda(root / "seeds")
        self._perspectrum = read_perspectrum(data / "perspectrum", "train")
        self._argkp = read_argkp(data / "argkp2021", "train")
        self._plain = _pairs(debates_like("plain_*.jsonl"))
        self._further = _pairs(debates_like("further_*.jsonl"))
        self._indirect = _pairs(debates_like("indirect_*.jsonl"))
        _, kept_back = asked_debates()
        self._labels = read_corpus_labels(agenda)
        self._questions = read_questions(agenda)
        self._reporting = {
            "unseen German motions": _pairs(read_debates(root / "evals/stance.jsonl")),
            "the same, indirect texts": _pairs(read_debates(root / "evals/stance-indirect.jsonl")),
            "debates kept back, texts": _pairs(kept_back),
            "debates kept back, questions": _questions(kept_back),
            "perspectrum dev": read_perspectrum(data / "perspectrum", "dev")[:600],
            "argkp dev": read_argkp(data / "argkp2021", "dev")[:600],
            "unseen debates, labels": [p for p in self._labels if p.debate in UNSEEN],
            "unseen debates, questions": [p for p in self._questions if p.debate in UNSEEN],
        }

    def draw(self) -> list[Pair]:
        """Return the pairs of one epoch: all of our own, and another part of what abounds."""
        english = random.sample(self._perspectrum, 5000) + random.sample(self._argkp, 1500)
        labels = [pair for pair in self._labels if pair.debate not in UNSEEN]
        asked = random.sample(self._questions_seen(), 1500)
        own = self._indirect + labels
        beside = [*beside_the_point(english, 0.12), *beside_the_point(own, 0.08)]
        return [*english, *own, *asked, *beside, *beside_the_point(asked, 0.2)]

    def draw_plain(self, *, further: bool = False) -> list[Pair]:
        """Return the pairs of one epoch of the second part, or of its second round."""
        plain = [*self._plain, *self._further] if further else self._plain
        english = random.sample(self._perspectrum, 2000) + random.sample(self._argkp, 600)
        labels = [pair for pair in self._labels if pair.debate not in UNSEEN]
        others = random.sample(self._indirect, 800) + random.sample(self._questions_seen(), 300)
        return [*english, *plain, *labels, *others, *beside_the_point(plain, 0.1)]

    def _questions_seen(self) -> list[Pair]:
        return [pair for pair in self._questions if pair.debate not in UNSEEN]

    def reporting(self) -> dict[str, list[Pair]]:
        """Return by name what nothing is trained on."""
        return self._reporting


def read_perspectrum(folder: Path, split: str) -> list[Pair]:
    """Return claims and perspectives of a split (Chen et al. 2019, CC BY-SA 4.0)."""
    splits = _json(folder / "dataset_split_v1.0.json")
    pool = {entry["pId"]: entry["text"] for entry in _json(folder / "perspective_pool_v1.0.json")}
    columns = {"SUPPORT": FOR, "UNDERMINE": AGAINST}
    return [
        Pair(claim["text"], pool[number], columns[cluster["stance_label_3"].upper()])
        for claim in _json(folder / "perspectrum_with_answers_v1.0.json")
        if splits[str(claim["cId"])] == split
        for cluster in claim["perspectives"]
        if cluster["stance_label_3"].upper() in columns
        for number in cluster["pids"]
    ]


def read_argkp(folder: Path, split: str) -> list[Pair]:
    """Return motions and arguments (Bar-Haim et al. 2020, CDLA-Sharing-1.0)."""
    columns = {"1": FOR, "-1": AGAINST}
    with (folder / "kpm_data" / f"arguments_{split}.csv").open(encoding="utf-8") as file:
        return [
            Pair(row["topic"], row["argument"].strip("` "), columns[row["stance"]])
            for row in csv.DictReader(file)
        ]


def read_corpus_labels(agenda: Agenda) -> list[Pair]:
    """Return the curated labels of a corpus, with each motion in each of its languages."""
    motions = {debate.id: debate.motion.texts.values() for debate in agenda.debates}
    return [
        Pair(motion, label.quote, SIDES.index(label.side), label.subject)
        for label in agenda.labels
        if not label.reported and label.side in SIDES
        for motion in motions.get(label.subject, ())
    ]


def read_questions(agenda: Agenda) -> list[Pair]:
    """Return example questions: to ask for a motion is to speak for it."""
    return [
        Pair(random.choice(list(debate.motion.texts.values())), text, SIDES.index(side), debate.id)
        for debate in agenda.debates
        for side in (Side.YES, Side.NO)
        for text in debate.examples.get(side, ())
    ]


def beside_the_point(pairs: Sequence[Pair], share: float) -> list[Pair]:
    """Return texts put beside other motions, where they take neither side."""
    drawn = random.sample(list(pairs), int(share * len(pairs)))
    moved = [(random.choice(pairs), pair) for pair in drawn]
    return [
        Pair(other.motion, pair.text, NEITHER)
        for other, pair in moved
        if (other.debate or other.motion) != (pair.debate or pair.motion)
    ]


def _pairs(debates: Sequence[TrainingDebate]) -> list[Pair]:
    """Return motions and texts of our own debates."""
    return [
        Pair(debate.motion, text, column)
        for debate in debates
        for column, texts in enumerate((debate.texts_for, debate.texts_against, debate.neither))
        for text in texts
    ]


def _questions(debates: Sequence[TrainingDebate]) -> list[Pair]:
    """Return motions and questions: to ask for a motion is to speak for it."""
    return [
        Pair(debate.motion, text, column)
        for debate in debates
        for column, texts in enumerate((debate.asks_for, debate.asks_against))
        for text in texts
    ]


def as_question(motion: str) -> str:
    """Return a motion put as a yes/no question, where a simple rule can; else unchanged."""
    found = _ASKED.match(motion)
    if not found or "?" in motion:
        return motion
    subject = found["before"]
    subject = subject if subject.split()[0] not in _ARTICLES else subject[0].lower() + subject[1:]
    verb = found["verb"]
    return f"{verb[0].upper()}{verb[1:]} {subject} {found['after']}?"


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


_ARTICLES = frozenset(
    "Der Die Das Den Dem Ein Eine Wir Es Man Jeder Alle We The A An All Every It".split()  # noqa: SIM905
)
