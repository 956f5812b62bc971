"""Makes the next calls fail on demand, the ways a real network and a real server fail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus

from bot.playground.errors import ApiError, bad_request, too_many_requests

MALFORMED = '{"ok": true, "result": {"message_id": 1, '


class Moment(Enum):
    """When a fault strikes: before the call has had its effect, or only its answer."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail; built by the functions below."""

    error: ApiError | None = None
    body: str | None = None
    delay_s: float = 0.0
    drop: Moment | None = None


@dataclass(slots=True)
class _Planned:
    fault: Fault
    times: int
    method: str | None


class Faults:
    """The faults to come, in the order in which they were planned."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def add(self, fault: Fault, *, times: int = 1, method: str | None = None) -> None:
        """Let the next `times` calls fail, of `method` only if one is named."""
        self._planned.append(_Planned(fault, times, method))

    @property
    def left(self) -> int:
        """How many calls are still to fail."""
        return sum(planned.times for planned in self._planned)

    def clear(self) -> None:
        """Forget what was planned."""
        self._planned.clear()

    def next_for(self, method: str) -> Fault:
        """Take the fault that this call meets; the empty one if none is planned."""
        for planned in self._planned:
            if planned.method in {None, method}:
                planned.times -= 1
                if planned.times == 0:
                    self._planned.remove(planned)
                return planned.fault
        return Fault()


def rate_limited(retry_after_s: int = 1) -> Fault:
    """Answer 429 with `retry_after`."""
    return Fault(error=too_many_requests(retry_after_s))


def server_error(code: int = HTTPStatus.INTERNAL_SERVER_ERROR) -> Fault:
    """Answer 5xx, as Telegram does while it restarts."""
    return Fault(error=ApiError(code, HTTPStatus(code).phrase))


def refused(reason: str = "wrong something") -> Fault:
    """Answer 400 with a reason of one's choice."""
    return Fault(error=bad_request(reason))


def failed(error: ApiError) -> Fault:
    """Answer any refusal."""
    return Fault(error=error)


def malformed(body: str = MALFORMED) -> Fault:
    """Let the call have its effect, but answer what is no JSON."""
    return Fault(body=body)


def delayed(delay_s: float) -> Fault:
    """Let the call have its effect late."""
    return Fault(delay_s=delay_s)


def dropped(moment: Moment = Moment.BEFORE) -> Fault:
    """Break the connection, before or after the call has had its effect."""
    return Fault(drop=moment)
