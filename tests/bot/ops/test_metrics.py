"""What happens is counted, without telling of anybody."""

from __future__ import annotations

from bot.ops.metrics import Metrics
from bot.statistics import Outcome


def shown(metrics: Metrics, waiting: int | None = 0) -> list[str]:
    return metrics.rendered(waiting).decode().splitlines()


def test_what_happens_is_counted() -> None:
    """By kind of update, by outcome and debate; waits and retries apart."""
    metrics = Metrics()
    metrics.received("message")
    metrics.received("message")
    metrics.finished("message", 0.3)
    metrics.answered(Outcome.ANSWERED, "city-bees", 120.0)
    metrics.answered(Outcome.BUSY)
    metrics.flooded()
    metrics.retried()
    metrics.interrupted()
    metrics.rebuilt(done=True)
    lines = shown(metrics, waiting=4)
    for line in (
        'audiatur_updates_received_total{kind="message"} 2.0',
        'audiatur_updates_finished_total{kind="message"} 1.0',
        'audiatur_update_seconds_bucket{le="0.25"} 0.0',
        'audiatur_update_seconds_bucket{le="0.5"} 1.0',
        'audiatur_answers_total{debate="city-bees",outcome="answered"} 1.0',
        'audiatur_answers_total{debate="",outcome="busy"} 1.0',
        "audiatur_answer_seconds_count 1.0",
        "audiatur_inbox_waiting 4.0",
        "audiatur_flood_waits_total 1.0",
        "audiatur_retries_total 1.0",
        "audiatur_interrupted_total 1.0",
        'audiatur_rebuilds_total{done="true"} 1.0',
    ):
        assert line in lines


def test_two_bots_in_one_process_count_apart() -> None:
    """The registry is not the library's global one."""
    first, second = Metrics(), Metrics()
    first.flooded()
    assert "audiatur_flood_waits_total 0.0" in shown(second)


def test_an_inbox_that_cannot_be_read_is_not_empty() -> None:
    """It is said to be unknown."""
    assert "audiatur_inbox_waiting NaN" in shown(Metrics(), waiting=None)
