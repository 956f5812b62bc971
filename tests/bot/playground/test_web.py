"""The page over HTTP: who is let in, what is streamed, what acts do and refuse."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.playground import BotApiServer
from bot.playground.guarding import POLICY
from bot.playground.stage import ADA, BOB, GRACE, Stage, set_stage
from bot.playground.views import MAX_UPLOAD_BYTES
from bot.playground.web import MAX_STREAMS, Page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.bot.playground.conftest import Client, Connect

Json = dict[str, Any]
MORE = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]}


@dataclass(slots=True)
class Visitor:
    """A page's end of the wire."""

    session: aiohttp.ClientSession
    url: str
    headers: dict[str, str] = field(default_factory=dict)

    async def act(self, name: str, status: int = 200, **given: Any) -> Json:
        given = {"person": ADA, "chat": "private"} | given
        async with self.session.post(
            f"{self.url}/play/acts/{name}", json=given, headers=self.headers
        ) as response:
            body: Json = await response.json()
            assert response.status == status, body
            return body

    async def scenes(self, person: int = ADA, last: str | None = None) -> Scenes:
        headers = {"Last-Event-ID": last} if last else {}
        url = f"{self.url}/play/scenes?person={person}"
        return Scenes(await self.session.get(url, headers=headers))


@dataclass(slots=True)
class Scenes:
    """A stream of server-sent events."""

    response: aiohttp.ClientResponse
    last: str = ""

    async def next(self) -> Json:
        async with asyncio.timeout(5):
            while line := (await self.response.content.readline()).decode():
                if line.startswith("id: "):
                    self.last = line.removeprefix("id: ").strip()
                if line.startswith("data: "):
                    scene: Json = json.loads(line.removeprefix("data: "))
                    return scene
        raise EOFError


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer(username="audiatur_bot") as running:
        yield running


@pytest.fixture
async def staged() -> AsyncIterator[Stage]:
    """A server with a page; acts give up after a moment."""
    running = BotApiServer(username="audiatur_bot")
    stage = set_stage(running)
    running.mount(Page(stage, patience_s=0.1).install)
    async with running:
        yield stage


@pytest.fixture
def visitor(staged: Stage, session: aiohttp.ClientSession) -> Visitor:
    return Visitor(session, staged.server.url, {"Origin": staged.server.url})


@pytest.fixture
def call(staged: Stage, connect: Connect) -> Client:
    return connect(staged.server)


FOREIGN: list[tuple[str, str, dict[str, str]]] = [
    ("GET", "/", {"Host": "evil.example"}),
    ("GET", "/", {"Host": "127.0.0.1:1"}),
    ("GET", "/page/main.js", {"Sec-Fetch-Site": "cross-site"}),
    ("GET", "/play/scenes?person=1001", {"Host": "rebound.example:8080"}),
    ("GET", "/play/scenes?person=1001", {"Sec-Fetch-Site": "cross-site"}),
    ("GET", "/play/scenes?person=1001", {"Sec-Fetch-Site": "same-site"}),
    ("POST", "/play/acts/say", {}),
    ("POST", "/play/acts/say", {"Origin": "https://evil.example"}),
    ("POST", "/play/acts/say", {"Origin": "null"}),
    ("POST", "/play/acts/say", {"Origin": "http://127.0.0.1:1"}),
    ("POST", "/play/files", {"Origin": "https://evil.example"}),
    ("POST", "/bot42:TEST/sendMessage", {"Origin": "https://evil.example"}),
    ("GET", "/bot42:TEST/getMe", {"Host": "evil.example"}),
]


@pytest.mark.parametrize(("method", "path", "headers"), FOREIGN)
async def test_other_sites_are_shut_out(
    staged: Stage, session: aiohttp.ClientSession, method: str, path: str, headers: dict[str, str]
) -> None:
    """By a rebound name, by a foreign origin, by a form, or by what the browser says of them."""
    body = {"data": json.dumps({"person": ADA, "chat": "private", "text": "x"})}
    more = body if method == "POST" else {}
    url = f"{staged.server.url}{path}"
    async with session.request(method, url, headers=headers, **more) as response:  # type: ignore[arg-type]
        assert response.status == 403
    assert staged.server.requests == []
    assert staged.server.private_chat(staged.people[ADA]).messages == []


