"""`/health` and `/metrics`, on a port of their own."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from bot.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.ops.health import Health
    from bot.ops.metrics import Metrics

logger = logging.getLogger(__name__)

_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@asynccontextmanager
async def ops_server(host: str, port: int, health: Health, metrics: Metrics) -> AsyncIterator[None]:
    """Serve while the context lasts.

    Raises:
        ServiceError: The port is taken, or the address is none of this machine's.
    """
    application = web.Application()
    pages = _Pages(health, metrics)
    application.router.add_get("/health", pages.health)
    application.router.add_get("/metrics", pages.metrics)
    async with listening(application, host, port, "AUDIATUR_OPS_PORT"):
        logger.info("health and metrics on %s:%d", host, port)
        yield


@asynccontextmanager
async def listening(
    application: web.Application, host: str, port: int, setting: str, grace_s: float = 1.0
) -> AsyncIterator[None]:
    """Serve an application; requests that have begun get `grace_s` to end.

    Raises:
        ServiceError: The port cannot be had; `setting` names the variable to change.
    """
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=grace_s)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise ServiceError(f"cannot listen on {host}:{port}; change {setting}") from error
        yield
    finally:
        await runner.cleanup()


class _Pages:
    def __init__(self, health: Health, metrics: Metrics) -> None:
        self._health = health
        self._metrics = metrics

    async def health(self, _request: web.Request) -> web.Response:
        """Return 200, or 503 with the reasons."""
        condition = await self._health.condition()
        status = HTTPStatus.SERVICE_UNAVAILABLE if condition.reasons else HTTPStatus.OK
        content = {
            "healthy": not condition.reasons,
            "reasons": condition.reasons,
            "waiting": condition.waiting,
        }
        return web.json_response(content, status=status)

    async def metrics(self, _request: web.Request) -> web.Response:
        """Return what was counted."""
        body = self._metrics.rendered(await self._health.waiting())
        return web.Response(body=body, headers={"Content-Type": _PROMETHEUS})
