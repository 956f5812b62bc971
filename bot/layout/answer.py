"""Advice → the blocks of a message, the same for a terminal and for Telegram.

A message that is too long shows fewer excerpts; no sentence is ever cut.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from bot.layout.blocks import (
    MESSAGE_LIMIT,
    Block,
    Heading,
    Items,
    Note,
    Paragraph,
    Quote,
    Title,
    length_of,
)
from bot.layout.citing import cited, side_name
from bot.translation import Translate, translator
from index.questions.turns import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.answering.advice import Advice, Excerpt
    from index.debates.loading import Agenda
    from index.debates.records import Debate

_SUGGESTIONS = 5
_TURN_LENGTH = 160


def lay_out(
    advice: Advice, language: str, agenda: Agenda, *, with_buttons: bool = False
) -> list[Block]:
    """Return the blocks of an answer, in an interface language, within one message.

    Where nothing was found, the debates that are `covered` are listed, unless there are buttons
    for them under the message.
    """
    blocks = _blocks(fit(advice, language, agenda), language, agenda)
    return [block for block in blocks if not (with_buttons and isinstance(block, Items))]


def fit(advice: Advice, language: str, agenda: Agenda) -> Advice:
    """Return the answer with as many of its excerpts as one message holds."""
    while length_of(list(_blocks(advice, language, agenda))) > MESSAGE_LIMIT:
        fewer = _with_fewer(advice)
        if fewer is None:
            break
        advice = fewer
    return advice


def covered(agenda: Agenda) -> tuple[Debate, ...]:
    """Return a handful of what the corpus has answers on, for somebody who asked beside it."""
    return agenda.debates[:_SUGGESTIONS]


def title_of(advice: Advice, language: str) -> list[Block]:
    """Return the motion or the topic that an answer is about, nothing where there is none."""
    subject = advice.debate.motion if advice.debate else advice.topic and advice.topic.title
    return [Title(subject.in_language(language))] if subject else []


def _blocks(advice: Advice, language: str, agenda: Agenda) -> Iterator[Block]:
    translate = translator(language)
    if advice.refines:
        yield Note(translate("Following on from: {question}").format(question=_last_turn(advice)))
    if not advice.answered:
        yield from _nothing(agenda, language, translate)
        return
    yield from title_of(advice, language)
    if advice.sides and not advice.debate:
        yield Paragraph(translate("No debate is described for this; a model chose the sides."))
    numbers = count(1)
    for side in advice.sides:
        yield Heading(side_name(side, language))
        if not side.excerpts:
            yield Paragraph(_no_voice(advice, translate))
        yield from _quotes(side.excerpts, numbers, language)
    if advice.background:
        yield from _introduction(advice, agenda, translate)
        yield from _quotes(advice.background, numbers, language)
    if advice.unclear:
        yield Heading(translate("Related, side not certain"))
        yield from _quotes(advice.unclear, numbers, language)


def _last_turn(advice: Advice) -> str:
    """Return what an answer follows on from, short enough not to be in the way."""
    before = plain(advice.refines or "")
    return before if len(before) <= _TURN_LENGTH else f"{before[:_TURN_LENGTH].rstrip()} …"


def _introduction(advice: Advice, agenda: Agenda, translate: Translate) -> Iterator[Block]:
    if advice.sides:
        yield Heading(translate("Background"))
    elif not agenda.debates:
        yield Paragraph(
            translate("No debate is described for these documents; this is what they say.")
        )


def _no_voice(advice: Advice, translate: Translate) -> str:
    if advice.debate:
        return translate("No voice in the documents speaks for this side.")
    return translate("The model is certain of no excerpt for this side.")


def _nothing(agenda: Agenda, language: str, translate: Translate) -> Iterator[Block]:
    yield Paragraph(translate("I have nothing on this."))
    debates = covered(agenda)
    if debates:
        yield Paragraph(translate("What my documents do cover, for example:"))
        yield Items(tuple(debate.motion.in_language(language) for debate in debates))


def _quotes(excerpts: Iterable[Excerpt], numbers: Iterator[int], language: str) -> Iterator[Quote]:
    for excerpt in excerpts:
        yield Quote(excerpt.quote, next(numbers), cited(excerpt, language))


def _with_fewer(advice: Advice) -> Advice | None:
    """Return the answer with one excerpt less: unclear and background first, then of each side."""
    if advice.unclear:
        return replace(advice, unclear=advice.unclear[:-1])
    if len(advice.background) > (0 if advice.sides else 1):
        return replace(advice, background=advice.background[:-1])
    if any(len(side.excerpts) > 1 for side in advice.sides):
        room = max(len(side.excerpts) for side in advice.sides) - 1
        sides = tuple(replace(side, excerpts=side.excerpts[:room]) for side in advice.sides)
        return replace(advice, sides=sides)
    return None