async def test_the_page_is_served_with_strict_headers(
    staged: Stage, session: aiohttp.ClientSession
) -> None:
    """By either name of the loopback; a link from elsewhere may lead to it."""
    for host, site in (("127.0.0.1", "none"), ("localhost", "cross-site")):
        port = staged.server.url.rpartition(":")[2]
        headers = {
            "Host": f"{host}:{port}",
            "Sec-Fetch-Site": site,
            "Sec-Fetch-Mode": "navigate",
        }
        async with session.get(f"{staged.server.url}/", headers=headers) as response:
            assert response.status == 200
            assert response.headers["Content-Security-Policy"] == POLICY
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert "Playground" in await response.text()
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


@pytest.mark.parametrize("path", ["/page/web.py", "/page/..%2fweb.py", "/page/x.js", "/x"])
async def test_only_the_pages_own_files_are_served(
    staged: Stage, session: aiohttp.ClientSession, path: str
) -> None:
    """Names from a request never reach the disk."""
    async with session.get(f"{staged.server.url}{path}") as response:
        assert response.status == 404
        assert response.headers["Content-Security-Policy"] == POLICY


async def test_a_stream_begins_with_the_whole_scene(visitor: Visitor) -> None:
    """People, chats, languages; then only what changed."""
    scenes = await visitor.scenes()
    first = await scenes.next()
    assert first["whole"]
    assert [person["first_name"] for person in first["people"]] == ["Ada", "Bob", "Grace"]
    assert first["admins"] == [GRACE]
    assert [chat["name"] for chat in first["chats"]] == ["private", "group", "forum", "friends"]
    await visitor.act("say", text="one")
    await visitor.act("say", text="two")
    seen = (await scenes.next())["messages"]["private"]
    if len(seen) == 1:
        seen += (await scenes.next())["messages"]["private"]
    assert [(message["text"], message["mine"]) for message in seen] == [
        ("one", True),
        ("two", True),
    ]


async def test_a_page_that_comes_back_sees_what_it_missed(visitor: Visitor, call: Client) -> None:
    """Not more; but all, where the server is another one by now."""
    scenes = await visitor.scenes()
    await scenes.next()
    await visitor.act("say", text="one")
    await scenes.next()
    scenes.response.close()
    await call.result("sendMessage", chat_id=ADA, text="two")
    await call.result("deleteMessage", chat_id=ADA, message_id=1)
    missed = await (await visitor.scenes(last=scenes.last)).next()
    assert not missed["whole"]
    assert missed["messages"]["private"][0] == {"message_id": 1, "deleted": True}
    assert missed["messages"]["private"][1]["text"] == "two"
    again = await (await visitor.scenes(last="other.5")).next()
    assert again["whole"]
    assert [one.get("text") for one in again["messages"]["private"]] == [None, "two"]


async def test_everyone_sees_their_own_private_chat(visitor: Visitor) -> None:
    """And everyone the same groups."""
    await visitor.act("say", text="secret")
    await visitor.act("say", text="open", chat="friends")
    messages = (await (await visitor.scenes(BOB)).next())["messages"]
    assert messages["private"] == []
    assert [(one["text"], one["mine"]) for one in messages["friends"]] == [("open", False)]


async def test_streams_are_bounded(visitor: Visitor) -> None:
    """A page that opens ever more of them gets no further."""
    opened = [await visitor.scenes() for _ in range(MAX_STREAMS)]
    assert {scenes.response.status for scenes in opened} == {200}
    assert (await visitor.scenes()).response.status == 429
    assert (await visitor.scenes(7)).response.status == 404


async def test_streams_end_with_the_server(session: aiohttp.ClientSession) -> None:
    """At once, and cleanly."""
    server = BotApiServer()
    server.mount(Page(set_stage(server)).install)
    async with server:
        scenes = await Visitor(session, server.url).scenes()
        await scenes.next()
    with pytest.raises(EOFError):
        await scenes.next()


