"""The catalogue says what is known of a document, and says clearly what is wrong with it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from index.corpus.catalogue import read_catalogue
from index.corpus.records import Card
from index.errors import CorpusError

if TYPE_CHECKING:
    from tests.index.conftest import WriteFiles


def test_a_corpus_may_have_none(write_files: WriteFiles) -> None:
    assert read_catalogue(write_files({})) == {}


def test_every_field_is_read_and_what_is_not_told_is_none(write_files: WriteFiles) -> None:
    folder = write_files(
        {
            "a.txt": "a",
            "sub/b.txt": "b",
            "catalogue.toml": """
                [[document]]
                file = "a.txt"
                title = "Titel"
                author = "Petra"
                published = 2011-02-18
                language = "de"
                origin = "a leaflet"
                [[document]]
                file = "sub/b.txt"
                """,
        }
    )
    assert read_catalogue(folder) == {
        "a.txt": Card("Titel", "Petra", date(2011, 2, 18), "de", "a leaflet"),
        "sub/b.txt": Card(),
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[[document", "not valid TOML"),
        ("file = 'a.txt'", r"expected \[\[document\]\] tables only"),
        ("document = 3", r"expected \[\[document\]\] tables only"),
        ("document = [3]", r"expected \[\[document\]\] tables only"),
        ("[[document]]\ntitle = 'x'", "needs a 'file'"),
        ("[[document]]\nfile = 3", "needs a 'file'"),
        ("[[document]]\nfile = '/etc/passwd'", "inside the corpus folder"),
        ("[[document]]\nfile = '../a.txt'", "inside the corpus folder"),
        ("[[document]]\nfile = 'sub/../../a.txt'", "inside the corpus folder"),
        ("[[document]]\nfile = 'gone.txt'", "gone.txt is listed but not there"),
        ("[[document]]\nfile = 'a.txt'\n[[document]]\nfile = 'a.txt'", "a.txt is listed twice"),
        ("[[document]]\nfile = 'a.txt'\nauthors = 'x'", "unknown field 'authors'"),
        ("[[document]]\nfile = 'a.txt'\npublished = '2011'", "published = '2011' is no date"),
        ("[[document]]\nfile = 'a.txt'\npublished = 2011", "published = 2011 is no date"),
        (
            "[[document]]\nfile = 'a.txt'\npublished = 2011-02-18T10:00:00",
            "is no date; write 2011-02-18",
        ),
        ("[[document]]\nfile = 'a.txt'\ntitle = 3", "title = 3 should be a text"),
        ("[[document]]\nfile = 'a.txt'\nlanguage = ['de']", r"language = \['de'\] should be"),
    ],
)
def test_each_mistake_has_a_message_that_names_the_file(
    write_files: WriteFiles, content: str, message: str
) -> None:
    folder = write_files({"a.txt": "a", "catalogue.toml": content})
    with pytest.raises(CorpusError, match=message) as caught:
        read_catalogue(folder)
    assert "catalogue.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_catalogue_in_another_encoding_is_an_error(write_files: WriteFiles) -> None:
    folder = write_files({})
    (folder / "catalogue.toml").write_bytes("# größer".encode("latin-1"))
    with pytest.raises(CorpusError, match="not valid TOML"):
        read_catalogue(folder)
