"""A method leaves out what it says, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.answering.method import FULL, Method
from index.answering.retrieval import Query, find_passages

if TYPE_CHECKING:
    from index.storage.snapshot import Snapshot
    from tests.index.conftest import StubEncoder


def test_the_product_leaves_nothing_out() -> None:
    assert Method() == FULL
    assert all(getattr(FULL, name) for name in Method.__dataclass_fields__)


def test_a_method_without_any_search_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a search"):
        Method(dense=False, lexical=False)


def test_one_search_alone_has_its_own_ranking(small_snapshot: Snapshot, stub: StubEncoder) -> None:
    """Both rankings are still told, so that what is covered is decided as ever."""
    text = "Versicherung und Kette"
    query = Query(text, "de", stub.encode_queries([text])[0])
    both, dense, lexical = (
        find_passages(small_snapshot, query, 6, method=method)
        for method in (FULL, Method(lexical=False), Method(dense=False))
    )
    assert list(dense.fused) == both.dense.rows.tolist()
    assert list(lexical.fused) == both.lexical.rows.tolist()
    assert 0 < len(lexical.fused) < len(dense.fused)
    assert dense.lexical.rows.tolist() == both.lexical.rows.tolist()
    assert lexical.dense.rows.tolist() == both.dense.rows.tolist()
