"""Other debates that a question could as well belong to, where it leaves open which.

Two things leave it open: several debates are likely, or the question names no subject at all
("should we do it ourselves?"), so that any of the likeliest may be meant.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from index.questions.classifier import OFF_TOPIC
from index.questions.followup import read_wording

if TYPE_CHECKING:
    from collections.abc import Collection

    from index.questions.classifier import Ranked
    from index.questions.reading import Reading

ALTERNATIVES = 2
_AS_LIKELY = 0.40
"""What part of the likeliest subject's probability makes another one as good."""
_LIKELY = 0.15
_LIKELY_IF_ANY = 0.10
"""Likewise, of a question that names no subject, among all debates."""
_TELLING_WORDS = 2
"""A single word is a greeting as often as a question."""
_NAMED = 0.5
"""So likely a debate is named by what a question adds to the one before."""


def alternatives(
    question: str,
    reading: Reading,
    debates: Collection[str],
    answered_in: str | None,
    *,
    covered: bool,
) -> tuple[str, ...]:
    """Return other debates than the one it is answered in that a question may mean, best first.

    A question that says nothing of any of them ("is it worth it?") may mean the first of `debates`,
    which stands beside the likeliest.
    """
    if reading.ranked is None or reading.form.open:
        return ()
    ranked = reading.ranked
    wording = read_wording(question, reading.language)
    if len(wording.rest.split()) < _TELLING_WORDS:
        return ()
    if wording.asks and not wording.own_words:
        any_debate = ranked.of(*debates)
        likeliest = _likeliest(ranked, debates, answered_in, _LIKELY_IF_ANY * any_debate)
        if covered:
            return likeliest
        found = (*likeliest[:1], *islice(debates, 1), *likeliest[1:])
        return tuple(dict.fromkeys(found))[:ALTERNATIVES]
    if not covered:
        return ()
    share = max(ranked.of(subject) for subject in ranked.subjects[:2] if subject != OFF_TOPIC)
    return _likeliest(ranked, debates, answered_in, max(_LIKELY, _AS_LIKELY * share))


def named_besides(
    reading: Reading, debates: Collection[str], answered_in: str | None
) -> tuple[str, ...]:
    """Return the debate that a refining question names by itself, if it is another one."""
    return _likeliest(reading.ranked, debates, answered_in, _NAMED) if reading.ranked else ()


def _likeliest(
    ranked: Ranked, debates: Collection[str], answered_in: str | None, least: float
) -> tuple[str, ...]:
    pairs = zip(ranked.subjects, ranked.probabilities, strict=True)
    likely = [name for name, share in pairs if name in debates and share >= least]
    return tuple(name for name in likely if name != answered_in)[:ALTERNATIVES]
