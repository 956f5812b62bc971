"""Repaired text is what its author typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.corpus.extraction.repair import repaired


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("ﬁnden, eﬀektiv, ﬂiegen, Oﬃzier", "finden, effektiv, fliegen, Offizier"),
        ("Dona\u00addampf\u200bschiff\ufeff", "Donadampfschiff"),
        ("a\0b\x07c\ufffed", "abcd"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("u\u0308ber", "über"),
        ("a\n\n \n\t\n\nb", "a\n\nb"),
        ("\uf0b7 eins", "• eins"),
        ("half \ud800 a sign", "half  a sign"),
        ("Tab\tbleibt, Satz bleibt.", "Tab\tbleibt, Satz bleibt."),
    ],
)
def test_what_typesetting_left_behind_is_mended(text: str, typed: str) -> None:
    assert repaired(text) == typed


@settings(deadline=None)
@given(st.text(st.characters(), max_size=80))
def test_repair_is_done_once_and_can_be_written(text: str) -> None:
    once = repaired(text)
    assert repaired(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once
    once.encode("utf-8")
