"""What the buttons say when they are tapped: callback data, at most 64 bytes each."""

from __future__ import annotations

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData


class View(StrEnum):
    """What a message with an answer can show in its place."""

    WHOLE = "w"
    SIDE = "s"
    CONTEXT = "c"
    SOURCES = "q"
    DOUBTS = "d"


class Form(StrEnum):
    """What kind of file is sent."""

    HTML = "h"
    PDF = "p"


class ShowAnswer(CallbackData, prefix="a"):
    """Shows an answer, or a part of it, in place of what the message shows.

    `side` counts from 0, `number` is a page or an excerpt's place among all that are kept;
    `back` is the page of a side to go back to, -1 for the whole answer.
    """

    answer: str
    view: View = View.WHOLE
    side: int = 0
    number: int = 0
    back: int = -1


class JudgeAnswer(CallbackData, prefix="j"):
    """Says whether an answer, or its excerpt `number`, is any good; -1 is the whole answer."""

    answer: str
    verdict: str
    number: int = -1


class OtherDebate(CallbackData, prefix="o"):
    """Answers the same question in the `number`-th of the debates that it may belong to."""

    answer: str
    number: int


class ShowDebate(CallbackData, prefix="debate"):
    """Opens a debate."""

    name: str


class ListDebates(CallbackData, prefix="debates"):
    """Turns to a page of the list of debates."""

    page: int


class ShowStep(CallbackData, prefix="g"):
    """Shows a step of a guide, -1 for the overview; `tick` exchanges its tick first."""

    guide: str
    step: int = -1
    tick: bool = False


class ExportGuide(CallbackData, prefix="gx"):
    """Sends a guide, with the person's ticks, as a file."""

    guide: str
    form: Form


class GoOn(CallbackData, prefix="i"):
    """Goes on with an interview; `chosen` holds one digit for each answer so far."""

    name: str
    chosen: str = ""


class ExportInterview(CallbackData, prefix="ix"):
    """Sends what an interview came to, as a file."""

    name: str
    chosen: str
    form: Form


class Forget(CallbackData, prefix="forget"):
    """Deletes what is kept of the person who asked for it, once it is confirmed."""

    person: int
    sure: bool
