"""The page over HTTP: its files, the stream of what is to be seen, and what a person does.

Strictly for the loopback; see `guarding` for who is let in.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
from http import HTTPStatus
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from bot.playground.acting import Acting, Given
from bot.playground.guarding import add_headers, guard
from bot.playground.views import MAX_UPLOAD_BYTES, scene

if TYPE_CHECKING:
    from bot.playground.driver import Person
    from bot.playground.stage import Stage

PATIENCE_S = 20.0
HEARTBEAT_S = 15.0
MAX_STREAMS = 24
MAX_ACT_BYTES = 100_000
MAX_NAME = 200

_KIND = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,80}")
TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}


class Page:
    """Routes for one stage."""

    def __init__(self, stage: Stage, *, patience_s: float = PATIENCE_S) -> None:
        self._stage = stage
        self._world = stage.server.world
        self._acting = Acting(stage, patience_s)
        self._files = _read_files()
        self._streams = 0
        self._closing = False
        # Rings are counted anew by every server; a page that reconnects must not mix them up.
        self._epoch = secrets.token_hex(4)

    def install(self, application: web.Application) -> None:
        """Add the routes, and the guard in front of everything."""
        application.middlewares.append(guard)
        application.on_response_prepare.append(add_headers)
        application.on_shutdown.append(self._close)
        router = application.router
        router.add_get("/", self._file)
        router.add_get("/page/{name}", self._file)
        router.add_get("/play/scenes", self._scenes)
        router.add_post("/play/acts/{name}", self._act)
        router.add_post("/play/files", self._upload)
        router.add_get("/play/files/{file_id}", self._download)

    async def _close(self, _application: web.Application) -> None:
        """Let the streams end by themselves."""
        self._closing = True
        self._world.bell.ring()

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "index.html")
        content = self._files.get(name)
        if content is None:
            raise web.HTTPNotFound
        kind = TYPES[name.rpartition(".")[2]]
        return web.Response(body=content, content_type=kind, charset="utf-8")

    async def _scenes(self, request: web.Request) -> web.StreamResponse:
        """Stream scenes as server-sent events: the whole one first, then what changed."""
        person = self._stage.people.get(_number(request.query.get("person")))
        if person is None:
            raise web.HTTPNotFound
        if self._streams >= MAX_STREAMS:
            raise web.HTTPTooManyRequests
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        self._streams += 1
        try:
            with contextlib.suppress(ConnectionResetError):
                await self._stream(response, person, self._resumed(request))
        finally:
            self._streams -= 1
        return response

    async def _stream(self, response: web.StreamResponse, person: Person, seen: int | None) -> None:
        bell = self._world.bell
        whole = seen is None
        ring = seen or 0
        while not self._closing:
            view = scene(self._stage, person, ring) | {"whole": whole}
            event = f"id: {self._epoch}.{view['ring']}\ndata: {_compact(view)}\n\n"
            await response.write(event.encode())
            whole, ring = False, view["ring"]
            while bell.rings == ring:
                try:
                    await bell.until(lambda: bell.rings != ring, HEARTBEAT_S)  # noqa: B023
                except TimeoutError:
                    await response.write(b": still here\n\n")
            # Several changes in a row, such as a message and its update, make one scene.
            await asyncio.sleep(0.02)

    def _resumed(self, request: web.Request) -> int | None:
        """Return the ring up to which a page that comes back has seen everything."""
        epoch, _, ring = request.headers.get("Last-Event-ID", "").partition(".")
        return _number(ring) if epoch == self._epoch else None

    async def _act(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        if (request.content_length or MAX_ACT_BYTES + 1) > MAX_ACT_BYTES:
            raise web.HTTPRequestEntityTooLarge(MAX_ACT_BYTES, request.content_length or 0)
        try:
            given = json.loads(await request.read())
        except ValueError:
            return _refused("this is no JSON")
        if not isinstance(given, dict):
            return _refused("this is no JSON object")
        return await self._answered(request.match_info["name"], Given(given))

    async def _answered(self, name: str, given: Given) -> web.Response:
        try:
            return web.json_response(await self._acting.do(name, given))
        except ValueError as error:
            return _refused(str(error))
        except RuntimeError:
            return web.json_response({"unheard": True})
        except TimeoutError:
            return web.json_response({"unanswered": True})

    async def _upload(self, request: web.Request) -> web.Response:
        """Take `given`, a JSON object, and then one `file`."""
        if request.content_type != "multipart/form-data":
            return _refused("this is no form with a file")
        try:
            reader = await request.multipart()
            given = Given(json.loads(await _read_part(await reader.next(), MAX_ACT_BYTES)))
            part = await reader.next()
            content = await _read_part(part, MAX_UPLOAD_BYTES)
            name = _name(part)
            if not name:
                return _refused("there is no file")
            if not content:
                return _refused("the file is empty")
            person = self._acting.person(given)
            chat = self._acting.chat(person, given)
            context = self._acting.context(chat, given)
            caption, kind = given.text("caption"), _kind(part)
            await person.send_document(chat, name, content, caption, mime_type=kind, **context)
        except _TooLarge:
            return _refused("too large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except (ValueError, TypeError, AttributeError) as error:
            return _refused(str(error))
        return web.json_response({})

    async def _download(self, request: web.Request) -> web.Response:
        """Hand a file out as what it is: bytes to be saved, never a page of this site."""
        stored = self._world.files.find(request.match_info["file_id"])
        if stored is None:
            raise web.HTTPNotFound
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return web.Response(body=stored.content, headers=headers)


class _TooLarge(Exception):
    """A part of an upload is larger than what is taken."""


async def _read_part(part: Any, most: int) -> bytes:
    if not isinstance(part, BodyPartReader):
        raise ValueError("a part of the upload is missing")  # noqa: TRY004 - what was sent is wrong
    content = bytearray()
    while chunk := await part.read_chunk():
        content += chunk
        if len(content) > most:
            raise _TooLarge
    return bytes(content)


def _name(part: Any) -> str:
    """Return what a file is called, without where it was."""
    said = (part.filename or "").encode("utf-8", "replace").decode()
    return said.replace("\\", "/").rpartition("/")[2].strip()[:MAX_NAME]


def _kind(part: Any) -> str:
    """Return what the browser says a file is; a client of Telegram says it the same way."""
    said = part.headers.get("Content-Type", "")
    return said if _KIND.fullmatch(said) else "application/octet-stream"


def _read_files() -> dict[str, bytes]:
    """Read the page once: no path from a request ever reaches the disk."""
    folder = resources.files(__package__).joinpath("page")
    return {
        entry.name: entry.read_bytes()
        for entry in folder.iterdir()
        if entry.name.rpartition(".")[2] in TYPES
    }


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0


def _compact(view: dict[str, Any]) -> str:
    return json.dumps(view, ensure_ascii=False, separators=(",", ":"))


def _refused(reason: str, status: int = HTTPStatus.BAD_REQUEST) -> web.Response:
    return web.json_response({"error": reason}, status=status)
