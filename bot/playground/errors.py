"""What the server answers when it refuses a request.

One exception, raised anywhere between decoding and a method's end and turned into
`{"ok": false, ...}` in one place (`server`). The functions name Telegram's own refusals.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any


class ApiError(Exception):
    """A refusal as Telegram words it: code, description and response parameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """Return the body of the response."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(reason: str) -> ApiError:
    """400: the request itself is wrong."""
    return ApiError(HTTPStatus.BAD_REQUEST, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """403: the bot may not do that."""
    return ApiError(HTTPStatus.FORBIDDEN, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """409: two ways of taking updates at once."""
    return ApiError(HTTPStatus.CONFLICT, f"Conflict: {reason}")


def too_many_requests(retry_after_s: int) -> ApiError:
    """429: come back after `retry_after_s` seconds."""
    return ApiError(
        HTTPStatus.TOO_MANY_REQUESTS,
        f"Too Many Requests: retry after {retry_after_s}",
        retry_after=retry_after_s,
    )


def unauthorized() -> ApiError:
    """401: a token that nobody was given."""
    return ApiError(HTTPStatus.UNAUTHORIZED, "Unauthorized")


def not_found() -> ApiError:
    """404: a method that the Bot API does not have."""
    return ApiError(HTTPStatus.NOT_FOUND, "Not Found")


def query_expired() -> ApiError:
    """400 for a callback or inline query answered late, twice or never asked."""
    return bad_request("query is too old and response timeout expired or query ID is invalid")