async def test_draft_action_and_menu_are_in_the_scene(visitor: Visitor, call: Client) -> None:
    """Until the bot speaks."""
    draft = {"draft_id": 1, "text": "gro<b>w</b>", "parse_mode": "HTML"}
    await call.result("sendMessageDraft", chat_id=ADA, **draft)
    await call.result("sendChatAction", chat_id=ADA, action="typing")
    commands = [{"command": "ask", "description": "Fragen"}]
    await call.result("setMyCommands", commands=commands, language_code="de")
    chat = (await (await visitor.scenes()).next())["chats"][0]
    assert chat["draft"]["text"] == "grow"
    assert 0 < chat["draft"]["left_ms"] <= 30_000
    assert chat["action"]["action"] == "typing"
    assert chat["commands"] == commands
    await call.result("sendMessage", chat_id=ADA, text="grown")
    chat = (await (await visitor.scenes()).next())["chats"][0]
    assert (chat["draft"], chat["action"]) == (None, None)


REFUSED: list[tuple[str, Json, str]] = [
    ("dance", {}, "there is no act 'dance'"),
    ("say", {"person": 5, "text": "x"}, "no such person"),
    ("say", {"person": "1001", "text": "x"}, "person must be a whole number"),
    ("say", {"chat": "attic", "text": "x"}, "no such chat"),
    ("say", {}, "text must be a text"),
    ("say", {"text": ""}, "a message has 1-4096"),
    ("say", {"text": "x" * 4097}, "a message has 1-4096"),
    ("say", {"text": "x", "reply_to": 99}, "that message is gone"),
    ("say", {"text": "x", "reply_to": 1, "quote": "y"}, "must be a part"),
    ("say", {"text": "x", "thread_id": 7}, "no such topic"),
    ("edit", {"message_id": 2, "text": "x"}, "only one's own"),
    ("edit", {"message_id": 1, "text": " "}, "a message has 1-4096"),
    ("edit", {"message_id": 1, "text": "x", "person": BOB}, "that message is gone"),
    ("react", {"message_id": 1, "emoji": "<b>"}, "no such reaction"),
    ("press", {"message_id": 2, "row": 0, "column": 1, "label": "More"}, "button is gone"),
    ("press", {"message_id": 2, "row": -1, "column": 0, "label": "More"}, "button is gone"),
    ("press", {"message_id": 2, "row": 0, "column": 0, "label": "Less"}, "has changed"),
    ("choose", {"answer": "x", "result": 0}, "that result is gone"),
    ("start", {"payload": "a b"}, "start parameter"),
    ("start", {"payload": "x" * 65}, "start parameter"),
    ("language", {"language": "xx"}, "no such language"),
    ("welcome", {"chat": "friends", "on": True}, "without the bot"),
]


@pytest.mark.parametrize(("name", "given", "words"), REFUSED)
async def test_what_cannot_be_done_is_refused_in_words(
    visitor: Visitor, call: Client, name: str, given: Json, words: str
) -> None:
    """The first message is Ada's, the second the bot's with a key."""
    await visitor.act("say", text="hello")
    await call.result("sendMessage", chat_id=ADA, text="hi", reply_markup=MORE)
    assert words in (await visitor.act(name, 400, **given))["error"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b" " * 100_001, "application/json", 413),
    ],
)
async def test_a_body_that_is_no_act_is_refused(
    visitor: Visitor, body: bytes, kind: str, status: int
) -> None:
    """Of whatever kind; a form of another site could send plain text."""
    headers = visitor.headers | {"Content-Type": kind}
    url = f"{visitor.url}/play/acts/say"
    async with visitor.session.post(url, data=body, headers=headers) as response:
        assert response.status == status


async def test_silence_and_deafness_are_told_apart(visitor: Visitor, call: Client) -> None:
    """A bot that does not answer, and one that never asked to hear."""
    assert await visitor.act("inline", query="x", offset="") == {"unanswered": True}
    await call.result("getUpdates", allowed_updates=["message"])
    assert await visitor.act("inline", query="x", offset="") == {"unheard": True}
    asked = await visitor.act("say", chat="friends", text="why, @audiatur_bot?")
    assert asked == {"unheard": True}


