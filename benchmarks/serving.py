"""Runs the bot as `audiatur bot` does; its settings come from the environment.

    serving.py [--stub] [--profile FILE] [--trace FILE]

`--stub` puts a stub in the encoder's place. `--profile` writes a cProfile of the whole run at its
end; `--trace` writes where memory is held, whenever SIGUSR1 comes.
"""

from __future__ import annotations

import argparse
import cProfile
import logging
import os
import signal
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.library import Library
    from bot.settings import Settings

_PLACES = 40
_FRAMES = 12


def main() -> None:
    """Run until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--stub", action="store_true")
    parser.add_argument("--profile", type=Path)
    parser.add_argument("--trace", type=Path)
    options = parser.parse_args()
    logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if options.trace:
        tracemalloc.start(_FRAMES)
        _write_memory_on_signal(options.trace)
    from bot.settings import settings_from  # noqa: PLC0415 - a trace begins first
    from bot.telegram.app import run_bot  # noqa: PLC0415

    settings = settings_from(os.environ)
    library = _library(settings, stub=options.stub)
    if not options.profile:
        run_bot(settings, library)
        return
    profile = cProfile.Profile(time.thread_time)  # others use the processors too
    profile.runcall(run_bot, settings, library)
    profile.dump_stats(options.profile)


def _library(settings: Settings, *, stub: bool) -> Library:
    from stub import StubEncoder  # noqa: PLC0415

    from bot.library import Library  # noqa: PLC0415

    library = Library(settings, StubEncoder() if stub else None)
    library.ensure(lambda *_: None)
    library.warm_up()
    return library


def _write_memory_on_signal(file: Path) -> None:
    before: list[tracemalloc.Snapshot] = []

    def write(*_: object) -> None:
        snapshot = tracemalloc.take_snapshot()
        found = (
            snapshot.compare_to(before[0], "traceback") if before else snapshot.statistics("lineno")
        )
        before[:] = before or [snapshot]
        with file.open("a", encoding="utf-8") as out:
            out.write(f"=== {tracemalloc.get_traced_memory()}\n")
            for one in found[:_PLACES]:
                lines = "\n".join(one.traceback.format())
                out.write(f"{one}\n{lines}\n\n")

    signal.signal(signal.SIGUSR1, write)


if __name__ == "__main__":
    main()
