"""Which steps an answer takes: all of them in the product, fewer to measure what each is worth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Method:
    """The steps of an answer, each of which can be left out; the defaults are the product's.

    `dense` and `lexical` are the two searches; whether a question is covered at all is decided as
    ever. Without `per_side` the passages are searched once for both sides, and sides get what
    comes. Without `diversity` excerpts are neither spread over documents nor kept from saying the
    same twice. Without `excerpt_choice` a passage shows the first run of sentences that may be
    shown, not the one nearest to the question.

    Raises:
        ValueError: Neither search is left.
    """

    dense: bool = True
    lexical: bool = True
    per_side: bool = True
    diversity: bool = True
    excerpt_choice: bool = True

    def __post_init__(self) -> None:
        if not (self.dense or self.lexical):
            raise ValueError("a method needs a search: dense, lexical or both")


FULL = Method()
"""The product's method."""
