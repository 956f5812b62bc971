"""Prints what packages take on disk: name, megabytes; one a line, with all that they ask for.

    python installed.py NAME …

Walks from the named distributions to those that they require here, extras aside. Standard library
only: it runs in each peer's environment.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, distribution


def closure(names: list[str]) -> set[str]:
    """Return the names of distributions and of all that they require, as far as it is installed."""
    found: set[str] = set()
    waiting = [_normal(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            required = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        found.add(name)
        waiting += [_normal(line) for line in required if "extra ==" not in line]
    return found


def megabytes(name: str) -> float:
    """Return what a distribution's files take, without compiled caches."""
    files = distribution(name).files or []
    paths = (file.locate() for file in files if not str(file).endswith(".pyc"))
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1_000_000


def _normal(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", found.group() if found else requirement).lower()


if __name__ == "__main__":
    for one in sorted(closure(sys.argv[1:])):
        sys.stdout.write(f"{one} {megabytes(one):.2f}\n")
