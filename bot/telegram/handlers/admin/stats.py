"""What was counted, in three periods: questions, answers, speed, verdicts. Counts, no persons."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.utils.i18n import gettext as _

from bot.conversation.feedback import Verdict
from bot.statistics import Outcome, Statistics, Surface
from bot.telegram.addressing import command
from bot.telegram.handlers.admin.access import admins_only
from bot.telegram.rendering import escaped
from index.errors import SnapshotError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiogram.types import Message

    from bot.state.protocol import Store
    from bot.statistics import Period
    from bot.worker import Worker

router = admins_only(Router(name="stats"), private=False)

_DEBATES = 5
_MOTION_LENGTH = 70
_SECOND_MS = 1000


@router.message(command("stats"))
async def on_stats(message: Message, store: Store, worker: Worker, language: str) -> None:
    """Show what was counted today, in seven days, and ever."""
    summary = await Statistics(store).summary(datetime.now(UTC))
    motions = await _motions(worker, language)
    periods = {
        _("Today"): summary.today,
        _("Seven days"): summary.week,
        _("All"): summary.ever,
    }
    parts = ["\n".join(_lines(title, period, motions)) for title, period in periods.items()]
    await message.answer("\n\n".join(parts))


async def _motions(worker: Worker, language: str) -> dict[str, str]:
    """Return the debates' motions by their ids; none where there is no index."""
    try:
        snapshot = await worker.snapshot()
    except (SnapshotError, TimeoutError):
        return {}
    return {debate.id: debate.motion.in_language(language) for debate in snapshot.agenda.debates}


def _lines(title: str, period: Period, motions: Mapping[str, str]) -> Iterator[str]:
    yield f"<b>{escaped(title)}</b>"
    if period.answered_share is None:
        yield escaped(_("No questions."))
    else:
        yield from map(escaped, _questions(period, motions))
    if period.verdicts:
        yield escaped(_verdicts(period))


def _questions(period: Period, motions: Mapping[str, str]) -> Iterator[str]:
    yield _("Questions: {count}, answered {percent} %").format(
        count=period.questions, percent=round(100 * (period.answered_share or 0))
    )
    outcomes = period.outcomes
    yield _("Nothing found {nothing}, busy {busy}, too slow {timeout}, failed {failed}").format(
        nothing=outcomes.get(Outcome.NOTHING, 0),
        busy=outcomes.get(Outcome.BUSY, 0),
        timeout=outcomes.get(Outcome.TIMEOUT, 0),
        failed=outcomes.get(Outcome.FAILED, 0),
    )
    surfaces = period.surfaces
    yield _("In chats {chat}, inline {inline}, as a guest {guest}").format(
        chat=surfaces.get(Surface.CHAT, 0),
        inline=surfaces.get(Surface.INLINE, 0),
        guest=surfaces.get(Surface.GUEST, 0),
    )
    if period.latencies:
        yield _("Half within {p50}, 95 % within {p95}, 99 % within {p99}").format(
            p50=_time(period.percentile_ms(50)),
            p95=_time(period.percentile_ms(95)),
            p99=_time(period.percentile_ms(99)),
        )
    ranked = sorted(period.debates.items(), key=lambda item: (-item[1], item[0]))
    for debate, count in ranked[:_DEBATES]:
        yield f"• {_shortened(motions.get(debate, debate))} {count}"
    rest = sum(count for _debate, count in ranked[_DEBATES:])
    if rest:
        yield _("• other debates {count}").format(count=rest)


def _verdicts(period: Period) -> str:
    verdicts = period.verdicts
    text = _(
        "Helpful {helpful}, wrong side {wrong}, off topic {off}, inline results {chosen}"
    ).format(
        helpful=verdicts.get(Verdict.HELPFUL, 0),
        wrong=verdicts.get(Verdict.WRONG_SIDE, 0),
        off=verdicts.get(Verdict.OFF_TOPIC, 0),
        chosen=verdicts.get(Verdict.CHOSEN, 0),
    )
    if period.helpful_share is None:
        return text
    return f"{text} · " + _("{percent} % helpful").format(percent=round(100 * period.helpful_share))


def _time(end_ms: float | None) -> str:
    """Return the end of a step of time in words: 75 ms, 1.5 s."""
    if end_ms is None:
        return "–"
    if end_ms == float("inf"):
        return _("more than a minute")
    return f"{end_ms:.0f} ms" if end_ms < _SECOND_MS else f"{end_ms / _SECOND_MS:g} s"


def _shortened(text: str) -> str:
    return text if len(text) <= _MOTION_LENGTH else text[: _MOTION_LENGTH - 1].rstrip() + "…"
