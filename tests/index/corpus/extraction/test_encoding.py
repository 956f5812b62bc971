"""An encoding is told or certain; in doubt a text is refused rather than misread."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.corpus.extraction.encoding import decoded
from index.errors import CorpusError

GERMAN = "Große Städte müssen für Fußgänger schöner werden. Wer täglich läuft, bleibt gesünder."
FRENCH = (
    "L'été dernier, la société a décidé d'arrêter ses activités à l'étranger, où les coûts étaient "
    "très élevés. Ça n'a pas été facile, mais c'était nécessaire."
)
POLISH = (
    "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni "
    "obdarzeni rozumem i sumieniem i powinni postępować wobec innych w duchu braterstwa."
)
RUSSIAN = "Все люди рождаются свободными и равными в своем достоинстве и правах."
TURKISH = "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdan."
HUNGARIAN = (
    "Minden emberi lény szabadon születik és egyenlő méltósága és joga van. Az emberek, ésszel és "
    "lelkiismerettel bírván, egymással szemben testvéri szellemben viseltessenek."
)
CZECH = (
    "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. Jsou nadáni rozumem a "
    "svědomím a mají spolu jednat v duchu bratrství, večer při řece."
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "cp1252"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-32"),
        (GERMAN, "utf-8-sig"),
        (FRENCH, "cp1252"),
        (FRENCH * 8, "latin-1"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
        (HUNGARIAN, "cp1250"),
        (CZECH, "cp1250"),
        ("Das wäre schön.", "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (TURKISH, "cp1254"),
        ("„Wir gehen“, sagte er – und das war’s. Die Firma müsste es ändern, bald…", "cp1252"),
    ],
)
def test_what_is_certain_is_read_to_the_last_character(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "content",
    [
        "Sie kam večer in die Stadt.".encode("cp1250"),
        "Każdy wie.".encode("cp1250"),
        GERMAN.encode("cp850"),
        GERMAN.encode("mac_roman"),
        "日本国民は、正当に選挙された国会における代表者を通じて行動する。".encode("shift_jis"),
        bytes(range(128, 256)),
        b"\x81\x8d\x8f",
    ],
)
def test_what_is_not_certain_is_refused(content: bytes) -> None:
    with pytest.raises(CorpusError, match=r"not UTF-8 \(byte \d+\).*save it as UTF-8"):
        decoded(content)


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from([GERMAN, FRENCH, POLISH, RUSSIAN, TURKISH, HUNGARIAN, CZECH]),
    st.sampled_from(["cp1252", "cp1250", "cp1251", "koi8-r", "cp1254", "iso8859-2", "mac_roman"]),
    st.integers(0, 60),
    st.integers(1, 120),
)
def test_no_part_of_a_text_is_misread(text: str, encoding: str, start: int, length: int) -> None:
    """A part may be refused; if it is read, it says what was written."""
    part = text[start : start + length].encode(encoding, "ignore").decode(encoding)
    with suppress(CorpusError):
        assert decoded(part.encode(encoding)) == part


def test_line_ends_stay_as_they_are() -> None:
    text = GERMAN.replace(". ", ".\r\n\r\n")
    assert decoded(text.encode("cp1252")) == text


def test_a_mark_that_lies_is_refused() -> None:
    with pytest.raises(CorpusError, match="save it as UTF-8"):
        decoded(b"\xff\xfe" + b"abc")
