"""A bot or a builder as a process of its own, over one database: `python sharing.py KIND …`.

It tells what it did, a line each.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.library import Library
from bot.settings import Settings
from index.errors import AudiaturError
from tests.index.conftest import StubEncoder


def main(kind: str, url: str, corpus: str, data: str) -> None:
    settings = Settings(corpus=Path(corpus), data=Path(data), database_url=url)
    library = Library(settings, StubEncoder())
    print("ready", flush=True)
    if kind == "bot":
        answer(library)
    for line in sys.stdin:
        build(library, Path(corpus), line.strip())


def answer(library: Library) -> None:
    """Answer all the while; tell the generation and what it says for bicycles."""
    while True:
        try:
            advisor = library.advisor
            advice = advisor.debate("bicycles")
            quotes = [excerpt.quote for side in advice.sides for excerpt in side.excerpts]
            print(
                advisor.snapshot.name, len(quotes), advisor.snapshot.manifest.documents, flush=True
            )
        except AudiaturError as error:
            print("failed", error, flush=True)
        time.sleep(0.02)


def build(library: Library, corpus: Path, text: str) -> None:
    """Add a document to the corpus and build; tell when the upload begins."""
    (corpus / f"{text}.txt").write_text(f"Ein Satz über {text}. Und noch ein zweiter Satz.\n")
    told: list[str] = []

    def progress(stage: str, _done: int, _total: int) -> None:
        if stage not in told:
            told.append(stage)
            print(stage, flush=True)

    report = library.rebuild(progress)
    print("built", report.snapshot, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
