"""Guides and interviews → blocks: an overview, a step, a question, what was weighed."""

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
from bot.layout.citing import cited
from bot.translation import Translate, translator

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from index.guides.records import Guide, Interview, Question
    from index.guides.walking import GuideStep
    from index.guides.weighing import Circumstance, Weighing

DONE, OPEN = "☑", "☐"


def overview(guide: Guide, ticked: Collection[str], language: str) -> list[Block]:
    """Return a guide's introduction and its steps, each with its tick."""
    translate = translator(language)
    steps = [f"{_tick(step.id, ticked)} {step.title.in_language(language)}" for step in guide.steps]
    done = sum(1 for step in guide.steps if step.id in ticked)
    return [
        Title(guide.title.in_language(language)),
        Paragraph(guide.introduction.in_language(language)),
        Paragraph("\n".join(steps)),
        Note(translate("{done} of {steps} done").format(done=done, steps=len(steps))),
    ]


def step_blocks(
    guide: Guide, step: GuideStep, at: int, ticked: Collection[str], language: str
) -> list[Block]:
    """Return one step: what to do, and what the documents say of it, as much as one message holds.

    A message that is too long shows fewer quotations, never half of one.
    """
    translate = translator(language)
    number = translate("Step {step} of {steps}").format(step=at + 1, steps=len(guide.steps))
    title = f"{_tick(step.step.id, ticked)} {step.step.title.in_language(language)}"
    head: list[Block] = [Note(f"{guide.title.in_language(language)} · {number}"), Title(title)]
    head.append(Paragraph(step.step.explanation.in_language(language)))
    quotes: list[Block] = [
        Quote(excerpt.quote, place, cited(excerpt, language))
        for place, excerpt in enumerate(step.excerpts, start=1)
    ]
    if not quotes:
        quotes = [Note(translate("The documents no longer say anything on this step."))]
    while len(quotes) > 1 and length_of([*head, *quotes]) > MESSAGE_LIMIT:
        quotes.pop()
    return [*head, *quotes]


def question_blocks(interview: Interview, question: Question, language: str) -> list[Block]:
    """Return one question of an interview, the first with the introduction."""
    translate = translator(language)
    at = interview.questions.index(question)
    of = translate("Question {question} of {questions}").format(
        question=at + 1, questions=len(interview.questions)
    )
    blocks: list[Block] = [Title(interview.title.in_language(language))]
    if at == 0:
        blocks.append(Paragraph(interview.introduction.in_language(language)))
    return [*blocks, Note(of), Heading(question.text.in_language(language))]


def weighing_blocks(weighing: Weighing, language: str) -> list[Block]:
    """Return both sides for somebody's circumstances, within one message.

    What has no room is left to the file, and said so.
    """
    translate = translator(language)
    for room in range(_most(weighing), 0, -1):
        blocks = list(_weighed(weighing, room, language, translate))
        if length_of(blocks) <= MESSAGE_LIMIT:
            return blocks
    shown = weighing
    while len(shown.circumstances) > 1:
        shown = replace(shown, circumstances=shown.circumstances[:-1])
        blocks = list(_weighed(shown, 1, language, translate))
        blocks.append(Note(translate("The rest has no room here; the file holds all of it.")))
        if length_of(blocks) <= MESSAGE_LIMIT:
            break
    return blocks


def _weighed(weighing: Weighing, room: int, language: str, translate: Translate) -> Iterator[Block]:
    yield Title(weighing.interview.title.in_language(language))
    numbers = count(1)
    silent: list[str] = []
    for circumstance in weighing.circumstances:
        if not any(voice.excerpts for voice in circumstance.voices):
            silent.append(_circumstance(circumstance, language))
            continue
        yield Heading(_circumstance(circumstance, language))
        for voice in circumstance.voices:
            yield Paragraph(f"▸ {voice.name.in_language(language)}")
            for excerpt in voice.excerpts[:room]:
                yield Quote(excerpt.quote, next(numbers), cited(excerpt, language))
            if not voice.excerpts:
                yield Note(_silence(said_above=voice.said_above, translate=translate))
    if silent:
        yield Heading(translate("The documents say nothing more on"))
        yield Items(tuple(silent))
    yield Note(translate("No verdict: the decision remains yours."))


def _circumstance(circumstance: Circumstance, language: str) -> str:
    question = circumstance.question.text.in_language(language)
    return f"{question} – {circumstance.option.text.in_language(language)}"


def _silence(*, said_above: bool, translate: Translate) -> str:
    if said_above:
        return translate("What speaks for this side stands above.")
    return translate("No voice in the documents speaks for this side.")


def _most(weighing: Weighing) -> int:
    voices = (voice for circumstance in weighing.circumstances for voice in circumstance.voices)
    return max((len(voice.excerpts) for voice in voices), default=1) or 1


def _tick(step: str, ticked: Collection[str]) -> str:
    return DONE if step in ticked else OPEN
