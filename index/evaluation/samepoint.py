"""Texts of one side, and which of them make the same point: ArgKP-2021, and our own file.

ArgKP-2021 (Bar-Haim et al. 2020, doi:10.18653/v1/2020.acl-main.371; CDLA-Sharing-1.0) matches crowd
arguments to key points, in English. Our file holds quotations of our own documents in three
languages, sorted by hand.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from index.evaluation.jsonl import read_lines

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from index.encoding.protocol import Vectors

    Labels = NDArray[np.int8]

Embed = Callable[[Sequence[str]], "Vectors"]
"""Returns unit vectors of passages, `(N,) -> (N, D)`."""

YES, NO, OPEN = 1, 0, -1
"""Labels of a pair: the same point, another point, not told."""


@dataclass(frozen=True, slots=True)
class ArgumentSide:
    """The arguments and key points of one side of a motion; `labels`, `(A, K)`, match them."""

    motion: str
    stance: str
    arguments: tuple[str, ...]
    key_points: tuple[str, ...]
    labels: Labels


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts with their vectors, `(N, D)`, and those of all texts of their kind on their subject."""

    texts: tuple[str, ...]
    vectors: Vectors
    around: Vectors


@dataclass(frozen=True, slots=True)
class Sorted:
    """Texts of one side, and for each pair whether it makes the same point, `(N, N)`."""

    texts: Texts
    same: Labels


def read_argkp(folder: Path, split: str) -> list[ArgumentSide]:
    """Return every side of every motion of a split, in the files' order.

    Raises:
        OSError: A file cannot be read.
    """
    arguments = _by_side(folder / f"arguments_{split}.csv")
    key_points = _by_side(folder / f"key_points_{split}.csv")
    labels = {
        (row["arg_id"], row["key_point_id"]): int(row["label"])
        for row in _rows(folder / f"labels_{split}.csv")
    }
    return [
        ArgumentSide(
            *side,
            tuple(row["argument"].strip("` ") for row in found),
            tuple(row["key_point"] for row in key_points[side]),
            np.array(
                [
                    [labels.get((a["arg_id"], k["key_point_id"]), OPEN) for k in key_points[side]]
                    for a in found
                ],
                np.int8,
            ),
        )
        for side, found in arguments.items()
    ]


def read_own(path: Path, embed: Embed) -> list[Sorted]:
    """Return the sides of our own file; around each is all that the file quotes of its documents.

    Raises:
        ValueError: A line is not as `evals/README.md` says.
    """
    sides = read_lines(path, _own_side)
    quoted: dict[str, dict[str, None]] = {}
    for documents, quotes, _ in sides:
        quoted.setdefault(documents, {}).update(dict.fromkeys(quotes))
    around = {documents: embed(list(quotes)) for documents, quotes in quoted.items()}
    found = []
    for documents, quotes, same in sides:
        rows = [list(quoted[documents]).index(quote) for quote in quotes]
        known = around[documents]
        found.append(Sorted(Texts(quotes, known[rows], known), same))
    return found


def same_point(labels: Labels) -> Labels:
    """Return whether arguments share a key point, `(A, K) -> (A, A)`.

    Not told is what a missing label could turn, and two arguments that match no key point at all:
    they may well say the same as each other. An argument is not paired with itself.
    """
    matched, unknown = (labels == YES).astype(int), (labels == OPEN).astype(int)
    shared = matched @ matched.T > 0
    untold = matched @ unknown.T > 0
    pointed = matched.any(axis=1)
    told = ~(untold | untold.T) & (pointed[:, None] | pointed[None])
    same = np.where(shared, YES, np.where(told, NO, OPEN)).astype(np.int8)
    np.fill_diagonal(same, OPEN)
    return same


def embedded(
    subjects: Sequence[str], sides: Sequence[tuple[str, ...]], embed: Embed
) -> list[Texts]:
    """Return the texts of each side with vectors; around them is all of the same subject."""
    vectors = embed([text for side in sides for text in side])
    ends = np.cumsum([len(side) for side in sides])
    parts = np.split(vectors, ends[:-1])
    return [
        Texts(
            side,
            part,
            np.concatenate([two for two, of in zip(parts, subjects, strict=True) if of == subject]),
        )
        for subject, side, part in zip(subjects, sides, parts, strict=True)
    ]


def _own_side(line: dict[str, Any]) -> tuple[str, tuple[str, ...], Labels]:
    """Return the documents, the quotations, and which pairs make the same point."""
    points = {entry["point"]: entry["quotes"] for entry in line["points"]}
    quotes = tuple(dict.fromkeys(quote for found in points.values() for quote in found))
    either = {frozenset(pair) for pair in line.get("either", ())}
    made = [{point for point, found in points.items() if quote in found} for quote in quotes]
    same = np.full((len(quotes), len(quotes)), OPEN, np.int8)
    for one, other in combinations(range(len(quotes)), 2):
        unsure = any(frozenset((a, b)) in either for a in made[one] for b in made[other])
        label = YES if made[one] & made[other] else OPEN if unsure else NO
        same[one, other] = same[other, one] = label
    return line["documents"], quotes, same


def _by_side(path: Path) -> dict[tuple[str, str], list[dict[str, str]]]:
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in _rows(path):
        found.setdefault((row["topic"], row["stance"]), []).append(row)
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
