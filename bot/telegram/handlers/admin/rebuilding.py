"""A rebuild as a job: noted in the store, shown in one message, gone on with after a restart."""

from __future__ import annotations

import logging
import secrets
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from aiogram.exceptions import TelegramAPIError

from bot.telegram.handlers.admin.progress import ProgressMessage
from bot.telegram.rendering import escaped
from bot.translation import said, translator, written_number
from index.errors import AudiaturError, BuildCancelled, BuildInProgress

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import Message

    from bot.state.protocol import Json, Store
    from bot.telegram.handlers.admin.alarms import Alarms
    from bot.telegram.receiving.jobs import Jobs
    from bot.worker import Worker
    from index.building import BuildReport

logger = logging.getLogger(__name__)

SPACE = "rebuilds"
_ATTEMPTS = 3
"""A rebuild that was interrupted so often may be what kills the process."""
_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class Job:
    """A rebuild that somebody asked for, and the message that tells how it goes, 0 before there is.

    `key` names the request, so that one that is handled anew begins nothing twice.
    """

    key: str
    chat: int
    language: str
    message: int = 0
    interruptions: int = 0


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """Runs rebuilds in the background."""

    bot: Bot
    store: Store
    worker: Worker
    jobs: Jobs
    alarms: Alarms | None = None

    async def begin(self, request: str, asked: Message, language: str) -> None:
        """Rebuild the index, and tell in the chat of `asked` how it goes."""
        job = Job(request, asked.chat.id, language)
        if not await self.store.add(SPACE, job.key, asdict(job)):
            return
        translate = translator(language)
        text = escaped(translate("Rebuilding the index …"))
        try:
            shown = await asked.answer(text)
        except TelegramAPIError:
            await self.store.remove(SPACE, job.key)
            raise
        job = replace(job, message=shown.message_id)
        await self._note(job)
        self.jobs.start("reindex", self._run(job))

    async def resume(self) -> int:
        """Go on with what a former process was killed in; return how many rebuilds those are."""
        found = [(key, _job(value)) for key, value in await self.store.entries(SPACE)]
        for key, job in found:
            if job is None:
                await self.store.remove(SPACE, key)
        jobs = [job for _, job in found if job]
        if jobs:
            self.jobs.start("reindex, again", self._run_again(jobs))
        return len(jobs)

    async def _run_again(self, interrupted: list[Job]) -> None:
        for job in interrupted:
            again = replace(job, interruptions=job.interruptions + 1)
            if again.interruptions >= _ATTEMPTS:
                await self._give_up(again)
                continue
            await self._note(again)
            await self._run(again if again.message else await self._shown(again))

    async def _shown(self, job: Job) -> Job:
        """Return a job with a message to edit, for one that was killed before it had any."""
        translate = translator(job.language)
        text = escaped(translate("Rebuilding the index …"))
        shown = await self.bot.send_message(job.chat, text)
        return replace(job, message=shown.message_id)

    async def _run(self, job: Job) -> None:
        translate = translator(job.language)
        before = ""
        if job.interruptions:
            before = translate("A restart interrupted this; the index is rebuilt once more.")
        progress = ProgressMessage(self.bot, job.chat, job.message, job.language, before)
        try:
            report = await self.worker.rebuild(progress.note)
        except BuildInProgress:
            if job.interruptions:  # it was not interrupted: another process is at it
                await self._note(replace(job, interruptions=job.interruptions - 1))
                return
            text = translate("The index is being rebuilt already. Please wait for that.")
        except BuildCancelled:
            await progress.finish(
                translate("I am being restarted; then I go on. The old index keeps answering.")
            )
            return
        except AudiaturError as error:
            logger.warning("reindex failed: %s", type(error).__name__)
            if job.interruptions:
                await self._alarm(error)
            text = translate("That failed: {reason}. The old index keeps answering.").format(
                reason=error
            )
        except Exception as error:  # noqa: BLE001 - nobody awaits a job: it says itself what failed
            number = await self._alarm(error)
            text = translate(
                "That failed, {id}. The old index keeps answering; the log says more."
            ).format(id=number)
        else:
            text = report_text(report, job.language)
        await progress.finish(text)
        await self.store.remove(SPACE, job.key)

    async def _give_up(self, job: Job) -> None:
        translate = translator(job.language)
        text = translate(
            "Restarts interrupted this {count} times; I leave it. /reindex tries again."
        )
        progress = ProgressMessage(self.bot, job.chat, job.message, job.language)
        await progress.finish(text.format(count=job.interruptions))
        await self.store.remove(SPACE, job.key)
        await self._alarm(RuntimeError("a rebuild was interrupted again and again"))

    async def _alarm(self, error: Exception) -> str:
        number = secrets.token_hex(4)
        logger.error("reindex failed, id %s", number, exc_info=error)
        if self.alarms:
            await self.alarms.raise_alarm(number, error)
        return number

    async def _note(self, job: Job) -> None:
        noted: dict[str, Any] = asdict(job)
        await self.store.put(SPACE, job.key, noted)


def report_text(report: BuildReport, language: str) -> str:
    """Return what a build came to, and what a person should look at."""
    translate = translator(language)
    lines = [
        translate(
            "Done: {documents} documents, {passages} passages, {embedded} re-embedded, {seconds} s."
        ).format(
            documents=written_number(report.documents, language),
            passages=written_number(report.passages, language),
            embedded=written_number(report.embedded, language),
            seconds=written_number(round(report.seconds, 1), language),
        )
    ]
    if report.problems:
        lines.append(translate("To look at ({count}):").format(count=len(report.problems)))
        shown = report.problems[:_PROBLEMS]
        lines += [f"• {said(one.what, language)}: {said(one.reason, language)}" for one in shown]
    return "\n".join(lines)


def _job(value: Json) -> Job | None:
    """Return a noted job, `None` where the note makes no sense."""
    try:
        return Job(**value) if isinstance(value, dict) else None
    except TypeError:
        return None
