"""Sentence boundaries that keep offsets, found with sentencex (Wikimedia)."""

from __future__ import annotations

import re

import sentencex

from index.corpus.records import Span

_LIST_MARKER = re.compile(r"\s*(?:\(?\d{1,3}[.)]|[a-z]\)|[-*•–])\s+")
SENTENCE_LIMIT = 3000
"""Code points: the longest sentences of scholarly prose have half as many."""
_BYTE_ORDER_MARK = "\ufeff"
_ENDS_SENTENCE = re.compile(r"[.!?…:;][\"'»«”“’)\]]*\s*$")
_ENDING = 100  # code points that are looked at for the end of a sentence


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
        if "\n\n" in match.group() or _ENDS_SENTENCE.search(text, max(start, end - _ENDING), end):
            units.append(Span(start, end))
            start = within.start + match.end()
    units.append(Span(start, within.end))
    return units


def _split_line(text: str, line: Span, language: str) -> list[Span]:
    """Split what follows the list marker, and give the marker back to the first sentence."""
    marker = _LIST_MARKER.match(line.of(text))
    body = Span(line.start + (marker.end() if marker else 0), line.end)
    spans: list[Span] = []
    for boundary in sentencex.get_sentence_boundaries(language, body.of(text)):
        raw = Span(body.start + boundary["start_index"], body.start + boundary["end_index"])
        span = trimmed(text, raw)
        if spans and not any(map(str.isalnum, span.of(text))):
            spans[-1] = Span(spans[-1].start, span.end)  # closing marks, such as Markdown's **
        elif len(span):
            spans.extend(_divided(text, span))
    whole = trimmed(text, line)
    if not spans:
        return [whole] if len(whole) else []
    return [Span(whole.start, spans[0].end), *spans[1:]]


def _divided(text: str, span: Span) -> list[Span]:
    """Cut what is far too long for a sentence between words: a table, data, a poem."""
    parts: list[Span] = []
    while len(span) > SENTENCE_LIMIT:
        cut = span.start + SENTENCE_LIMIT
        space = max(text.rfind(blank, span.start + 1, cut) for blank in " \n")
        cut = space if space > span.start else cut
        parts.append(trimmed(text, Span(span.start, cut)))
        span = trimmed(text, Span(cut, span.end))
    return [part for part in (*parts, span) if len(part)]


def trimmed(text: str, span: Span) -> Span:
    """Return the span without white space at either end."""
    start, end = span.start, span.end
    while start < end and _is_blank(text[start]):
        start += 1
    while end > start and _is_blank(text[end - 1]):
        end -= 1
    return Span(start, end)


def _is_blank(character: str) -> bool:
    return character.isspace() or character == _BYTE_ORDER_MARK
