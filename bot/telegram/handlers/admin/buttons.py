"""What admins' buttons say when they are tapped: callback data, at most 64 bytes each."""

from __future__ import annotations

import hashlib
from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

_KEY_LENGTH = 12
_LABEL_LENGTH = 60


class Rebuild(CallbackData, prefix="ar"):
    """Rebuilds the index; `offered` says where it was offered."""

    offered: str = ""


class ListSources(CallbackData, prefix="al"):
    """Turns to a page of the documents."""

    page: int = 0


class ShowSource(CallbackData, prefix="ad"):
    """Shows a document, by its key."""

    document: str


class RemoveSource(CallbackData, prefix="ax"):
    """Asks whether a document should be removed, and once that is said, removes it."""

    document: str
    sure: bool = False


class RestoreSource(CallbackData, prefix="ab"):
    """Puts a removed document back, by the removal's name."""

    removal: str


class UploadStep(StrEnum):
    """What can be done with a file that waits, beside answering."""

    SKIP = "skip"
    CANCEL = "cancel"
    AGAIN = "again"


class Upload(CallbackData, prefix="au"):
    """Goes on with a file that waits, by its key; `asked` is the question that is skipped."""

    step: UploadStep
    file: str
    asked: str = ""


class Judge(CallbackData, prefix="av"):
    """Says something of a span, by its key: a decision, or one of the words in `review`."""

    span: str
    choice: str


def key_of(document: str) -> str:
    """Return what names a document in a button, whatever its name."""
    return hashlib.sha256(document.encode()).hexdigest()[:_KEY_LENGTH]


def button(text: str, data: CallbackData) -> InlineKeyboardButton:
    """Return a button that tells the bot something; a label without room for it is cut."""
    label = " ".join(text.split()) or "…"
    label = label if len(label) <= _LABEL_LENGTH else label[: _LABEL_LENGTH - 1].rstrip() + "…"
    return InlineKeyboardButton(text=label, callback_data=data.pack())


def keyboard(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """Return the rows that have a button as a keyboard."""
    return InlineKeyboardMarkup(inline_keyboard=[row for row in rows if row])
