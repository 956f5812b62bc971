"""Keeps a secret out of every log record, whoever writes it."""

from __future__ import annotations

import logging

_MASK = "***"


class _Redaction(logging.Filter):
    def __init__(self, secret: str) -> None:
        super().__init__()
        self._secret = secret

    def filter(self, record: logging.LogRecord) -> bool:
        if self._secret in record.getMessage():
            record.msg, record.args = record.getMessage().replace(self._secret, _MASK), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        # another secret's filter may have written the text already
        if record.exc_text:
            record.exc_text = record.exc_text.replace(self._secret, _MASK)
        if record.stack_info:
            record.stack_info = record.stack_info.replace(self._secret, _MASK)
        return True


def hide_in_logs(secret: str) -> None:
    """Mask a secret in all that the root logger's handlers write from now on."""
    if secret:
        for handler in logging.getLogger().handlers:
            handler.addFilter(_Redaction(secret))
