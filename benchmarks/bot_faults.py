"""Every kind of fault, many times, under load: what was lost, what was answered twice.

    .venv/bin/python benchmarks/bot_faults.py [--times 40] [--kills 10] [--chats 40] [--only WORD]

Both ways of receiving. Half the chats are groups, where a reply names its question; in private
chats neighbouring questions belong to different debates, so that each answer names its question
too. Ends with 1 if anything was lost or answered twice.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import socket
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crowd import Crowd
from injecting import FAULTS, POLLING, SENDING, Garbage, Sprinkled
from processes import BotProcess, start
from recording import record, say, show
from workload import STUB_CORPUS, UNTHROTTLED, questions

from bot.playground import BotApiServer
from bot.playground.faults import Faults

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Awaitable, Callable

    from bot.playground import Message

    Row = dict[str, Any]
    Inject = Callable[[], Awaitable[Row]]

COLUMNS = (
    "asked", "answered once", "told it failed", "asked about", "answered twice", "lost",
    "out of order", "stray",
)  # fmt: skip
_BAD = ("answered twice", "lost", "out of order", "stray")
_SHARE = 0.3
_QUIET_S = 1.0
_LONGEST_LIFE_S = 1.5
_LIMIT_S = 600.0


@dataclass(slots=True)
class Stand:
    """A server, the bot in its process, and how to start that anew."""

    server: BotApiServer
    folder: Path
    settings: dict[str, str]
    bot: BotProcess
    first_id: int = 1_000
    size: int = 40
    _chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311

    def crowd(self) -> Crowd:
        """Return people and chats that nobody has met yet."""
        self.first_id += 1_000
        return Crowd(self.server, questions("stub"), self.first_id, self.size)

    async def kill(self) -> None:
        """Kill the bot at a random moment of its work, and start it again."""
        begun = len(self.server.requests)
        while len(self.server.requests) < begun + 5:  # noqa: ASYNC110 - it must be at work
            await asyncio.sleep(0.01)
        await asyncio.sleep(self._chance.uniform(0, _LONGEST_LIFE_S))
        await self.bot.kill()
        self.bot = await launched(self.server, self.folder, self.settings)


async def launched(server: BotApiServer, folder: Path, settings: dict[str, str]) -> BotProcess:
    """Start the bot with the stub."""
    return await start("serving.py", server, folder, ["--stub"], settings)


async def main() -> int:
    """Inject, count, print, record; return 1 if anything was lost or answered twice."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--chats", type=int, default=40)
    parser.add_argument("--only", default="", help="kinds whose name has this in it")
    options = parser.parse_args()
    rows: list[Row] = []
    for way in ("polling", "webhook"):
        async with AsyncExitStack() as stack:
            stand = await _stand(stack, way, options.chats)
            for name, inject in _kinds(stand, way, options.times, options.kills).items():
                if options.only in f"{way} {name}":
                    rows.append({"receiving": way, "fault": name} | await inject())
                    say(str(rows[-1]))
    show(list(rows[0]), [list(row.values()) for row in rows])
    bad = [row for row in rows if any(row[name] for name in _BAD)]
    if not options.only:
        record("faults", {"chats": options.chats, "rows": rows})
    say(f"{len(bad)} of {len(rows)} kinds lost, doubled or disordered something")
    return 1 if bad else 0


async def _stand(stack: AsyncExitStack, way: str, size: int) -> Stand:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    settings = UNTHROTTLED | {
        "AUDIATUR_CORPUS": str(STUB_CORPUS),
        "AUDIATUR_DATA": f"{folder}/data",
        "AUDIATUR_FOLLOW_UP_S": "0.001",  # each answer must be that of its own question
    }
    if way == "webhook":
        port = _free_port()
        settings |= {
            "AUDIATUR_WEBHOOK_URL": f"http://127.0.0.1:{port}",
            "AUDIATUR_WEBHOOK_PORT": str(port),
        }
    server = await stack.enter_async_context(BotApiServer())
    stand = Stand(server, folder, settings, await launched(server, folder, settings), size=size)

    async def stop() -> None:
        await stand.bot.stop()

    stack.push_async_callback(stop)
    return stand


def _kinds(stand: Stand, way: str, times: int, kills: int) -> dict[str, Inject]:
    methods = [SENDING, POLLING] if way == "polling" else [SENDING]
    found = {
        f"{name}, {method}": _with(_sprinkled, stand, name, method, times)
        for method in methods
        for name in FAULTS
    }
    return found | {
        "garbage updates": _with(_garbage, stand, times),
        "update delivered twice": _with(_twice, stand, times),
        "killed (SIGKILL)": _with(_kills, stand, kills),
    }


def _with(function: Callable[..., Awaitable[Row]], *arguments: object) -> Inject:
    return lambda: function(*arguments)


async def _sprinkled(stand: Stand, name: str, method: str, times: int) -> Row:
    share = _SHARE if method == SENDING else 2 * _SHARE
    stand.server.faults = sprinkled = Sprinkled(FAULTS[name], method, times, share)
    crowd = stand.crowd()
    await _ask(crowd, lambda: sprinkled.over)
    return await _counted(stand, crowd, sprinkled.struck)


async def _garbage(stand: Stand, times: int) -> Row:
    garbage = Garbage(stand.server, times)
    crowd = stand.crowd()
    numbers = count()

    def said(_message: Message) -> None:
        if next(numbers) % 3 == 0 and not garbage.over:
            garbage.strike()

    await _ask(crowd, lambda: garbage.over, said)
    return await _counted(stand, crowd, garbage.struck)


async def _twice(stand: Stand, times: int) -> Row:
    """Deliver updates once more: at once, and after they were answered."""
    given: list[dict[str, object]] = []
    push = stand.server.world.updates.push_raw
    repeated: list[int] = []

    def pushed(update: dict[str, object]) -> int:
        number = push(update)
        given.append(update | {"update_id": number})
        return number

    def said(_message: Message) -> None:
        if len(repeated) < times and len(given) % 2:
            again = given[-1] if len(given) % 4 == 1 else given[len(given) // 2]
            repeated.append(push(dict(again)))

    stand.server.world.updates.push_raw = pushed  # type: ignore[method-assign]
    crowd = stand.crowd()
    try:
        await _ask(crowd, lambda: len(repeated) >= times, said)
    finally:
        del stand.server.world.updates.push_raw
    return await _counted(stand, crowd, len(repeated))


async def _kills(stand: Stand, kills: int) -> Row:
    crowd = stand.crowd()
    done: list[bool] = []

    async def kill() -> None:
        for _ in range(kills):
            await stand.kill()
        done.append(True)

    killing = asyncio.create_task(kill())
    await _ask(crowd, lambda: bool(done) or killing.done())
    await killing
    return await _counted(stand, crowd, kills)


async def _ask(
    crowd: Crowd, over: Callable[[], bool], said: Callable[[Message], None] = lambda _message: None
) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LIMIT_S):
            await crowd.ask_until(over, said)


async def _counted(stand: Stand, crowd: Crowd, struck: int) -> Row:
    stand.server.faults = Faults()
    await stand.server.drained(30.0)
    await stand.server.quiet(_QUIET_S, 60.0)
    tapped = await crowd.redeem()
    await stand.server.quiet(_QUIET_S, 60.0)
    found: Counter[str] = crowd.counted()
    counts = {name: found[name] for name in COLUMNS}
    return {"injected": struck} | counts | {"answered by a tap": tapped}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
