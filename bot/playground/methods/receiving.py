"""getUpdates and the webhook: the two ways of taking updates, one at a time."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.playground.errors import bad_request, conflict
from bot.playground.updates import MAX_UPDATES

if TYPE_CHECKING:
    from bot.playground.webhook import Webhook
    from bot.playground.world import Call, World

# The public servers deliver to no other ports.
PORTS = frozenset({80, 88, 443, 8443})

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


async def get_updates(world: World, call: Call) -> list[dict[str, Any]]:
    """Confirm what came before `offset` and return what comes next."""
    if world.webhook_url:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    params = call.params
    limit = params.get("limit", MAX_UPDATES)
    if not 1 <= limit <= MAX_UPDATES:
        raise bad_request(f"limit must be 1-{MAX_UPDATES}")
    if "allowed_updates" in params:
        world.updates.allow(params["allowed_updates"])
    world.updates.forget(params.get("offset", 0))
    if not world.updates.wanted:
        world.bell.ring()
    return await world.updates.poll(limit, params.get("timeout", 0))


class WebhookMethods:
    """The methods that start, stop and describe the webhook."""

    def __init__(self, webhook: Webhook) -> None:
        self._webhook = webhook

    async def set_webhook(self, world: World, call: Call) -> bool:
        """Deliver updates to an address from now on; an empty one removes the webhook."""
        params = call.params
        url, secret = params["url"], params.get("secret_token", "")
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        if url:
            _check_address(url)
        if "allowed_updates" in params:
            world.updates.allow(params["allowed_updates"])
        if params.get("drop_pending_updates"):
            world.updates.clear()
        self._webhook.max_connections = params.get("max_connections", 40)
        if url:
            await self._webhook.start(url, secret)
        else:
            await self._webhook.stop()
        world.webhook_url = url
        return True

    async def delete_webhook(self, world: World, call: Call) -> bool:
        """Stop delivering; getUpdates works again."""
        if call.params.get("drop_pending_updates"):
            world.updates.clear()
        await self._webhook.stop()
        world.webhook_url = ""
        return True

    def get_webhook_info(self, _world: World, _call: Call) -> dict[str, Any]:
        """Return a WebhookInfo."""
        return self._webhook.info()


def _check_address(url: str) -> None:
    """Demand HTTPS, except on the loopback, where a local Bot API server may use HTTP."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname)):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not parts.hostname:
        raise bad_request("bad webhook: URL host is empty")
    if not _is_loopback(parts.hostname) and (parts.port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
