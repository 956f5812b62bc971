"""Runs one call from its name and raw parameters to its result, and keeps the log of all calls.

The same way in for requests over HTTP and for methods called in answers to a webhook.
"""

from __future__ import annotations

import inspect
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.playground.errors import ApiError, bad_request, not_found
from bot.playground.retention import trim
from bot.playground.schema.description import bot_api
from bot.playground.validation import check_call
from bot.playground.world import Call, Upload, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.playground.methods import Handler


# Accepted by the description, but this server would only pretend to do what they ask.
UNSUPPORTED = frozenset(
    {
        "business_connection_id",
        "direct_messages_topic_id",
        "ephemeral_message_parameters",
        "suggested_post_parameters",
        "certificate",
    }
)


@dataclass(slots=True)
class Request:
    """One call as the server saw it, for tests to look at; `ok` is None while it runs."""

    method: str
    params: dict[str, Any]
    at: float = field(default_factory=time.monotonic)
    ok: bool | None = None
    error: ApiError | None = None
    result: Any = field(default=None, repr=False)


class Dispatcher:
    """Finds, checks and runs methods."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.handlers: Mapping[str, Handler] = {}
        self.requests: list[Request] = []

    async def execute(
        self, name: str, given: dict[str, Any], uploads: dict[str, Upload] | None = None
    ) -> Any:
        """Run a method and return its result.

        Raises:
            ApiError: the call was refused; it is in the log all the same.

        """
        request = self.note(name, given)
        try:
            request.result = await self._run(request, uploads or {})
        except ApiError as error:
            request.ok, request.error = False, error
            raise
        request.ok = True
        return request.result

    def note(self, name: str, given: dict[str, Any], error: ApiError | None = None) -> Request:
        """Add a call to the log."""
        request = Request(canonical(name), dict(given), ok=False if error else None, error=error)
        self.requests.append(request)
        trim(self.requests, self._world.retention.calls)
        return request

    async def _run(self, request: Request, uploads: dict[str, Upload]) -> Any:
        shape = bot_api().methods.get(request.method)
        if shape is None:
            raise not_found()
        request.params = check_call(shape, request.params, uploads)
        handler = self.handlers.get(shape.name)
        if handler is None:
            raise bad_request(f"method {shape.name} is not supported here")
        for name in sorted(UNSUPPORTED & request.params.keys()):
            raise bad_request(f"parameter {name} is not supported here")
        result = handler(self._world, Call(request.params, uploads))
        return await result if inspect.isawaitable(result) else result


def canonical(name: str) -> str:
    """Return a method's name in the description's spelling, if it is there."""
    shape = bot_api().find_method(name)
    return shape.name if shape else name
