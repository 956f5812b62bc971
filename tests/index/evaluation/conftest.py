"""Answers made by hand, and an advisor that gives them."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from index.answering.advice import Advice, Excerpt, SideOfAnswer, Stance
from index.debates.loading import Agenda
from index.debates.records import Debate, Localised, Side, Topic
from index.evaluation.parts import Folders
from index.questions.lexicon import read_form
from index.questions.reading import Polarity, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from index.answering.advisor import Advisor

    Place = tuple[str, int, int]
    Places = Sequence[Place]


def _debate(name: str, *inherits: str) -> Debate:
    sides = {side: Localised({"en": f"{name} {side}"}) for side in (Side.YES, Side.NO)}
    return Debate(name, Localised({"en": name}), sides, inherits)


LEAVE, LEAVE_B2B, AGENCY = _debate("leave"), _debate("leave-b2b", "leave"), _debate("agency")
DEBATES = {debate.id: debate for debate in (LEAVE, LEAVE_B2B, AGENCY)}


class Planted:
    """Makes answers of places `(document, start, end)`, and an advisor that gives them."""

    agenda = Agenda(tuple(DEBATES.values()))

    def excerpts(self, *places: Place) -> tuple[Excerpt, ...]:
        return tuple(
            Excerpt("x" * (end - start), document, None, None, None, None, start, end, 0.9)
            for document, start, end in places
        )

    def sided(
        self, debate: str, yes: Places = (), no: Places = (), *, reverse: bool = False
    ) -> Advice:
        """Return an answer whose sides are `yes` and `no` to the question as it was asked."""
        known = DEBATES[debate]
        order = (Side.NO, Side.YES) if reverse else (Side.YES, Side.NO)
        sides = tuple(
            SideOfAnswer(stance, known.sides[side], self.excerpts(*places))
            for stance, side, places in zip(Stance, order, (yes, no), strict=True)
        )
        return Advice("?", "en", answered=True, debate=known, sides=sides)

    def background(self, topic: str, *places: Place) -> Advice:
        about = Topic(topic, Localised({"en": topic}))
        shown = self.excerpts(*places)
        return Advice("?", "en", answered=True, topic=about, background=shown)

    def silent(self) -> Advice:
        return Advice("?", "en", answered=False)

    def read_as(self, debate: str | None, polarity: Polarity | None = None) -> Reading:
        return Reading("en", read_form("?", None), None, debate, debate, polarity)

    def advisor(
        self, answers: Mapping[str, Advice], readings: Mapping[str, Reading] | None = None
    ) -> Advisor:
        fake = SimpleNamespace(
            snapshot=SimpleNamespace(agenda=self.agenda),
            advise=answers.__getitem__,
            read=(readings or {}).__getitem__,
            encoder=SimpleNamespace(fingerprint="planted", encode_passages=None),
            stance=None,
        )
        return cast("Advisor", fake)


@pytest.fixture
def planted() -> Planted:
    return Planted()


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Return folders of which only `evals` is there."""
    evals = tmp_path / "evals"
    evals.mkdir()
    return Folders(evals, tmp_path / "shared", tmp_path / "corpus", tmp_path / "data")


@pytest.fixture
def write_lines(folders: Folders) -> Callable[..., Path]:
    """Return a function that writes a file of one JSON object a line into `evals`."""

    def write(name: str, *lines: dict[str, Any]) -> Path:
        path = folders.evals / name
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        return path

    return write
