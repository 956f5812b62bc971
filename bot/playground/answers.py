"""What people get back: the answer to a tap, and the results under an inline query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.playground.rendering import render_html

if TYPE_CHECKING:
    from bot.playground.formatting import Formatted


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What appears after a tap: a notice, an alert, or nothing at all."""

    text: str = ""
    show_alert: bool = False
    url: str | None = None
    cache_time: int = 0


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One result a person can choose; `content` is the message it would post."""

    id: str
    type: str
    title: str
    description: str
    content: Formatted | None
    reply_markup: dict[str, Any] | None
    raw: dict[str, Any]
    query: str = ""

    @property
    def text(self) -> str:
        """The text of the message it would post."""
        return self.content.text if self.content else ""

    @property
    def html(self) -> str:
        """Likewise with its formatting."""
        return render_html(self.content.text, self.content.entities) if self.content else ""


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """The results of an inline query and how they may be kept and continued."""

    results: list[InlineResult]
    next_offset: str = ""
    button: dict[str, Any] | None = None
    cache_time: int = 300
    is_personal: bool = False
