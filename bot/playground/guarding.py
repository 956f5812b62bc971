"""Keeps other websites away from the page: a loopback address is no protection by itself.

Any site open in the same browser can send requests to 127.0.0.1, and a name that resolves to it
later (DNS rebinding) makes such a site look like this one. So the host must be the loopback by
its own name, and what changes anything must come from the page itself.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HTTP = 80
NAMES = ("127.0.0.1", "localhost")
_FRIENDLY_SITES = frozenset({None, "none", "same-origin"})

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-cache",
}


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 403 to whoever comes from elsewhere."""
    reason = _objection(request)
    if reason:
        return web.Response(status=HTTPStatus.FORBIDDEN, text=f"{reason}\n")
    return await handler(request)


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Put the page's headers on every answer, before it is sent."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _objection(request: web.Request) -> str | None:
    port = _port(request)
    hosts = {f"{name}:{port}" for name in NAMES} | set(NAMES if port == HTTP else ())
    if request.host not in hosts:
        return "This server answers to its loopback address only."
    origin = request.headers.get("Origin")
    if origin is not None and origin not in {f"http://{host}" for host in hosts}:
        return "Requests from other sites are refused."
    if request.headers.get("Sec-Fetch-Site") not in _FRIENDLY_SITES:
        navigating = request.headers.get("Sec-Fetch-Mode") == "navigate"
        if not (navigating and request.method == "GET" and request.path == "/"):
            return "Requests from other sites are refused."
    if request.method == "POST" and request.path.startswith("/play/") and origin is None:
        return "Only the page itself may do this."
    return None


def _port(request: web.Request) -> int:
    socket = request.transport.get_extra_info("sockname") if request.transport else None
    return int(socket[1]) if socket else 0
