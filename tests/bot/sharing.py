"""A bot and a builder, each to be run as a process of its own, over one database."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.library import Library
from bot.settings import Settings
from index.errors import AudiaturError
from tests.index.conftest import StubEncoder

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path


def run_bot(told: Connection, url: str, corpus: Path, data: Path) -> None:
    """Answer all the while; tell the generation, and what it says for bicycles."""
    library = Library(Settings(corpus=corpus, data=data, database_url=url), StubEncoder())
    while True:
        try:
            advisor = library.advisor
            advice = advisor.debate("bicycles")
            quotes = [excerpt.quote for side in advice.sides for excerpt in side.excerpts]
            documents = advisor.snapshot.manifest.documents
            told.send(f"{advisor.snapshot.name} {documents} {quotes}")
        except AudiaturError as error:
            told.send(f"failed: {error}")
        time.sleep(0.05)


def run_builder(told: Connection, url: str, corpus: Path, data: Path) -> None:
    """Build whenever something comes: the name of a document that joins the corpus."""
    library = Library(Settings(corpus=corpus, data=data, database_url=url), StubEncoder())
    while True:
        name = told.recv()
        text = f"Ein Satz über {name}. Und noch ein zweiter Satz.\n"
        (corpus / f"{name}.txt").write_text(text, encoding="utf-8")
        report = library.rebuild(lambda _stage, _done, _total: None)
        told.send(f"built {report.snapshot}")
