"""Opens the playground: the loopback server with its page, and the real bot talking to it.

Knows of the bot only that it runs on settings; the bot knows nothing of the playground.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import secrets
import signal
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import SettingsError
from bot.playground.floods import Limits
from bot.playground.retention import Retention
from bot.playground.server import BotApiServer
from bot.playground.stage import GRACE, set_stage
from bot.playground.web import Page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from bot.settings import Settings

BOT_ID = 4711
# Numbers begin at the tenths of seconds since 2026, so that no two playgrounds on one data folder
# share any: a bot remembers which updates it has seen.
EPOCH_S = 1_767_225_600
USERNAME = "audiatur_bot"
# Telegram's own are stricter; here a person clicks faster than a chat is read.
LIMITS = Limits(chat_per_s=5.0, chat_burst=30, overall_per_s=60.0)


async def open_playground(
    settings: Settings,
    run_bot: Callable[[Settings], Awaitable[None]],
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve the page and run the bot against it, until either ends or a signal says so.

    `run_bot` gets settings with a token, an address and an admin of the playground's own;
    `announce` gets one line with the address of the page.

    Raises:
        SettingsError: the port is taken.

    """
    server = BotApiServer(
        f"{BOT_ID}:{secrets.token_urlsafe(24)}",
        username=USERNAME,
        first_name="Audiatur",
        limits=LIMITS,
        port=settings.playground_port,
        inline_cache=True,
        retention=Retention.long(),
        first_id=max(1, int(10 * (time.time() - EPOCH_S))),
    )
    server.mount(Page(set_stage(server)).install)
    async with _serving(server, settings.playground_port):
        with tempfile.TemporaryDirectory(prefix="audiatur-", ignore_cleanup_errors=True) as folder:
            task = asyncio.ensure_future(run_bot(_own(settings, server, Path(folder))))
            with _signals_calling(task.cancel):
                (announce or _print)(f"playground: {server.url}")
                await _ended(task)


def _own(settings: Settings, server: BotApiServer, folder: Path) -> Settings:
    """Return settings with a token, an admin and a memory of the playground's own.

    What waits in its memory is nothing for the real bot, and the other way round.
    """
    return replace(
        settings,
        token=server.token,
        api_url=server.url,
        admins=frozenset({GRACE}),
        webhook_url=None,
        redis_url=None,
        memory=folder / "bot.sqlite",
    )


@contextlib.asynccontextmanager
async def _serving(server: BotApiServer, port: int) -> AsyncIterator[None]:
    async with contextlib.AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(server)
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            raise SettingsError(
                f"port {port} is taken or not allowed; choose another with "
                f"AUDIATUR_PLAYGROUND_PORT={port + 1 if port < 65_535 else 8080}"  # noqa: PLR2004
            ) from error
        yield


@contextlib.contextmanager
def _signals_calling(stop: Callable[[], object]) -> Iterator[None]:
    """Let signals stop the bot, unless it takes them over itself."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    # Elsewhere than on Unix, and outside the main thread, Ctrl-C works its own way.
    impossible = contextlib.suppress(NotImplementedError, RuntimeError, ValueError)
    for each in signals:
        with impossible:
            loop.add_signal_handler(each, stop)
    try:
        yield
    finally:
        for each in signals:
            with impossible:
                loop.remove_signal_handler(each)


async def _ended(bot: asyncio.Future[None]) -> None:
    """Return when the bot has ended by itself or by a signal; raise what it failed of."""
    try:
        await asyncio.wait({bot})
    except asyncio.CancelledError:
        bot.cancel()
        await asyncio.wait({bot})
        raise
    if not bot.cancelled():
        bot.result()


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
