"""The keyboards under answers. Excerpts are tapped by the numbers that the message shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.conversation.feedback import Verdict
from bot.layout import answer_of, covered, utf16_length
from bot.layout.pages import PAGE, pages_of
from bot.telegram.buttons import (
    JudgeAnswer,
    ListDebates,
    OtherDebate,
    ShowAnswer,
    ShowDebate,
    View,
)
from bot.translation import Translate, translator

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aiogram.filters.callback_data import CallbackData

    from bot.conversation.answers import Kept
    from index.answering.advice import Excerpt, SideOfAnswer
    from index.debates.loading import Agenda
    from index.debates.records import Debate

Row = list[InlineKeyboardButton]

LABEL_LENGTH = 60
QUERY_LENGTH = 256
"""Telegram's limit of an inline query, which "share" hands over."""
_IN_A_ROW = 5
"""More can hardly be read, or hit, on a phone."""


def button(text: str, data: CallbackData) -> InlineKeyboardButton:
    """Return a button that tells the bot something."""
    return InlineKeyboardButton(text=shortened(text), callback_data=data.pack())


def shortened(text: str) -> str:
    """Return a text that a button has room for."""
    return text if len(text) <= LABEL_LENGTH else text[: LABEL_LENGTH - 1].rstrip() + "…"


def debate_row(debate: Debate, language: str) -> Row:
    """Return the row with the button that opens a debate."""
    return [button(debate.motion.in_language(language), ShowDebate(name=debate.id))]


def under_answer(kept: Kept, shown: Sequence[Excerpt]) -> InlineKeyboardMarkup:
    """Return the buttons under a whole answer of which the message shows these excerpts."""
    translate = translator(kept.language)
    rows = [_more(kept, shown, translate), *_numbers(kept, shown, 0, -1)]
    rows += [_last_row(kept, translate), *_others(kept)]
    return InlineKeyboardMarkup(inline_keyboard=[row for row in rows if row])


def under_nothing(kept: Kept, agenda: Agenda) -> InlineKeyboardMarkup | None:
    """Return the buttons under "I have nothing on this": some debates that there are answers on."""
    debates = covered(agenda)
    rows = [*_others(kept), *(debate_row(debate, kept.language) for debate in debates)]
    if len(debates) < len(agenda.debates):
        rows.append([button(translator(kept.language)("All debates"), ListDebates(page=0))])
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def under_side(kept: Kept, at: int, page: int) -> InlineKeyboardMarkup:
    """Return the buttons under a page of the `at`-th side."""
    translate = translator(kept.language)
    pages = pages_of(kept.advice.sides[at])
    turn: Row = []
    if page > 0:
        turn.append(button("◀", _side(kept, at, page - 1)))
    turn.append(_back(kept, translate("Both sides"), at, -1))
    if page + 1 < len(pages):
        turn.append(button("▶", _side(kept, at, page + 1)))
    numbers = _numbers(kept, pages[page], at, page, first=page * PAGE + 1)
    return InlineKeyboardMarkup(inline_keyboard=[*numbers, turn])


def under_context(kept: Kept, number: int, at: int, back: int) -> InlineKeyboardMarkup:
    """Return the buttons under an excerpt in context: verdicts on it, and the way back."""
    translate = translator(kept.language)
    words = {
        Verdict.HELPFUL: "👍",
        Verdict.WRONG_SIDE: translate("Wrong side"),
        Verdict.OFF_TOPIC: translate("Off topic"),
    }
    sided = any(
        kept.excerpts[number] in (*side.excerpts, *side.further) for side in kept.advice.sides
    )
    judged = [
        button(text, JudgeAnswer(answer=kept.id, verdict=verdict, number=number))
        for verdict, text in words.items()
        if sided or verdict is not Verdict.WRONG_SIDE
    ]
    return InlineKeyboardMarkup(
        inline_keyboard=[judged, [_back(kept, translate("Back"), at, back)]]
    )


