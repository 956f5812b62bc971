"""Motion and text are read together, in one row of tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from index.encoding.tokens import PROMPTS
from index.stance.compiled import TOKEN_LIMIT

if TYPE_CHECKING:
    from index.stance.pairs import PairClassifier

pytestmark = pytest.mark.encoder

MOTION = "Die Firma sollte Diensträder anschaffen."


def test_a_row_holds_the_motion_and_then_the_text(classifier: PairClassifier) -> None:
    """With the encoder's prompts, once a beginning, and an end after each."""
    ids, mask = classifier.tokens([MOTION], ["Ein Rad."])
    (motion,) = classifier.reader.tokens.ids([MOTION], PROMPTS["query"])
    (text,) = classifier.reader.tokens.ids(["Ein Rad."], PROMPTS["document"])
    assert ids.tolist() == [motion + text[1:]]
    assert motion[0] == text[0]
    assert motion[-1] == text[-1] != text[0]
    assert mask.tolist() == [[1] * len(ids[0])]


def test_shorter_rows_are_padded_and_the_padding_is_masked(classifier: PairClassifier) -> None:
    ids, mask = classifier.tokens([MOTION, MOTION], ["Rad", "Ein Rad ist ein Rad ist ein Rad."])
    assert ids.shape == mask.shape
    assert mask[1].all()
    padded = (~mask[0].bool()).nonzero().flatten().tolist()
    assert padded
    assert set(ids[0][padded].tolist()) == {classifier.reader.tokens.pad}


def test_a_long_text_is_cut_and_the_motion_is_not(classifier: PairClassifier) -> None:
    ids, _mask = classifier.tokens([MOTION], ["Ein Rad ist ein Rad. " * 300])
    (motion,) = classifier.reader.tokens.ids([MOTION], PROMPTS["query"])
    assert ids.shape == (1, TOKEN_LIMIT)
    assert ids[0, : len(motion)].tolist() == motion


def test_padding_does_not_change_what_is_read(
    classifier: PairClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to the rounding of bfloat16; another text is farther away than that."""
    monkeypatch.setitem(classifier._modules, "head", torch.nn.Identity())
    with torch.inference_mode():
        alone = classifier([MOTION], ["Ein Rad."])[0]
        beside = classifier([MOTION] * 2, ["Ein Rad.", "Ein Rad ist ein Rad. " * 20])
    nearness = torch.nn.functional.cosine_similarity(alone, beside)
    assert nearness[0] > 0.999 > nearness[1]
