"""What is counted, in a registry of our own; no label names a person, a chat or a text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

if TYPE_CHECKING:
    from bot.statistics import Outcome

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)


class Metrics:
    """Counts; handlers find it as `metrics` in the workflow data."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._received = Counter(
            "audiatur_updates_received", "Updates kept for the first time", ["kind"],
            registry=registry,
        )  # fmt: skip
        self._finished = Counter(
            "audiatur_updates_finished", "Updates handled to their end", ["kind"],
            registry=registry,
        )  # fmt: skip
        self._handling = Histogram(
            "audiatur_update_seconds", "From an update's arrival to its end",
            buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        self._answers = Counter(
            "audiatur_answers", "Questions by outcome and debate", ["outcome", "debate"],
            registry=registry,
        )  # fmt: skip
        self._latency = Histogram(
            "audiatur_answer_seconds", "Time to work out an answer",
            buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        self._waiting = Gauge(
            "audiatur_inbox_waiting", "Updates received and not finished", registry=registry
        )
        self._interrupted = Counter(
            "audiatur_interrupted", "People asked whether an answer arrived", registry=registry
        )
        self._floods = Counter(
            "audiatur_flood_waits", "Times Telegram told us to wait (429)", registry=registry
        )
        self._retries = Counter(
            "audiatur_retries", "Requests made again after a failure", registry=registry
        )
        self._rebuilds = Counter(
            "audiatur_rebuilds", "Rebuilds of the index", ["done"], registry=registry
        )

    def received(self, kind: str) -> None:
        """Count an update that was not known before."""
        self._received.labels(kind).inc()

    def finished(self, kind: str, seconds: float) -> None:
        """Count an update that is done with, so long after its arrival."""
        self._finished.labels(kind).inc()
        self._handling.observe(max(0.0, seconds))

    def answered(
        self, outcome: Outcome, debate: str | None = None, latency_ms: float | None = None
    ) -> None:
        """Count a question; `debate` is the id of the debate that answered it."""
        self._answers.labels(outcome, debate or "").inc()
        if latency_ms is not None:
            self._latency.observe(latency_ms / 1000)

    def interrupted(self) -> None:
        """Count a person who was asked whether an answer had arrived."""
        self._interrupted.inc()

    def flooded(self) -> None:
        """Count a wait that Telegram asked for."""
        self._floods.inc()

    def retried(self) -> None:
        """Count a request that is made again."""
        self._retries.inc()

    def rebuilt(self, *, done: bool) -> None:
        """Count a rebuild of the index that ended well or not."""
        self._rebuilds.labels(str(done).lower()).inc()

    def rendered(self, waiting: int | None) -> bytes:
        """Return everything in Prometheus' text format, with what waits in the inbox now."""
        self._waiting.set(math.nan if waiting is None else waiting)
        return generate_latest(self._registry)
