"""A secret appears in no log line, however it got there."""

from __future__ import annotations

import io
import logging

import pytest

from bot.redaction import hide_in_logs

SECRET = "123456:AAE-very_secret"


@pytest.fixture
def written(quiet_root: logging.Logger) -> io.StringIO:
    """What a handler of the root logger writes once the secret is hidden."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    quiet_root.addHandler(handler)
    hide_in_logs(SECRET)
    return stream


def test_messages_are_masked(written: io.StringIO) -> None:
    """Whether the secret stands in the message or comes as an argument; the rest is kept."""
    logger = logging.getLogger("someone.else")
    logger.error(f"GET /bot{SECRET}/getMe")  # noqa: G004 - what a library may do
    logger.error("calling %s, attempt %d", f"https://host/bot{SECRET}/x", 3)
    logger.error("nothing to hide in %d", 7)
    assert SECRET not in written.getvalue()
    assert written.getvalue().splitlines() == [
        "someone.else GET /bot***/getMe",
        "someone.else calling https://host/bot***/x, attempt 3",
        "someone.else nothing to hide in 7",
    ]


def test_tracebacks_are_masked(written: io.StringIO) -> None:
    """The exception's own words too; its kind and place stay."""
    try:
        raise ConnectionError(f"cannot reach https://host/bot{SECRET}/getMe")  # noqa: TRY301
    except ConnectionError:
        logging.getLogger("someone.else").exception("failed")
    assert SECRET not in written.getvalue()
    assert "ConnectionError: cannot reach https://host/bot***/getMe" in written.getvalue()
    assert "test_redaction.py" in written.getvalue()


def test_every_secret_is_masked_in_a_traceback(written: io.StringIO) -> None:
    """Not only the one that was hidden first: a webhook has a token, a path and a secret."""
    hide_in_logs("another-secret")
    try:
        raise ConnectionError(f"{SECRET} and another-secret")  # noqa: TRY301
    except ConnectionError:
        logging.getLogger("someone.else").exception("failed", stack_info=True)
    assert SECRET not in written.getvalue()
    assert "another-secret" not in written.getvalue().replace('hide_in_logs("another-secret")', "")
    assert "ConnectionError: *** and ***" in written.getvalue()


def test_no_secret_hides_nothing(quiet_root: logging.Logger) -> None:
    """An empty secret would be found between any two letters."""
    before = [handler.filters[:] for handler in quiet_root.handlers]
    hide_in_logs("")
    assert [handler.filters[:] for handler in quiet_root.handlers] == before
