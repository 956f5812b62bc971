"""Composes dossiers from what was weighed and from what was walked through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.dossier.records import Column, Dossier, Part, Quote, Source, Words
from bot.layout.citing import is_suggested, place_in_document
from bot.translation import translator, written_date
from index.questions.language import detect_language

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from bot.translation import Translate
    from index.answering.advice import Excerpt
    from index.guides.records import Guide
    from index.guides.walking import GuideStep
    from index.guides.weighing import Circumstance, Voice, Weighing


def from_weighing(weighing: Weighing, language: str, day: date) -> Dossier:
    """Return what was weighed as a document: each circumstance with both sides, no verdict."""
    writer = _Writer(language)
    interview, translate = weighing.interview, writer.translate
    parts = tuple(writer.circumstance(one, weighing) for one in weighing.circumstances)
    note = translate(
        "The documents speak for themselves here, in their own words and language; nothing is "
        "added, and no verdict is given. Weighing is up to you."
    )
    return Dossier(
        name=_file_name(interview.id, day),
        language=language,
        title=interview.title.in_language(language),
        subtitle=weighing.debate.motion.in_language(language),
        introduction=translate("What the documents say for just these circumstances."),
        parts=parts,
        sources=writer.sources(),
        note=note,
        day=day,
        written_day=written_date(day, language),
        words=_words(translate),
    )


def from_walk(
    guide: Guide, steps: Sequence[GuideStep], ticked: Collection[str], language: str, day: date
) -> Dossier:
    """Return a guide as a checklist; `ticked` are the ids of the steps that are done."""
    writer = _Writer(language)
    translate = writer.translate
    parts = tuple(
        writer.step(number, step, ticked=step.step.id in ticked)
        for number, step in enumerate(steps, start=1)
    )
    done = sum(1 for part in parts if part.ticked)
    return Dossier(
        name=_file_name(guide.id, day),
        language=language,
        title=guide.title.in_language(language),
        subtitle=translate("{done} of {count} steps done").format(done=done, count=len(parts)),
        introduction=guide.introduction.in_language(language),
        parts=parts,
        sources=writer.sources(),
        note=translate("Quotations are verbatim, in the language of their source."),
        day=day,
        written_day=written_date(day, language),
        words=_words(translate),
    )


class _Writer:
    """Writes parts in one language, and numbers their sources as they come."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._numbers: dict[str, int] = {}
        self._cited: list[Excerpt] = []
        self.translate = translator(language)

    def circumstance(self, one: Circumstance, weighing: Weighing) -> Part:
        """Return a circumstance: the question, the answer given, and both sides beneath."""
        text = None
        if one.debate and one.debate.id != weighing.debate.id:
            motion = one.debate.motion.in_language(self._language)
            text = self.translate("From the debate: {motion}").format(motion=motion)
        note = None if one.voices else self.translate("Nothing here depends on this.")
        return Part(
            title=one.option.text.in_language(self._language),
            label=one.question.text.in_language(self._language),
            text=text,
            columns=tuple(map(self._column, one.voices)),
            note=note,
        )

    def step(self, number: int, step: GuideStep, *, ticked: bool) -> Part:
        """Return a step with its box, what to do, and what the corpus says of it."""
        return Part(
            title=f"{number}. {step.step.title.in_language(self._language)}",
            text=step.step.explanation.in_language(self._language),
            quotes=tuple(map(self._quote, step.excerpts)),
            ticked=ticked,
        )

    def sources(self) -> tuple[Source, ...]:
        """Return the documents that were quoted, by number."""
        return tuple(
            Source(number, one.title or one.document, self._details(one))
            for number, one in enumerate(self._cited, start=1)
        )

    def _column(self, voice: Voice) -> Column:
        own_name = voice.own_name.in_language(self._language) if voice.own_name else None
        return Column(
            name=voice.name.in_language(self._language),
            quotes=tuple(map(self._quote, voice.excerpts)),
            detail=own_name,
            note=None if voice.excerpts else self._silence(voice),
        )

    def _silence(self, voice: Voice) -> str:
        if voice.said_above:
            return self.translate("What speaks for this side stands above.")
        return self.translate("No voice in the documents speaks for this side.")

    def _quote(self, excerpt: Excerpt) -> Quote:
        number = self._numbers.setdefault(excerpt.document, len(self._numbers) + 1)
        if number > len(self._cited):
            self._cited.append(excerpt)
        language = detect_language(excerpt.quote)
        place = place_in_document(excerpt, self._language)
        return Quote(excerpt.quote, number, language, place, self._remark(excerpt))

    def _remark(self, excerpt: Excerpt) -> str | None:
        remarks = []
        if excerpt.reported:
            remarks.append(self.translate("reported there, not shared by the author"))
        if is_suggested(excerpt):
            percent = round(100 * (excerpt.certainty or 0))
            suggested = self.translate("side suggested by a model, {percent} %")
            remarks.append(suggested.format(percent=percent))
        return ", ".join(remarks) or None

    def _details(self, excerpt: Excerpt) -> str:
        day = written_date(excerpt.published, self._language) if excerpt.published else None
        return " · ".join(part for part in (excerpt.author, day, excerpt.document) if part)


def _words(translate: Translate) -> Words:
    return Words(translate("Sources"), translate("done"), translate("to do"))


def _file_name(name: str, day: date) -> str:
    return f"{name}-{day.isoformat()}"
