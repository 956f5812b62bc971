"""A remark keeps its template and its values, for whoever knows other languages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.corpus.faults import Fault
from index.corpus.remarks import Remark


def test_as_a_text_a_remark_is_english() -> None:
    assert str(Fault.LONG_LINE.of(count=1_000_001)) == (
        "holds a line of 1,000,001 characters; break it into paragraphs"
    )
    assert str(Fault.SLOW.of(limit=30.0)) == "took longer than 30 s; split it"
    assert str(Fault.NO_OBJECT.of()) == 'is no JSON object; write {"text": …}'


def test_a_remark_is_said_with_other_words_and_numbers() -> None:
    remark = Fault.LINE.of(line=2, reason=Fault.LARGE_LINE.of(limit=1))
    words = {
        str(Fault.LINE): "{reason} in Zeile {line}",
        str(Fault.LARGE_LINE): "über {limit} MB",
    }
    assert (
        remark.said(words.__getitem__, lambda number: f"<{number}>") == "über <1> MB in Zeile <2>"
    )


VALUES = st.text() | st.integers() | st.floats(allow_nan=False)


@given(values=st.dictionaries(st.text(), VALUES, max_size=3), within=st.text())
def test_a_stored_remark_is_read_as_it_was(values: dict[str, str | float], within: str) -> None:
    remark = Remark("a", (*values.items(), ("within\0", Remark.verbatim(within))))
    assert Remark.read(remark.stored()) == remark
    assert remark.stored().isascii()
