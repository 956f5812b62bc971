"""Delivers updates to the bot's own address, in order, until each is taken.

Source: https://core.telegram.org/bots/api#setwebhook
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import aiohttp

from bot.playground.decoding import decode_answer
from bot.playground.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.playground.updates import UpdateQueue
    from bot.playground.world import Upload

    Execute = Callable[[str, dict[str, Any], dict[str, Upload]], Awaitable[object]]

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
LONGEST_PAUSE_S = 5.0

log = logging.getLogger(__name__)


class Webhook:
    """Where updates are sent, and the task that sends them; idle while `url` is empty."""

    def __init__(self, queue: UpdateQueue, execute: Execute, first_pause_s: float = 0.05) -> None:
        self._queue = queue
        self._execute = execute
        self._first_pause_s = first_pause_s
        self._task: asyncio.Task[None] | None = None
        self.url = ""
        self.secret = ""
        self.max_connections = 40
        self.last_error: tuple[int, str] | None = None

    async def start(self, url: str, secret: str = "") -> None:
        """Deliver to `url` from now on, with `secret` in every request's header."""
        await self.stop()
        self.url, self.secret, self.last_error = url, secret, None
        self._task = asyncio.create_task(self._deliver())

    async def stop(self) -> None:
        """Stop delivering; what waits stays queued."""
        self.url = self.secret = ""
        task, self._task = self._task, None
        if task:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def info(self) -> dict[str, Any]:
        """Return a WebhookInfo."""
        info: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._queue),
        }
        if self.url:
            info["max_connections"] = self.max_connections
        if self.last_error:
            info["last_error_date"], info["last_error_message"] = self.last_error
        if self._queue.asked_for:
            info["allowed_updates"] = list(self._queue.asked_for)
        return info

    async def _deliver(self) -> None:
        pause_s = self._first_pause_s
        async with aiohttp.ClientSession() as session:
            while update := await self._queue.first():
                if await self._post(session, update):
                    self._queue.forget(update["update_id"] + 1)
                    pause_s = self._first_pause_s
                else:
                    await asyncio.sleep(pause_s)
                    pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _post(self, session: aiohttp.ClientSession, update: dict[str, Any]) -> bool:
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        try:
            async with session.post(self.url, json=update, headers=headers) as response:
                taken = HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES
                if not taken:
                    self._note(f"Wrong response from the webhook: {response.status}")
                elif call := await decode_answer(response):
                    await self._call_back(*call)
                return taken
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            self._note(f"Connection failed: {type(error).__name__}")
            return False

    async def _call_back(self, given: dict[str, Any], uploads: dict[str, Upload]) -> None:
        """Run the method that the bot put into its answer; nobody learns how that went."""
        try:
            await self._execute(given.pop("method"), given, uploads)
        except ApiError as error:
            log.debug("a method in a webhook's answer was refused: %s", error.description)

    def _note(self, message: str) -> None:
        log.debug("%s", message)
        self.last_error = int(time.time()), message
