"""What an admin sees of a span: the motion, the span in its context, the source, the choices."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bot.keeping.reviewing import context_of
from bot.telegram.handlers.admin.buttons import Judge, button, keyboard
from bot.telegram.rendering import escaped
from bot.telegram.views import Shown
from bot.translation import Translate, translator
from index.debates.records import Side
from index.debates.review import SET_ASIDE

if TYPE_CHECKING:
    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    from bot.keeping.reviewing import Waiting
    from bot.telegram.handlers.admin.review_state import Queue

_BESIDE_LENGTH = 400
_SPAN_LENGTH = 1000
"""In code points, so that a message has room for them whatever they are."""


class Move(StrEnum):
    """What an admin can say beside a decision."""

    SKIP = "skip"
    UNDO = "undo"
    AGAIN = "again"
    REPORTED = "reported"
    BACK = "back"


def span_view(queue: Queue, span: Waiting) -> Shown:
    """Return a span with all choices."""
    return Shown(_text(queue, span), _choices(queue, span))


def reported_view(queue: Queue, span: Waiting) -> Shown:
    """Return a span with the question whose view it reports."""
    translate = translator(queue.language)
    rows = [
        [
            button(
                translate("Reported: {side}").format(
                    side=span.debate.sides[side].in_language(queue.language)
                ),
                Judge(span=span.key, choice=f"{side}-reported"),
            )
        ]
        for side in (Side.YES, Side.NO)
    ]
    back = [button(f"↩ {translate('Back')}", Judge(span=span.key, choice=Move.BACK))]
    return Shown(_text(queue, span), keyboard(*rows, back))


def next_view(queue: Queue) -> Shown:
    """Return the first span that was not skipped, or that there is none."""
    if queue.left:
        return span_view(queue, queue.left[0])
    translate = translator(queue.language)
    if not queue.waiting:
        return Shown(escaped(translate("No span waits for a decision.")), keyboard(_undo(queue)))
    text = translate("Only those wait that were skipped: {count}.").format(count=len(queue.waiting))
    again = [button(translate("Show them"), Judge(span="", choice=Move.AGAIN))]
    return Shown(escaped(text), keyboard(again, _undo(queue)))


def _text(queue: Queue, span: Waiting) -> str:
    translate, language = translator(queue.language), queue.language
    waiting = translate("Waiting for a decision: {count}").format(count=len(queue.waiting))
    parts = [
        f"<b>{escaped(span.debate.motion.in_language(language))}</b>",
        escaped("\n".join(_names(queue, span).values())),
        _quoted(queue, span),
        escaped(f"{_suggestion(span, translate)}\n{waiting}"),
    ]
    return "\n\n".join(parts)


def _names(queue: Queue, span: Waiting) -> dict[str, str]:
    """Return what the sides are called, with the answer that each stands for."""
    translate = translator(queue.language)
    answers = {Side.YES: translate("Yes"), Side.NO: translate("No")}
    return {
        side: f"{answer}: {span.debate.sides[side].in_language(queue.language)}"
        for side, answer in answers.items()
    }


def _quoted(queue: Queue, span: Waiting) -> str:
    """Return the span in its context, and where it stands."""
    context = context_of(queue.snapshot, span)
    document = span.anchored.label.document
    card = queue.snapshot.records.card(document)
    source = ", ".join(part for part in (card.title or document, card.author) if part)
    if context.heading:
        source += f" · {context.heading}"
    text = (
        f"{escaped(_end(context.before))}<b>{escaped(_start(context.quote, _SPAN_LENGTH))}</b>"
        f"{escaped(_start(context.after, _BESIDE_LENGTH))}"
    )
    return f"<blockquote>{text}</blockquote>\n<i>{escaped(source)}</i>"


def _suggestion(span: Waiting, translate: Translate) -> str:
    label = span.anchored.label
    words = {
        Side.YES: translate("A model ({by}) suggests yes, {percent} %."),
        Side.NO: translate("A model ({by}) suggests no, {percent} %."),
        Side.BACKGROUND: translate("A model ({by}) suggests background, {percent} %."),
        Side.UNCLEAR: translate("A model ({by}) is not certain, {percent} %."),
    }
    percent = round(100 * label.certainty)
    return words[label.side].format(by=label.by, percent=percent)


def _choices(queue: Queue, span: Waiting) -> InlineKeyboardMarkup:
    translate = translator(queue.language)
    texts: tuple[dict[str, str], ...] = (
        *({side: name} for side, name in _names(queue, span).items()),
        {Side.BACKGROUND: translate("Background"), Move.REPORTED: translate("Reported only …")},
        {SET_ASIDE: translate("Does not concern this"), Move.SKIP: translate("Skip")},
    )
    rows = [
        [button(text, Judge(span=span.key, choice=choice)) for choice, text in row.items()]
        for row in texts
    ]
    return keyboard(*rows, _undo(queue))


def _undo(queue: Queue) -> list[InlineKeyboardButton]:
    if not queue.made:
        return []
    translate = translator(queue.language)
    return [button("↩ " + translate("Undo"), Judge(span="", choice=Move.UNDO))]


def _start(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rstrip() + "…"


def _end(text: str) -> str:
    return text if len(text) <= _BESIDE_LENGTH else "…" + text[-_BESIDE_LENGTH:].lstrip()
