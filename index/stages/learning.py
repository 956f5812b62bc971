"""The third step: how questions are read, learned anew only where the lessons changed."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING

from index.questions.classifier import train_classifier
from index.storage import snapshot as parts

if TYPE_CHECKING:
    from pathlib import Path

    from index.debates.loading import Agenda
    from index.questions.directions import Encode
    from index.stages.base import Base


def lessons(agenda: Agenda, encoder: str) -> str:
    """Name what is learned from: equal names give equal classifiers. `encoder` reads questions."""
    taught = replace(agenda, labels=(), set_aside=())
    total = hashlib.sha256(f"{taught!r}\0{encoder}".encode())
    for source in sorted(files("index.questions").iterdir(), key=lambda source: source.name):
        if source.name.endswith((".py", ".toml")):
            total.update(source.read_bytes())
    return total.hexdigest()


def learn(folder: Path, agenda: Agenda, encode: Encode, base: Base | None) -> None:
    """Write the classifier into `folder`; `base` is a snapshot that had the same lessons.

    `encode` gives the vectors that questions are read from, `(Q,) -> (Q, D)`.
    """
    path = folder / parts.CLASSIFIER
    if base:
        known = base.folder / parts.CLASSIFIER
        if known.exists():
            shutil.copy(known, path)
        return
    classifier = train_classifier(agenda, encode)
    if classifier:
        classifier.save(path)
