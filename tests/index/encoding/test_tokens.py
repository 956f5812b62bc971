"""A few texts are cut by a small tokenizer, just as the whole one cuts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.encoding import tokens
from index.encoding.packed import PackedModel, bundled_model_path
from index.encoding.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.encoder

TEXTS = [
    "query: Sollen wir als B2B-Unternehmen die sozialen Medien verlassen?",
    "passage: Социальные сети или 社交媒体? ソーシャルメディア, ¿nos vamos? Ğüşıöç!",
    "<s> a </s> <pad> <unk>",
    "ﬁ ½ Ⅷ 😀 \u202e zwei  Leer\tzeichen\n\nund Absatz",
    "Donaudampfschifffahrtsgesellschaft",
    "x" * 90,
    "",
    "   ",
]


@pytest.fixture(scope="module")
def packed() -> PackedModel:
    return PackedModel(bundled_model_path())


@pytest.fixture(scope="module")
def whole(packed: PackedModel) -> Tokens:
    """Return what has cut many texts already."""
    made = Tokens(packed)
    assert len(made.ids(["Rad und Haus. " * 600])[0]) == made.limit
    return made


@pytest.mark.parametrize("text", TEXTS)
def test_a_small_tokenizer_cuts_as_the_whole_one_does(
    packed: PackedModel, whole: Tokens, text: str
) -> None:
    small = Tokens(packed).ids([text])
    assert small == whole.ids([text])
    assert (small[0][0], small[0][-1]) == (packed.vocabulary.bos, packed.vocabulary.eos)


def test_few_texts_make_no_whole_tokenizer(
    packed: PackedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which takes a second."""
    sizes: list[int] = []

    class Cut:
        """What cuts nothing, and tells of how many pieces it was made."""

        def __init__(self, _vocabulary: object, chosen: Sequence[int], _limit: int) -> None:
            sizes.append(len(chosen))

        def ids(self, texts: Sequence[str]) -> list[list[int]]:
            return [[] for _ in texts]

    monkeypatch.setattr(tokens, "_Cutter", Cut)
    one = Tokens(packed)
    one.ids(["Sollen wir gehen?"] * 9)
    assert max(sizes) < 1_000
    one.ids(["Sollen wir gehen?"] * 99)
    assert sizes[-1] == len(packed.vocabulary.pieces)
