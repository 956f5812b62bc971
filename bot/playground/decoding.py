"""Reads a request's parameters and files, however the client chose to send them."""

from __future__ import annotations

from http import HTTPStatus
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, MultipartReader, web

from bot.playground.errors import ApiError, bad_request
from bot.playground.validation import ATTACHED
from bot.playground.world import Upload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import ClientResponse

Given = tuple[dict[str, Any], dict[str, Upload]]


async def decode(request: web.Request) -> Given:
    """Return the parameters as sent (text, or JSON values) and the files by part name.

    A file sent directly as a parameter becomes a reference to itself, `attach://<name>`.

    Raises:
        ApiError: 400 where the body is unreadable, 413 where it is too large.

    """
    given: dict[str, Any] = dict(request.query)
    if not request.body_exists:
        return given, {}
    if request.content_type == "application/json":
        return given | await _json(request), {}
    try:
        fields = await request.post()
    except web.HTTPRequestEntityTooLarge:
        code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        raise ApiError(code, "Request Entity Too Large") from None
    except ValueError:
        raise bad_request("can't parse the request's body") from None
    return _sorted_out(given, fields)


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (JSONDecodeError, UnicodeDecodeError):
        raise bad_request("can't parse request JSON object") from None
    if not isinstance(body, dict):
        raise bad_request("can't parse request JSON object")
    return body


def _sorted_out(given: dict[str, Any], fields: Mapping[str, Any]) -> Given:
    uploads = {}
    for name, value in fields.items():
        if isinstance(value, web.FileField):
            uploads[name] = Upload(value.filename, value.file.read(), value.content_type)
        else:
            given[name] = value
    for name in uploads:
        reference = f"{ATTACHED}{name}"
        if not any(reference in str(value) for value in given.values()):
            given[name] = reference
    return given, uploads


async def decode_answer(response: ClientResponse) -> Given | None:
    """Return the call that a bot put into its answer to an update, if it did."""
    if response.content_type == "application/json":
        body = await response.json()
        return (body, {}) if isinstance(body, dict) and "method" in body else None
    if response.content_type != "multipart/form-data":
        return None
    given: dict[str, Any] = {}
    uploads = {}
    reader = MultipartReader.from_response(response)
    while isinstance(part := await reader.next(), BodyPartReader):
        name = part.name or ""
        if part.filename:
            mime_type = part.headers.get("Content-Type", "application/octet-stream")
            uploads[name] = Upload(part.filename, bytes(await part.read()), mime_type)
        else:
            given[name] = await part.text()
    return (given, uploads) if "method" in given else None
