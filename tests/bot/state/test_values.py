"""Keys and prefixes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.state.values import end_of_prefix

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
EDGES = st.text(st.sampled_from("a\ud7ff\ue000\U0010fffe\U0010ffff"), max_size=3)


@settings(deadline=None)
@given(TEXTS | EDGES, TEXTS | EDGES)
def test_a_prefix_is_a_range(prefix: str, key: str) -> None:
    """Exactly the texts that begin with a prefix lie from it to its end, as their bytes do."""
    end = end_of_prefix(prefix)
    low = prefix.encode() <= key.encode()
    high = end is None or key.encode() < end.encode()
    assert (low and high) == key.startswith(prefix)
