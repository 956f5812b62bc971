"""Bots in processes of their own, and what the kernel says of their memory and their time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.playground import BotApiServer

ROOT = Path(__file__).resolve().parent.parent
START_S = 180.0
_STOP_S = 60.0
_TAIL = 2_000
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_USER, _SYSTEM = 11, 12
_OURS = ("AUDIATUR_", "BOT_TOKEN", "ADMIN_IDS", "TELEGRAM_API_URL")


@dataclass(slots=True)
class BotProcess:
    """A bot that receives."""

    process: asyncio.subprocess.Process
    log: Path

    @property
    def cpu_s(self) -> float:
        """The time that processors have spent on it so far."""
        return cpu_s(self.process.pid)

    @property
    def resident_kb(self) -> int:
        """How much memory it holds now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmRSS:")[2].split()[0])

    async def stop(self) -> int:
        """Let it end as on SIGTERM; return its exit code."""
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        try:
            async with asyncio.timeout(_STOP_S):
                return await self.process.wait()
        except TimeoutError:
            self.process.kill()
            return await self.process.wait()

    async def kill(self) -> None:
        """End it at once, wherever it is."""
        self.process.kill()
        await self.process.wait()


async def start(
    script: str,
    server: BotApiServer,
    folder: Path,
    arguments: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
) -> BotProcess:
    """Start a script of this folder against a server; return once it receives.

    Raises:
        RuntimeError: It ended, or did not receive in time.
    """
    receptions = _receptions(server)
    log = folder / f"{Path(script).stem}-{server.token.partition(':')[0]}.log"
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(Path(__file__).parent / script), *arguments,
            env=environment() | {"BOT_TOKEN": server.token, "TELEGRAM_API_URL": server.url}
            | dict(settings or {}),
            cwd=ROOT, stdout=out, stderr=out,
        )  # fmt: skip
    started = BotProcess(process, log)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(START_S):
            while process.returncode is None and _receptions(server) == receptions:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    if process.returncode is not None or _receptions(server) == receptions:
        said = log.read_text(encoding="utf-8", errors="replace")[-_TAIL:]
        raise RuntimeError(f"{script} does not receive:\n{said}")
    return started


def cpu_s(pid: int | str = "self") -> float:
    """Return the time that processors have spent on a process so far."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(stat[_USER]) + int(stat[_SYSTEM])) / _TICKS_PER_S


def environment() -> dict[str, str]:
    """Return our environment without settings of a bot, and with one thread for each library."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return kept | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}


def _receptions(server: BotApiServer) -> int:
    """Return how often a bot began to receive: by a poll, or by setting its webhook."""
    return sum(one.method in {"getUpdates", "setWebhook"} for one in server.requests)
