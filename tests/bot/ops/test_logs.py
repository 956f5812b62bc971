"""Log lines are text or JSON; neither holds a secret or what somebody wrote."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from bot.ops.logs import configure_logging, logged_about
from bot.redaction import hide_in_logs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Configure = Callable[..., None]

SECRET = "123456:AAE-very_secret"
logger = logging.getLogger("some.room")


@pytest.fixture(autouse=True)
def _levels() -> Iterator[None]:
    """Put back what logging is configured to leave out."""
    levels = {name: logging.getLogger(name).level for name in ("aiosqlite", "aiogram.event")}
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def configure(quiet_root: logging.Logger) -> Configure:
    """Configure logging where nothing was configured before."""

    def configured(level: str, log_format: str = "text") -> None:
        quiet_root.handlers[:] = []
        configure_logging(level, log_format)

    return configured


def lines(written: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.splitlines()]


def test_a_line_of_json_has_time_level_logger_and_message(
    capsys: pytest.CaptureFixture[str], configure: Configure
) -> None:
    """One object a line, whatever stands in the message."""
    configure("INFO", "json")
    logger.info('two\nlines and "quotes" über %d', 7)
    logger.debug("not of this level")
    (line,) = lines(capsys.readouterr().err)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "some.room",
        "message": 'two\nlines and "quotes" über 7',
    }


def test_our_fields_stand_in_the_line_and_no_others(
    capsys: pytest.CaptureFixture[str], configure: Configure
) -> None:
    """What handlers add, and the update that is being handled."""
    configure("INFO", "json")
    with logged_about(700_001, "message"):
        logger.info("answered", extra={"ms": 12, "count": 0, "question": "a secret wish"})
    logger.info("idle")
    handled, idle = lines(capsys.readouterr().err)
    assert (handled["update"], handled["kind"], handled["ms"]) == (700_001, "message", 12)
    assert handled["count"] == 0
    assert "question" not in handled
    assert "update" not in idle


def test_a_traceback_is_a_field_without_secrets(
    capsys: pytest.CaptureFixture[str], configure: Configure
) -> None:
    """In the message too the token is masked."""
    configure("INFO", "json")
    hide_in_logs(SECRET)
    try:
        raise ConnectionError(f"cannot reach https://host/bot{SECRET}/getMe")  # noqa: TRY301
    except ConnectionError:
        logger.exception("calling %s", f"https://host/bot{SECRET}/getMe")
    written = capsys.readouterr().err
    assert SECRET not in written
    (line,) = lines(written)
    assert line["message"] == "calling https://host/bot***/getMe"
    assert "ConnectionError: cannot reach https://host/bot***/getMe" in line["exception"]
    assert "test_logs.py" in line["exception"]


def test_text_is_the_default(capsys: pytest.CaptureFixture[str], configure: Configure) -> None:
    """With the same parts."""
    configure("INFO")
    logger.warning("beware of %d", 3)
    assert capsys.readouterr().err.rstrip().endswith("WARNING some.room: beware of 3")


def test_libraries_that_tell_what_people_wrote_stay_quiet(
    capsys: pytest.CaptureFixture[str], configure: Configure
) -> None:
    """At any level."""
    configure("DEBUG")
    logging.getLogger("aiosqlite").debug("executing INSERT ('a secret wish')")
    logging.getLogger("aiogram.event").info("Update id=1 is handled")
    assert capsys.readouterr().err == ""
