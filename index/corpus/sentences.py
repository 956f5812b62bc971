"""Sentence boundaries that keep offsets, found with sentencex (Wikimedia)."""

from __future__ import annotations

import re

import sentencex

from index.corpus.records import Span

_LIST_MARKER = re.compile(r"\s*(?:\(?\d{1,3}[.)]|[a-z][.)]|[-*•–])\s*")
_ENDS_SENTENCE = re.compile(r"[.!?…:;][\"'»«”“’)\]]*\s*$")


def split_sentences(text: str, within: Span, language: str) -> tuple[Span, ...]:
    """Return the sentences of `text[within]`, without the white space between them.

    A list marker ("2.") stays with its sentence. Sentences never reach over a line break that
    follows finished punctuation or an empty line.
    """
    spans: list[Span] = []
    for line in _units(text, within):
        spans.extend(_split_line(text, line, language))
    return tuple(spans)


def _units(text: str, within: Span) -> list[Span]:
    """Cut where a line ends a sentence; a line that breaks off goes on in the next one."""
    units: list[Span] = []
    start = within.start
    for match in re.finditer(r"\n+", within.of(text)):
        end = within.start + match.start()
        if "\n\n" in match.group() or _ENDS_SENTENCE.search(text[start:end]):
            units.append(Span(start, end))
            start = within.start + match.end()
    units.append(Span(start, within.end))
    return units


def _split_line(text: str, line: Span, language: str) -> list[Span]:
    spans: list[Span] = []
    pending: int | None = None
    for boundary in sentencex.get_sentence_boundaries(language, line.of(text)):
        raw = Span(line.start + boundary["start_index"], line.start + boundary["end_index"])
        span = trimmed(text, raw)
        if not len(span):
            continue
        start = span.start if pending is None else pending
        if _LIST_MARKER.fullmatch(span.of(text)):
            pending = start
            continue
        spans.append(Span(start, span.end))
        pending = None
    if pending is not None:
        spans.append(trimmed(text, Span(pending, line.end)))
    return spans


def trimmed(text: str, span: Span) -> Span:
    """Return the span without white space at either end."""
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
