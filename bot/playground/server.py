"""The Bot API over HTTP on the loopback: routes, tokens, faults, and the way in for tests.

async with BotApiServer() as server:
    ada = server.person(1001, "Ada")
    ...  # let a bot poll `server.url`, then let Ada talk to it
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from bot.playground.accounts import Account
from bot.playground.bell import Bell
from bot.playground.chats import PRIVATE, SUPERGROUP, Chat
from bot.playground.decoding import decode
from bot.playground.dispatch import Dispatcher, Request, canonical
from bot.playground.driver import Person, outside_chat
from bot.playground.errors import ApiError, unauthorized
from bot.playground.faults import Fault, Faults, Moment
from bot.playground.floods import Limits
from bot.playground.inline_cache import InlineCache
from bot.playground.methods import with_webhook
from bot.playground.webhook import Webhook
from bot.playground.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.playground.retention import Retention

HOST = "127.0.0.1"
BODY_BYTES = 60_000_000


class BotApiServer:
    """One bot's Telegram, for as long as the context lasts."""

    def __init__(
        self,
        token: str = "42:TEST",  # noqa: S107 - opens nothing but this server
        *,
        username: str = "test_bot",
        first_name: str = "Test",
        limits: Limits | None = None,
        privacy_mode: bool = True,
        port: int = 0,
        inline_cache: bool = False,
        clock: Callable[[], float] = time.monotonic,
        retention: Retention | None = None,
        first_id: int | None = None,
    ) -> None:
        self.token = token
        bot = Account(int(token.partition(":")[0]), first_name, username=username, is_bot=True)
        self.world = World(
            bot,
            limits or Limits(),
            privacy_mode=privacy_mode,
            clock=clock,
            retention=retention,
            first_id=first_id,
        )
        self.world.inline_cache = InlineCache(clock) if inline_cache else None
        self.faults = Faults()
        self._dispatcher = Dispatcher(self.world)
        self.webhook = Webhook(self.world.updates, self._dispatcher.execute)
        self._dispatcher.handlers = with_webhook(self.webhook)
        self._port = port
        self._runner: web.AppRunner | None = None
        self._installs: list[Callable[[web.Application], None]] = []

    async def __aenter__(self) -> Self:
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, self._port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._port = runner.addresses[0][1]
        self._runner = runner
        return self

    async def __aexit__(self, *_: object) -> None:
        self.world.updates.close()
        await self.webhook.stop()
        if self._runner:
            await self._runner.cleanup()

    def mount(self, install: Callable[[web.Application], None]) -> None:
        """Let something else be served on the same port; to be said before the server starts."""
        self._installs.append(install)

    @property
    def url(self) -> str:
        """Where the Bot API is, without a slash at the end."""
        return f"http://{HOST}:{self._port}"

    @property
    def bot(self) -> Account:
        """The account of the bot under test."""
        return self.world.bot

    @property
    def requests(self) -> list[Request]:
        """Every call so far, oldest first, refused ones too."""
        return self._dispatcher.requests

    def calls(self, method: str) -> list[Request]:
        """Return the calls of one method so far."""
        return [request for request in self.requests if request.method == method]

    def person(
        self,
        user_id: int,
        first_name: str = "Ada",
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "en",
    ) -> Person:
        """Add someone with a Telegram account."""
        account = Account(user_id, first_name, last_name, username, language_code)
        self.world.people[user_id] = account
        return Person(account, self.world)

    def private_chat(self, person: Person) -> Chat:
        """Return the chat of a person who has started the bot."""
        found = self.world.chats.get(person.id)
        if found:
            return found
        chat = Chat(person.id, PRIVATE, self.bot, members=_members([person]), **self._shared())
        return self._keep(chat)

    def group(
        self,
        chat_id: int,
        title: str,
        members: Iterable[Person] = (),
        *,
        topics: Mapping[int, str] | bool = False,
        admins: Iterable[Person | Account] = (),
        has_bot: bool = True,
    ) -> Chat:
        """Add a supergroup; `topics` makes it a forum, with names by thread identifier."""
        names = dict(topics) if not isinstance(topics, bool) else {} if topics else None
        chat = Chat(
            chat_id,
            SUPERGROUP,
            self.bot,
            title,
            members=_members(members),
            admins={admin.id for admin in admins},
            topics=names,
            has_bot=has_bot,
            **self._shared(),
        )
        return self._keep(chat)

    def elsewhere(self, *members: Person, title: str = "Elsewhere") -> Chat:
        """Return a chat the bot is not in and cannot name, for inline results and guests."""
        return outside_chat(self.bot, title, _members(members), **self._shared())

    def queue_raw(self, update: dict[str, Any]) -> int:
        """Queue an update as it stands, even one that nobody can decode."""
        return self.world.updates.push_raw(update)

    async def drained(self, timeout_s: float = 5.0) -> None:
        """Return once the bot has confirmed all updates."""
        await self.world.updates.drained(timeout_s)

    async def quiet(self, for_s: float = 0.1, timeout_s: float = 5.0) -> None:
        """Return once the bot has called nothing but getUpdates for `for_s` seconds.

        The way to see that a bot says nothing.

        Raises:
            TimeoutError: the bot did not come to rest.

        """
        began = time.monotonic()
        async with asyncio.timeout(timeout_s):
            # Only time passing is waited for, and that sets no event.
            while (busy_at := max(began, self._last_call_at())) + for_s > time.monotonic():  # noqa: ASYNC110
                await asyncio.sleep(busy_at + for_s - time.monotonic())

    def _last_call_at(self) -> float:
        calls = (request.at for request in self.requests if request.method != "getUpdates")
        return max(calls, default=0.0)

    def _shared(self) -> dict[str, Any]:
        return {
            "bell": Bell(self.world.bell),
            "retention": self.world.retention,
            "last_id": (self.world.first_id or 1) - 1,
        }

    def _keep(self, chat: Chat) -> Chat:
        self.world.chats[chat.id] = chat
        return chat

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=BODY_BYTES)
        application.router.add_get("/file/bot{token}/{path:.+}", self._download)
        application.router.add_route("GET", "/bot{token}/{method}", self._call)
        application.router.add_route("POST", "/bot{token}/{method}", self._call)
        for install in self._installs:
            install(application)
        return application

    async def _download(self, request: web.Request) -> web.Response:
        stored = self.world.files.at(request.match_info["path"])
        if request.match_info["token"] != self.token:
            return _response(unauthorized())
        if stored is None:
            return _response(ApiError(404, "Not Found"))
        return web.Response(body=stored.content, headers={"Content-Type": stored.mime_type})

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fault = self.faults.next_for(canonical(method))
        if fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault.drop is Moment.BEFORE:
            self._dispatcher.note(method, {})
            return _dropped(request)
        try:
            answer = {"ok": True, "result": await self._answer(request, method, fault)}
        except ApiError as error:
            return _response(error)
        if fault.drop is Moment.AFTER:
            return _dropped(request)
        return web.json_response(text=fault.body or json.dumps(answer, ensure_ascii=False))

    async def _answer(self, request: web.Request, method: str, fault: Fault) -> Any:
        if request.match_info["token"] != self.token:
            self._dispatcher.note(method, {}, error := unauthorized())
            raise error
        given, uploads = await decode(request)
        if fault.error:
            self._dispatcher.note(method, given, fault.error)
            raise fault.error
        return await self._dispatcher.execute(method, given, uploads)


def _members(people: Iterable[Person]) -> dict[int, Account]:
    return {person.id: person.account for person in people}


def _response(error: ApiError) -> web.Response:
    return web.json_response(error.as_json(), status=error.code)


def _dropped(request: web.Request) -> web.Response:
    """Close the connection under the client's feet."""
    if request.transport:
        request.transport.abort()
    return web.Response()
