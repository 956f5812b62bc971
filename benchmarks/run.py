"""Runs the benchmarks that are there, one after another, and publishes what they measured.

    .venv/bin/python benchmarks/run.py [ONLY]

With `ONLY` those alone whose name has it in it. Each is a script of its own in a process of its
own; one that fails does not keep the others from running, and makes this end with 1.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from processes import ROOT, environment
from publishing import publish
from recording import say

FOLDER = Path(__file__).parent
ORDER = (
    "encoder", "cold_start", "asking", "building", "incremental", "peers", "engine", "growth",
    "bot_throughput", "bot_faults", "bot_memory",
)  # fmt: skip


def main() -> int:
    """Run, publish; return 1 if one of them failed, or none has such a name."""
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = [name for name in ORDER if only in name and (FOLDER / f"{name}.py").is_file()]
    if not chosen:
        say(f"no benchmark is called {only!r}; there are {', '.join(ORDER)}")
        return 1
    failed = [name for name in chosen if not _succeeds(name)]
    publish()
    if failed:
        say(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def _succeeds(name: str) -> bool:
    say(f"\n=== {name}")
    script = [sys.executable, str(FOLDER / f"{name}.py")]
    return subprocess.run(script, env=environment(), cwd=ROOT, check=False).returncode == 0  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
