"""The webhook: Telegram brings updates, and is thanked only when they are safe in the inbox.

Path and secret are derived from the token, so that all replicas behind one address agree on them
and nobody else can guess them. Source: https://core.telegram.org/bots/api#setwebhook
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiogram.exceptions import AiogramError
from aiohttp import web

from bot.ops.server import listening
from bot.redaction import hide_in_logs
from bot.state.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiogram import Bot

    from bot.settings import Settings
    from bot.telegram.receiving.intake import Intake
    from bot.telegram.sending.session import PatientSession

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_BODY_BYTES = 1_000_000
_BODY_S = 10.0
_CONNECTIONS = 40
_LOOK_EVERY_S = 30.0
_GRACE_S = 5.0


class Webhook:
    """A server that Telegram brings updates to; it stays set at the end, for other replicas."""

    def __init__(
        self,
        bot: Bot,
        intake: Intake,
        settings: Settings,
        allowed: Sequence[str],
        session: PatientSession,
    ) -> None:
        self._bot = bot
        self._allowed = list(allowed)
        self._session = session
        self._address = settings.webhook_host, settings.webhook_port
        self._path = derived(bot.token, "path")
        self._secret = derived(bot.token, "secret")
        self._url = f"{settings.webhook_url}/{self._path}"
        self._door = Door(intake, self._path, self._secret)
        for hidden in (self._path, self._secret):
            hide_in_logs(hidden)

    async def run(self) -> None:
        """Receive until cancelled.

        Raises:
            ServiceError: The port cannot be had.
            TelegramAPIError: Telegram will not have this webhook.
        """
        application = web.Application(client_max_size=_BODY_BYTES)
        application.router.add_post("/{path:.*}", self._door.receive)
        host, port = self._address
        async with listening(application, host, port, "AUDIATUR_WEBHOOK_PORT", _GRACE_S):
            await self._bot.set_webhook(
                self._url,
                secret_token=self._secret,
                allowed_updates=self._allowed,
                max_connections=_CONNECTIONS,
            )
            logger.info("webhook set; listening on %s:%d", host, port)
            await self._watch()

    async def _watch(self) -> None:
        """See that Telegram still answers, and still brings updates here."""
        while True:
            try:
                info = await self._bot.get_webhook_info()
            except AiogramError as error:
                logger.warning("no word about the webhook: %s", type(error).__name__)
            else:
                if info.url != self._url:
                    self._session.refuse("another instance took the webhook away; stop one of both")
            await asyncio.sleep(_LOOK_EVERY_S)


class Door:
    """Lets in what knows path and secret, is not too long, and is JSON."""

    def __init__(self, intake: Intake, path: str, secret: str) -> None:
        self._intake = intake
        self._path = path
        self._secret = secret

    async def receive(self, request: web.Request) -> web.Response:
        """Keep an update and return 200; otherwise a status that says what is wrong."""
        refusal = self._refusal(request)
        if refusal:
            return web.Response(status=refusal)
        try:
            async with asyncio.timeout(_BODY_S):
                update = json.loads(await request.read())
        except (ValueError, RecursionError):
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        except TimeoutError:
            return web.Response(status=HTTPStatus.REQUEST_TIMEOUT)
        try:
            await self._intake.take([update])
        except StateError as error:
            logger.warning("an update could not be kept: %s", type(error).__name__)
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        return web.Response()

    def _refusal(self, request: web.Request) -> HTTPStatus | None:
        """Return what is wrong with a request, before any of its body is read."""
        # a proxy may hand on the address' own path, or keep it to itself
        if not _same(request.match_info["path"].rpartition("/")[2], self._path):
            return HTTPStatus.NOT_FOUND
        if not _same(request.headers.get(SECRET_HEADER, ""), self._secret):
            return HTTPStatus.UNAUTHORIZED
        if request.content_type != "application/json":
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        return None


def derived(token: str, purpose: str) -> str:
    """Return a secret of 64 hexadecimal digits that only holders of the token can know."""
    words = f"audiatur webhook {purpose}".encode()
    return hmac.new(token.encode(), words, hashlib.sha256).hexdigest()


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
