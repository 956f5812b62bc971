"""A few texts are cut by a small tokenizer, just as the whole one cuts them."""

from __future__ import annotations

import pytest

from index.encoding import tokens
from index.encoding.packed import PackedModel, bundled_model_path
from index.encoding.tokens import Tokens

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


@pytest.mark.parametrize("text", TEXTS)
def test_a_small_tokenizer_cuts_as_the_whole_one_does(
    packed: PackedModel, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = Tokens(packed).ids([text])
    monkeypatch.setattr(tokens, "_FEW_CHARACTERS", -1)
    assert small == Tokens(packed).ids([text])
    assert (small[0][0], small[0][-1]) == (packed.vocabulary.bos, packed.vocabulary.eos)


def test_many_texts_are_cut_by_the_whole_one_and_no_text_is_too_long(packed: PackedModel) -> None:
    one = Tokens(packed)
    few = one.ids(["Rad"])
    assert len(one.ids(["Rad und Haus. " * 600])[0]) == one.limit
    assert one.ids(["Rad"]) == few
