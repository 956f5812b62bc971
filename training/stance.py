"""Trains the bundled stance model: a motion and a text in, for, against or neither out.

    .venv/bin/python training/stance.py [--data ../shared/data] [--resume] [--rehearse]

A cross-encoder on multilingual-e5-small with low-rank adapters on every linear layer. It learns
first from Perspectrum, ArgKP-2021, our own motions with indirect texts and, of `seeds/`, the
curated labels and example questions of all but five debates; then mostly from our own motions with
plainer texts (see `training/debates/README.md`), in two rounds. Temperature and threshold are
fitted on `index/stance/calibration.jsonl`; figures are reported on `evals/stance*.jsonl`, on
debates that were kept back and on the development sets of the English sources, on which nothing is
fitted. With `--resume` only the last round is done, on the weights that there are; `--rehearse`
writes nothing. Takes more than an hour on two cores.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from lora import Adapted, adapt, tensors_of
from safetensors.torch import load_file, save_file
from stance_data import NEITHER, Pair, Sources, as_question

from index.stance.bundled import CALIBRATION, WEIGHTS, BundledStance
from index.stance.calibration import Calibration, calibrate, softmax
from index.stance.loading import calibration_texts
from index.stance.pairs import PairClassifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.stance.protocol import Shares

ROOT = Path(__file__).resolve().parent.parent
EPOCHS, PLAIN_EPOCHS, FURTHER_EPOCHS = 4, 4, 3
RANK, LEARNING_RATE, BATCH, SMOOTHING, SEED = 16, 1e-3, 32, 0.05, 1
PARTS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
ASKED = 0.25
"""How many motions are put as questions, as a person puts them to the advisor."""


def main(options: argparse.Namespace) -> None:
    """Train, report, and write weights and calibration."""
    random.seed(SEED)
    torch.manual_seed(SEED)
    sources = Sources(ROOT, options.data)
    classifier = PairClassifier()
    model = classifier.reader.model
    adapters = adapt(model, range(model.config.num_hidden_layers), PARTS, RANK)
    if options.resume:
        restore(classifier, adapters)
    else:
        train(classifier, [sources.draw() for _ in range(EPOCHS)])
        train(classifier, [sources.draw_plain() for _ in range(PLAIN_EPOCHS)])
        save(classifier, adapters, options)
    train(classifier, [sources.draw_plain(further=True) for _ in range(FURTHER_EPOCHS)])
    save(classifier, adapters, options)
    stance = BundledStance(lambda: classifier.logits, Calibration(1.0, 1.0), "in training")
    calibration = report(stance, sources)
    if not options.rehearse:
        write_calibration(calibration)


def save(
    classifier: PairClassifier, adapters: dict[str, Adapted], options: argparse.Namespace
) -> None:
    """Write adapters and head."""
    if options.rehearse:
        return
    head = classifier.head.state_dict()
    tensors = {f"head.{name}": value.half() for name, value in head.items()}
    save_file(tensors_of(adapters) | tensors, ROOT / "index/stance" / WEIGHTS)


def restore(classifier: PairClassifier, adapters: dict[str, Adapted]) -> None:
    """Put what was written before into adapters and head."""
    tensors = load_file(ROOT / "index/stance" / WEIGHTS)
    with torch.no_grad():
        for name, layer in adapters.items():
            layer.down.copy_(tensors[f"{name}.A"])
            layer.up.copy_(tensors[f"{name}.B"])
        for name, value in classifier.head.named_parameters():
            value.copy_(tensors[f"head.{name}"])


def write_calibration(calibration: Calibration) -> None:
    """Write the bundled model's part of the calibration file and keep the rest."""
    path = ROOT / "index/stance" / CALIBRATION
    _before, found, rest = path.read_text(encoding="utf-8").partition("[learned]")
    path.write_text(
        "# Written by training/stance.py and training/learned.py; see stance.md.\n[bundled]\n"
        f"temperature = {calibration.temperature:.4f}\ncertain = {calibration.certain:.4f}\n\n"
        f"{found}{rest}",
        encoding="utf-8",
    )


def train(classifier: PairClassifier, epochs: Sequence[Sequence[Pair]]) -> None:
    """Train the adapters and the head in place, on each epoch's pairs in turn."""
    trained = [p for p in classifier.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=LEARNING_RATE, weight_decay=0.01)
    drawn = [batch for pairs in epochs for batch in batches(pairs)]
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=len(drawn) + 1, pct_start=0.06
    )
    classifier.train()
    losses: list[float] = []
    started = time.monotonic()
    for step, batch in enumerate(drawn, start=1):
        logits = classifier([put(pair.motion) for pair in batch], [pair.text for pair in batch])
        loss = torch.nn.functional.cross_entropy(
            logits, torch.tensor([pair.column for pair in batch]), label_smoothing=SMOOTHING
        )
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if step % 100 == 0:
            mean, spent = np.mean(losses[-100:]), time.monotonic() - started
            print(f"step {step}/{len(drawn)}: loss {mean:.3f}, {spent:.0f} s", flush=True)
    classifier.train(mode=False)


def put(motion: str) -> str:
    """Return a motion as it stands, or now and then as a question."""
    return as_question(motion) if random.random() < ASKED else motion


def batches(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """Return batches in random order, of texts of like length, so that little is padding."""
    order = random.sample(list(pairs), len(pairs))
    chunk = 32 * BATCH
    found = []
    for start in range(0, len(order), chunk):
        near = sorted(order[start : start + chunk], key=lambda pair: len(pair.motion + pair.text))
        found += [near[at : at + BATCH] for at in range(0, len(near), BATCH)]
    random.shuffle(found)
    return found


def report(stance: BundledStance, sources: Sources) -> Calibration:
    """Print figures on what was not trained on; return the calibration."""
    motions, texts, columns = calibration_texts()
    calibration = calibrate(stance.logits(motions, texts), columns)
    print(f"temperature {calibration.temperature:.3f}, certain from {calibration.certain:.3f}")
    for name, pairs in sources.reporting().items():
        logits = stance.logits([pair.motion for pair in pairs], [pair.text for pair in pairs])
        columns = np.array([pair.column for pair in pairs])
        print(f"{name}: {figures(softmax(logits / calibration.temperature), columns, calibration)}")
    return calibration


def figures(shares: Shares, columns: NDArray[np.int64], calibration: Calibration) -> str:
    """Return accuracy between two sides, macro-F1 of three, and what is placed how rightly."""
    sided = columns != NEITHER
    two = shares[:, :2].argmax(axis=1)
    three = shares.argmax(axis=1)
    placed = shares[:, :2].max(axis=1) >= calibration.certain
    hits = [((three == c) & (columns == c)).sum() for c in range(3)]
    sizes = [(three == c).sum() + (columns == c).sum() for c in range(3)]
    f1 = [2 * hit / max(1, size) for hit, size in zip(hits, sizes, strict=True)]
    right = (two == columns)[placed].mean() if placed.any() else float("nan")
    return (
        f"{len(columns)} texts, side {np.mean((two == columns)[sided]):.3f}, macro-F1 "
        f"{np.mean(f1):.3f}, placed {placed.mean():.3f}, of these right {right:.3f}"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--rehearse", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main(_options())
