"""Whose word counts most: a person's, then a file's, then a model's."""

from __future__ import annotations

from itertools import pairwise

from index.debates.records import CURATED, LEARNED, PERSON, trust


def test_a_person_is_trusted_most_and_a_model_least() -> None:
    """A model that learned from people comes before one that did not."""
    givers = [(PERSON, 1.0), (CURATED, 1.0), (LEARNED, 0.9), ("bundled", 0.999)]
    ranks = [trust(*giver) for giver in givers]
    assert all(more < less for more, less in pairwise(ranks))


def test_all_other_models_are_trusted_alike() -> None:
    assert trust("bundled", 0.6) == trust("some/model", 0.99) == trust("/srv/model", 0.7)


def test_who_is_named_in_a_file_is_trusted_as_the_file_is() -> None:
    """Only a person is entirely certain; so a name tells no model from no person."""
    assert trust("Petra") == trust("Petra", 1.0) == trust(CURATED)
    assert trust("Petra", 0.99) == trust("bundled", 0.99)


def test_a_word_that_we_know_is_what_it_says() -> None:
    assert trust(LEARNED, 1.0) == trust(LEARNED, 0.5)
