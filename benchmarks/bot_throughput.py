"""The bot beside a bare echo bot: answers a second and latencies with 1, 10 and 100 chats at once.

    .venv/bin/python benchmarks/bot_throughput.py [--seconds 8] [--rounds 3] [--data DATA]

One process is Telegram and everybody who asks; each bot is a process of its own with a server of
its own there, and they take turns within each round. A chat asks again as soon as it is answered.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from processes import ROOT, BotProcess, cpu_s, start
from recording import brief, record, say, show
from workload import SEEDS, STUB_CORPUS, UNTHROTTLED, questions

from bot.playground import BotApiServer, Chat, Person
from bot.playground.retention import Retention

CROWDS = (1, 10, 100)
ECHO = "echo"
ANSWER_S = 300.0
_KEPT = Retention(messages=6, calls=200)
_SETTLING_S = 1.0
_BRIEF = ("chats", "bot", "answers/s", "ratio to echo", "p50 ms", "p95 ms", "p99 ms")


@dataclass(frozen=True, slots=True)
class Side:
    """A bot under test, and who talks to it."""

    name: str
    server: BotApiServer
    process: BotProcess
    chats: list[tuple[Person, Chat]]
    texts: list[str]


@dataclass(slots=True)
class Run:
    """What one bot did for so many chats in one round; times in milliseconds."""

    side: str
    crowd: int
    seconds: float
    latencies_ms: list[float] = field(default_factory=list)
    within: int = 0
    quoted: int = 0
    bot_cpu_s: float = 0.0
    server_cpu_s: float = 0.0

    @property
    def per_s(self) -> float:
        """Answers a second, of those that came before the time was over."""
        return self.within / self.seconds


async def main() -> None:
    """Measure, print, record."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", type=Path, help="a folder for the index of the seeds")
    parser.add_argument("--only", choices=("stub", "seeds"), help="leave the other bot out")
    options = parser.parse_args()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sides = await _sides(stack, folder, options.data, options.only)
        runs = []
        for number in range(options.rounds):
            for crowd in CROWDS:
                turn = sides[number % len(sides) :] + sides[: number % len(sides)]
                runs += [await _run(side, crowd, options.seconds) for side in turn]
    rows = _rows(runs)
    show(list(rows[0]), [list(row.values()) for row in rows])
    if not options.only:
        content = {"rounds": options.rounds, "seconds": options.seconds, "rows": rows}
        real = [row for row in rows if "stub" not in row["bot"]]
        record("throughput", content | {"brief": brief(real, _BRIEF)})


async def _sides(
    stack: AsyncExitStack, folder: Path, data: Path | None, only: str | None
) -> list[Side]:
    if data is None:
        data = folder / "seeds"
        if (ROOT / "data").is_dir():
            shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("bot.sqlite*"))
    plain = UNTHROTTLED | {"AUDIATUR_CORPUS": str(STUB_CORPUS), "AUDIATUR_DATA": f"{folder}/stub"}
    real = UNTHROTTLED | {"AUDIATUR_CORPUS": str(SEEDS), "AUDIATUR_DATA": str(data)}
    sides = [await _side(stack, folder, ECHO, "stub", "echo.py", [], {})]
    if only != "seeds":
        sides.append(await _side(stack, folder, "bot, stub encoder", "stub", "serving.py",
                                 ["--stub"], plain))  # fmt: skip
    if only != "stub":
        sides.append(await _side(stack, folder, "bot", "seeds", "serving.py", [], real))
    return sides


_numbers = count(42)


async def _side(
    stack: AsyncExitStack,
    folder: Path,
    name: str,
    corpus: str,
    script: str,
    arguments: list[str],
    settings: dict[str, str],
) -> Side:
    server = BotApiServer(f"{next(_numbers)}:BENCH", retention=_KEPT)
    await stack.enter_async_context(server)
    process = await start(script, server, folder, arguments, settings)
    stack.push_async_callback(process.stop)
    people = [server.person(1001 + number) for number in range(max(CROWDS))]
    chats = [(person, server.private_chat(person)) for person in people]
    texts = [one.text for one in questions(corpus)]
    await asyncio.gather(*(person.ask(chat, texts[0], timeout_s=60) for person, chat in chats[:5]))
    say(f"{name} is ready")
    return Side(name, server, process, chats, texts)


async def _run(side: Side, crowd: int, seconds: float) -> Run:
    run = Run(side.name, crowd, seconds)
    before = side.process.cpu_s, cpu_s()
    end = time.monotonic() + seconds
    asking = (_ask(run, side, number, end) for number in range(crowd))
    await asyncio.gather(*asking)
    run.bot_cpu_s = side.process.cpu_s - before[0]
    run.server_cpu_s = cpu_s() - before[1]
    say(f"{side.name}, {crowd} chats: {run.per_s:.1f} answers/s")
    await asyncio.sleep(_SETTLING_S)
    return run


async def _ask(run: Run, side: Side, number: int, end: float) -> None:
    """Ask in one chat, question after question."""
    person, chat = side.chats[number]
    for place in count(number):
        began = time.monotonic()
        if began >= end:
            return
        question = side.texts[place % len(side.texts)]
        answer = await person.ask(chat, question, timeout_s=ANSWER_S)
        ended = time.monotonic()
        run.latencies_ms.append((ended - began) * 1000)
        run.within += ended <= end
        quoted = any("blockquote" in entity["type"] for entity in answer.entities)
        run.quoted += answer.text == question if side.name == ECHO else quoted


def _rows(runs: list[Run]) -> list[dict[str, Any]]:
    return [
        _row([run for run in runs if (run.side, run.crowd) == (side, crowd)], runs)
        for crowd in CROWDS
        for side in dict.fromkeys(run.side for run in runs)
    ]


def _row(rounds: list[Run], runs: list[Run]) -> dict[str, Any]:
    """Return medians over the rounds; ratios are taken within a round, latencies pooled."""
    crowd = rounds[0].crowd
    echoes = [run for run in runs if (run.side, run.crowd) == (ECHO, crowd)]
    latencies = sorted(one for run in rounds for one in run.latencies_ms)
    answers = len(latencies)
    ratios = [run.per_s / echo.per_s for run, echo in zip(rounds, echoes, strict=True)]
    return {
        "chats": crowd,
        "bot": rounds[0].side,
        "answers/s": round(statistics.median(run.per_s for run in rounds), 1),
        "ratio to echo": round(statistics.median(ratios), 3),
        "p50 ms": _percentile(latencies, 50),
        "p95 ms": _percentile(latencies, 95),
        "p99 ms": _percentile(latencies, 99),
        "bot CPU ms/answer": round(1000 * sum(run.bot_cpu_s for run in rounds) / answers, 2),
        "server CPU ms/answer": round(1000 * sum(run.server_cpu_s for run in rounds) / answers, 2),
        "right answers": f"{sum(run.quoted for run in rounds)} of {answers}",
    }


def _percentile(ordered: list[float], percent: int) -> float:
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1)


if __name__ == "__main__":
    asyncio.run(main())
