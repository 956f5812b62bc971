"""What is packed comes out as it went in, as PostgreSQL itself reads it, too."""

from __future__ import annotations

import numpy as np
import psycopg
import pytest

from index.storage.postgres.bm25 import LENGTHS, length_id
from index.storage.postgres.packing import (
    bigints,
    counts_in,
    entry_of,
    from_bigints,
    from_halfvecs,
    halfvec,
    key_of,
    keys_in,
    lengths_in,
    word_hash,
)


def test_an_entry_holds_key_count_and_length() -> None:
    largest = key_of(2**27 - 1, 2**20 - 1)
    entries = np.array([entry_of(key_of(7, 3), 2, 41), entry_of(largest, 999, 255)], np.int64)
    assert keys_in(entries).tolist() == [key_of(7, 3), largest]
    assert counts_in(entries).tolist() == [2, 255], "a word said more often counts no more"
    assert lengths_in(entries).tolist() == [41, 255]
    assert (entries > 0).all()


@pytest.mark.parametrize(("number", "ordinal"), [(2**27, 0), (0, 2**20)])
def test_what_does_not_fit_is_refused(number: int, ordinal: int) -> None:
    with pytest.raises(ValueError, match="divide the document"):
        key_of(number, ordinal)


def test_postgresql_reads_what_is_packed_and_sends_what_is_unpacked(migrated: str) -> None:
    numbers = np.array([1, -(2**62), 0], np.int64)
    vector = np.array([0.5, -0.25, 3], np.float32)
    with psycopg.connect(migrated) as connection:
        connection.execute("CREATE TABLE packed (a bigint[], b halfvec)")
        statement = "COPY packed FROM STDIN (FORMAT BINARY)"
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(["bytea", "bytea"])
            copy.write_row((bigints(numbers), halfvec(vector)))
        row = connection.execute("SELECT a, b::text FROM packed").fetchone()
        assert row == (numbers.tolist(), "[0.5,-0.25,3]")
        sent = connection.execute(
            "SELECT array_send(a), array_send('{}'::bigint[]), halfvec_send(b) FROM packed"
        ).fetchone()
    assert sent
    assert from_bigints(sent[0]).tolist() == numbers.tolist()
    assert from_bigints(sent[1]).tolist() == []
    assert from_halfvecs([sent[2]], 3).tolist() == [vector.tolist()]


def test_a_word_has_a_hash_of_its_own_in_each_language() -> None:
    assert word_hash("de", "rad") == word_hash("de", "rad") != word_hash("en", "rad")
    assert -(2**63) <= word_hash("de", "rad") < 2**63


def test_lengths_are_tantivy_s() -> None:
    """Landmarks of `FIELD_NORMS_TABLE` in tantivy's `src/fieldnorm/code.rs`."""
    assert LENGTHS[:41].tolist() == list(range(41))
    assert LENGTHS[[41, 64, 128, 255]].tolist() == [42, 152, 32_792, 2_013_265_944]
    assert [length_id(length) for length in (0, 40, 41, 42, 43, 59)] == [0, 40, 40, 41, 41, 48]
