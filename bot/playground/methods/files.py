"""Sending documents and finding the path from which a file can be downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.errors import ApiError, bad_request
from bot.playground.formatting import caption
from bot.playground.methods.sending import post
from bot.playground.validation import ATTACHED

if TYPE_CHECKING:
    from bot.playground.files import StoredFile
    from bot.playground.world import Call, World


def send_document(world: World, call: Call) -> dict[str, Any]:
    """Send a new file, or one that is already here by its file_id."""
    world.open_chat(call.params["chat_id"])
    text = caption(call.params)
    stored = _document(world, call)
    return post(world, call, text, document=stored.as_document()).as_json()


def get_file(world: World, call: Call) -> dict[str, Any]:
    """Return a File with the path to download it from."""
    stored = world.files.find(call.params["file_id"])
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > world.limits.download_bytes:
        raise bad_request("file is too big")
    return stored.as_file()


def _document(world: World, call: Call) -> StoredFile:
    given: str = call.params["document"]
    if not given.startswith(ATTACHED):
        stored = world.files.find(given)
        if stored is None:
            raise bad_request("wrong remote file identifier specified: Wrong string length")
        return stored
    upload = call.uploads[given.removeprefix(ATTACHED)]
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > world.limits.upload_bytes:
        raise ApiError(413, "Request Entity Too Large")
    return world.files.add(upload.name, upload.content, upload.mime_type)
