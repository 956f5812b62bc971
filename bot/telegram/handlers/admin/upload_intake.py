"""Takes a file from Telegram: looks at its name and size, fetches it, and lets it be read."""

from __future__ import annotations

import asyncio
import logging
import secrets
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from aiogram.exceptions import TelegramAPIError
from aiogram.utils.i18n import gettext as _
from aiohttp import ClientError

from bot.keeping.adding import KnownAlready, Received, receive, uploads_folder
from bot.telegram.handlers.admin.upload_desk import known_text, not_written_text, unreadable_text
from index.corpus.formats import FORMATS, Format
from index.errors import DocumentError

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import Document

    from bot.settings import Settings

logger = logging.getLogger(__name__)

_SUFFIXES = tuple(suffix for suffix, format_ in FORMATS.items() if format_ is not Format.LINES)
_MEGABYTE = 1_000_000
_NAME_LENGTH = 80
_DOWNLOAD_TIMEOUT_S = 120


async def received(
    bot: Bot, document: Document, called: str, settings: Settings, language: str
) -> Received | str:
    """Fetch and read a file; return what it tells, or in words why it cannot be taken."""
    suffix = _suffix(document)
    part = None
    try:
        folder = await asyncio.to_thread(uploads_folder, settings.data)
        part = folder / f"{secrets.token_hex(8)}.part"
        await bot.download(document, part, timeout=_DOWNLOAD_TIMEOUT_S)
        if part.stat().st_size > settings.upload_limit_mb * _MEGABYTE:
            return _too_large(called, settings.upload_limit_mb)
        return await asyncio.to_thread(receive, settings.corpus, settings.data, part, suffix)
    except KnownAlready as known:
        return known_text(str(known))
    except DocumentError as error:
        return unreadable_text(called, error, language)
    except (TelegramAPIError, ClientError, TimeoutError) as error:
        logger.warning("a file could not be fetched: %s", type(error).__name__)
        return _("“{name}” could not be fetched from Telegram; please send it once more.").format(
            name=called
        )
    except OSError as error:
        return not_written_text(error)
    finally:
        if part:
            part.unlink(missing_ok=True)


def refusal(document: Document, called: str, limit_mb: int) -> str | None:
    """Return why a file is not even fetched."""
    if _suffix(document) not in _SUFFIXES:
        return _("“{name}” is no file that I can read. Send one of these: {formats}.").format(
            name=called, formats=", ".join(_SUFFIXES)
        )
    if (document.file_size or 0) > limit_mb * _MEGABYTE:
        return _too_large(called, limit_mb)
    return None


def _suffix(document: Document) -> str:
    return PurePosixPath(document.file_name or "").suffix.lower()


def called_name(document: Document) -> str:
    """Return what the sender calls a file, on one line, to show and never to open."""
    name = "".join(filter(str.isprintable, " ".join((document.file_name or "").split())))
    return name if len(name) <= _NAME_LENGTH else name[: _NAME_LENGTH - 1] + "…"


def _too_large(called: str, limit_mb: int) -> str:
    return _("“{name}” is larger than {limit} MB, which is the limit.").format(
        name=called, limit=limit_mb
    )
