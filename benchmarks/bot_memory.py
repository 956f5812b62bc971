"""What the bot holds in memory and on disk after 5,000, 20,000 and 50,000 updates.

    .venv/bin/python benchmarks/bot_memory.py [--stub] [--updates 50000] [--trace FILE]

Many people: each writes questions, taps buttons under the answers and types inline queries. The
encoder is the real one unless `--stub` is given. `--trace` has the bot write where it holds what
has come since the first measurement (tracemalloc); that run is slow, and its numbers are not kept.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import signal
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from processes import ROOT, BotProcess, start
from recording import record, say, show
from workload import SEEDS, STUB_CORPUS, UNTHROTTLED, questions

from bot.playground import BotApiServer, Chat, Message, Person
from bot.playground.retention import Retention

if TYPE_CHECKING:
    from collections.abc import Iterator

PEOPLE = 10_000
WARM_UP = 1_000
MARKS = (5_000, 20_000, 50_000)
_AT_ONCE = 32
_PATIENCE_S = 120.0
_KEPT = Retention(messages=2, calls=100)
_SHARES = {"message": 0.6, "callback": 0.25, "inline": 0.15}
_MB = 1_000_000


@dataclass(slots=True)
class Visitor:
    """Somebody with a chat, and the last answer there."""

    person: Person
    chat: Chat
    answer: Message | None = None


class Visits:
    """Updates of many people, one after another in each chat, several chats at once."""

    def __init__(self, server: BotApiServer, texts: list[str]) -> None:
        self._visitors = [_visitor(server, 1_001 + number) for number in range(PEOPLE)]
        self._texts = texts
        self._chance = random.Random(11)  # noqa: S311 - no secret
        self._turns = self._in_turn()
        self.sent = 0
        self.unanswered = 0

    async def go_on(self, until: int) -> None:
        """Send updates until so many have been sent in all."""
        await asyncio.gather(*(self._walk(until) for _ in range(_AT_ONCE)))

    async def _walk(self, until: int) -> None:
        while self.sent < until:
            self.sent += 1
            try:
                await self._visit(next(self._turns))
            except TimeoutError:
                self.unanswered += 1

    def _in_turn(self) -> Iterator[Visitor]:
        for number in count():
            yield self._visitors[number % PEOPLE]

    async def _visit(self, visitor: Visitor) -> None:
        (kind,) = self._chance.choices(list(_SHARES), list(_SHARES.values()))
        text = self._chance.choice(self._texts)
        if kind == "inline":
            await visitor.person.inline(f"{text} {self.sent}", timeout_s=_PATIENCE_S)
            return
        button = self._button(visitor)
        if kind == "callback" and visitor.answer and button:
            await visitor.person.press(visitor.answer, button, timeout_s=_PATIENCE_S)
            return
        visitor.answer = await visitor.person.ask(visitor.chat, text, timeout_s=_PATIENCE_S)

    def _button(self, visitor: Visitor) -> dict[str, str] | None:
        rows = visitor.answer.buttons if visitor.answer else []
        buttons = [button for row in rows for button in row if "callback_data" in button]
        return self._chance.choice(buttons) if buttons else None


def _visitor(server: BotApiServer, number: int) -> Visitor:
    person = server.person(number, language_code="de" if number % 2 else "en")
    return Visitor(person, server.private_chat(person))


async def main() -> None:
    """Measure, print, record."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--stub", action="store_true")
    parser.add_argument("--updates", type=int, default=MARKS[-1])
    parser.add_argument("--trace", type=Path)
    parser.add_argument("--data", type=Path, help="a folder for the index of the seeds")
    options = parser.parse_args()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        data = _data(folder, options.data, stub=options.stub)
        corpus = STUB_CORPUS if options.stub else SEEDS
        settings = UNTHROTTLED | {"AUDIATUR_CORPUS": str(corpus), "AUDIATUR_DATA": str(data)}
        arguments = ["--stub"] if options.stub else []
        arguments += ["--trace", str(options.trace)] if options.trace else []
        server = await stack.enter_async_context(BotApiServer(retention=_KEPT))
        bot = await start("serving.py", server, folder, arguments, settings)
        stack.push_async_callback(bot.stop)
        rows = await _measured(server, bot, data, options.updates, stub=options.stub)
    show(list(rows[0]), [list(row.values()) for row in rows])
    if not options.trace and options.updates == MARKS[-1]:
        record(
            f"memory, {'stub' if options.stub else 'real'} encoder",
            {"people": PEOPLE, "shares": _SHARES, "rows": rows},
        )


async def _measured(
    server: BotApiServer, bot: BotProcess, data: Path, updates: int, *, stub: bool
) -> list[dict[str, object]]:
    texts = [one.text for one in questions("stub" if stub else "seeds")]
    visits = Visits(server, texts)
    rows: list[dict[str, object]] = []
    began = time.monotonic()
    for mark in (0, WARM_UP, *MARKS):
        if mark > updates:
            break
        await visits.go_on(mark)
        await server.quiet(1.0, 60.0)
        rows.append(
            {
                "updates": mark,
                "resident MB": round(bot.resident_kb / 1_000, 1),
                "bot.sqlite MB": _megabytes(data, "bot.sqlite"),
                "with its log": _megabytes(data, "bot.sqlite*"),
                "unanswered": visits.unanswered,
                "CPU s": round(bot.cpu_s, 1),
                "seconds": round(time.monotonic() - began, 1),
            }
        )
        say(str(rows[-1]))
        if mark >= WARM_UP:
            _have_it_traced(bot)
    return rows


def _have_it_traced(bot: BotProcess) -> None:
    """Ask for a report; a bot that does not trace would end, so it is asked what it listens to."""
    status = Path(f"/proc/{bot.process.pid}/status").read_text(encoding="ascii")
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    if caught >> (signal.SIGUSR1 - 1) & 1:
        os.kill(bot.process.pid, signal.SIGUSR1)


def _data(folder: Path, given: Path | None, *, stub: bool) -> Path:
    if given:
        return given
    data = folder / "data"
    if not stub and (ROOT / "data").is_dir():
        shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("bot.sqlite*"))
    return data


def _megabytes(data: Path, pattern: str) -> float:
    return round(sum(file.stat().st_size for file in data.glob(pattern)) / _MB, 1)


if __name__ == "__main__":
    asyncio.run(main())