def under_sources(kept: Kept) -> InlineKeyboardMarkup:
    """Return the way back from the sources."""
    translate = translator(kept.language)
    return InlineKeyboardMarkup(inline_keyboard=[[_back(kept, translate("Back"), 0, -1)]])


def under_doubts(kept: Kept, shown: Sequence[Excerpt]) -> InlineKeyboardMarkup:
    """Return two buttons for each excerpt that is shown: wrong side, off topic."""
    translate = translator(kept.language)
    sided = {one for side in kept.advice.sides for one in side.excerpts}
    rows: list[Row] = []
    for number, excerpt in enumerate(shown, start=1):
        at = kept.number(excerpt)
        wrong = JudgeAnswer(answer=kept.id, verdict=Verdict.WRONG_SIDE, number=at)
        off = JudgeAnswer(answer=kept.id, verdict=Verdict.OFF_TOPIC, number=at)
        row = [button(f"[{number}] {translate('Off topic')}", off)]
        if excerpt in sided:
            row.insert(0, button(f"[{number}] {translate('Wrong side')}", wrong))
        rows.append(row)
    whole = JudgeAnswer(answer=kept.id, verdict=Verdict.OFF_TOPIC)
    rows.append([button(translate("All of it misses my question"), whole)])
    rows.append([_back(kept, translate("Back"), 0, -1)])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _more(kept: Kept, shown: Iterable[Excerpt], translate: Translate) -> Row:
    """Return a button for each side that has more to say than is shown."""
    seen = set(shown)
    row: Row = []
    for at, side in enumerate(kept.advice.sides):
        left = sum(1 for one in (*side.excerpts, *side.further) if one not in seen)
        if left:
            text = translate("More: {side} (+{count})").format(
                side=answer_of(side, kept.language), count=left
            )
            row.append(button(text, _side(kept, at, _first_unseen(side, seen))))
    return row


def _first_unseen(side: SideOfAnswer, seen: set[Excerpt]) -> int:
    """Return the first page with something that the message does not show."""
    for page, excerpts in enumerate(pages_of(side)):
        if any(one not in seen for one in excerpts):
            return page
    return 0


def _numbers(kept: Kept, shown: Sequence[Excerpt], at: int, back: int, first: int = 1) -> list[Row]:
    """Return a button for each excerpt, to open it in context."""
    row = [
        button(
            f"🔎 {number}",
            ShowAnswer(
                answer=kept.id,
                view=View.CONTEXT,
                side=at,
                number=kept.number(excerpt),
                back=back,
            ),
        )
        for number, excerpt in enumerate(shown, start=first)
    ]
    rows = -(-len(row) // _IN_A_ROW)
    width = -(-len(row) // rows) if rows else 1
    return [row[start : start + width] for start in range(0, len(row), width)]


def _last_row(kept: Kept, translate: Translate) -> Row:
    row = [
        button(translate("Sources"), ShowAnswer(answer=kept.id, view=View.SOURCES)),
        button("👍", JudgeAnswer(answer=kept.id, verdict=Verdict.HELPFUL)),
        button("👎", ShowAnswer(answer=kept.id, view=View.DOUBTS)),
    ]
    question = " ".join(kept.advice.question.split())
    if utf16_length(question) <= QUERY_LENGTH:
        share = InlineKeyboardButton(text=translate("Share"), switch_inline_query=question)
        row.append(share)
    return row


def _others(kept: Kept) -> list[Row]:
    """Return a row for each other debate that the question may belong to."""
    return [
        [
            button(
                f"↪ {debate.motion.in_language(kept.language)}",
                OtherDebate(answer=kept.id, number=number),
            )
        ]
        for number, debate in enumerate(kept.advice.alternatives)
    ]


def _side(kept: Kept, at: int, page: int) -> ShowAnswer:
    return ShowAnswer(answer=kept.id, view=View.SIDE, side=at, number=page)


def _back(kept: Kept, text: str, at: int, page: int) -> InlineKeyboardButton:
    to = ShowAnswer(answer=kept.id) if page < 0 else _side(kept, at, page)
    return button(f"↩ {text}", to)