async def test_a_query_is_cut_where_a_client_cuts_it(visitor: Visitor, call: Client) -> None:
    """At 256 UTF-16 units, never inside a character."""
    await visitor.act("inline", query="x" + "😀" * 200, offset="")
    update = (await call.result("getUpdates"))[-1]
    assert update["inline_query"]["query"] == "x" + "😀" * 127
    assert update["inline_query"]["chat_type"] == "sender"


async def test_only_the_bots_own_name_calls_it(visitor: Visitor, call: Client) -> None:
    """A longer one is somebody else's."""
    for text in ("@audiatur_bot2 why?", "mail x@audiatur_bot.org"):
        assert await visitor.act("say", chat="friends", text=text) == {}
    assert await call.result("getUpdates") == []
    await visitor.act("say", chat="friends", text="so, @Audiatur_bot?")
    assert "guest_message" in (await call.result("getUpdates"))[0]


async def test_the_bot_is_let_in_and_thrown_out(visitor: Visitor, call: Client) -> None:
    """Saying the same twice changes nothing."""
    for chat, on in (("group", False), ("group", False), ("group", True), ("private", False)):
        await visitor.act("welcome", chat=chat, on=on)
    changes = [
        one["my_chat_member"] for one in await call.result("getUpdates") if "my_chat_member" in one
    ]
    assert [one["new_chat_member"]["status"] for one in changes] == ["kicked", "member", "kicked"]


async def test_a_reaction_is_set_and_taken_back(visitor: Visitor, staged: Stage) -> None:
    """By pressing it twice."""
    await visitor.act("say", text="hello")
    (message,) = staged.server.private_chat(staged.people[ADA]).messages
    await visitor.act("react", message_id=1, emoji="👍")
    assert message.reacted == {ADA: "👍"}
    await visitor.act("react", message_id=1, emoji="👍")
    assert message.reacted == {}


async def test_privacy_and_language_can_be_set(visitor: Visitor, staged: Stage) -> None:
    """And are told to everybody's page."""
    scenes = await visitor.scenes()
    assert (await scenes.next())["privacy_mode"]
    await visitor.act("privacy", on=False)
    assert not (await scenes.next())["privacy_mode"]
    await visitor.act("language", language="fr")
    assert (await scenes.next())["person"]["language_code"] == "fr"
    assert staged.people[ADA].account.language_code == "fr"


def _form(content: bytes | None, **given: Any) -> aiohttp.FormData:
    # As browsers write names: not percent-encoded.
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("given", json.dumps({"person": ADA, "chat": "private", "caption": ""} | given))
    if content is not None:
        form.add_field("file", content, filename="../a b.html", content_type="text/html")
    return form


async def test_a_file_goes_up_and_comes_down(visitor: Visitor, call: Client) -> None:
    """As bytes to be saved, under a name that is only a name."""
    url = f"{visitor.url}/play/files"
    form = _form(b"<script>", caption="my file")
    async with visitor.session.post(url, data=form, headers=visitor.headers) as response:
        assert await response.json() == {}
    (update,) = await call.result("getUpdates")
    document = update["message"]["document"]
    assert (update["message"]["caption"], document["file_size"]) == ("my file", 8)
    assert (document["file_name"], document["mime_type"]) == ("a b.html", "text/html")
    async with visitor.session.get(f"{url}/{document['file_id']}") as response:
        assert await response.read() == b"<script>"
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
        assert "/" not in response.headers["Content-Disposition"]
    async with visitor.session.get(f"{url}/nothing") as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("content", "given", "status"),
    [
        (None, {}, 400),
        (b"", {}, 400),
        (b"x", {"chat": "attic"}, 400),
        (b"x", {"caption": None}, 400),
        (b"x" * (MAX_UPLOAD_BYTES + 1), {}, 413),
    ],
    ids=["nothing", "empty", "nowhere", "no caption", "too large"],
)
async def test_an_upload_that_cannot_be_is_refused(
    visitor: Visitor, staged: Stage, content: bytes | None, given: Json, status: int
) -> None:
    """Nothing of it is kept."""
    url = f"{visitor.url}/play/files"
    form = _form(content, **given)
    async with visitor.session.post(url, data=form, headers=visitor.headers) as response:
        assert response.status == status
    assert staged.server.private_chat(staged.people[ADA]).messages == []
