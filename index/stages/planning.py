"""What a build is going to work on: the files, and what is said of them beside them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from index.corpus.catalogue import read_catalogue
from index.corpus.survey import corpus_digest, digest_of, reader_fingerprint, settings_digest
from index.debates.loading import Agenda, read_agenda
from index.guides.loading import read_guidebook
from index.stages.reading import find_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from index.corpus.records import Card
    from index.corpus.survey import SourceFile
    from index.guides.records import Guidebook
    from index.stages.base import Base
    from index.stages.reading import Source

_TAUGHT = ("lexicon.toml", "offtopic.toml")


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a build reads from a corpus folder; `how` are facts on how it reads documents."""

    folder: Path
    digest: str
    cards: Mapping[str, Card]
    sources: list[Source]
    agenda: Agenda
    guidebook: Guidebook
    how: Mapping[str, str]


def make_plan(folder: Path, base: Base | None, *, cleaning: bool, headings: bool) -> Plan:
    """Return the plan of a build that may take over from a snapshot.

    Raises:
        CorpusError: The folder is missing, or something beside its documents is wrong.
    """
    cards, agenda = read_catalogue(folder), read_agenda(folder)
    guidebook = read_guidebook(folder, {debate.id for debate in agenda.debates})
    how = {
        "reader": reader_fingerprint(),
        "cleaning": str(cleaning),
        "headings": str(headings),
    }
    settings = settings_digest(folder)
    sources = find_sources(folder, cards, base, how)
    digest = _recipe(digest_of((file for file, _ in sources), settings))
    return Plan(folder, digest, cards, sources, agenda, guidebook, how)


def recipe_digest(folder: Path, known: Iterable[SourceFile] = ()) -> str:
    """Return a hash over the corpus and over what this version teaches every index.

    `known` are the files of an earlier reading: those that show no change are not read.
    """
    return _recipe(corpus_digest(folder, known))


def _recipe(corpus: str) -> str:
    total = hashlib.sha256(corpus.encode())
    for name in _TAUGHT:
        total.update((files("index.questions") / name).read_bytes())
    return total.hexdigest()
